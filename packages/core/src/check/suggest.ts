/** Longer names are not compared, and only so many are: comparing costs the product of both lengths. */
const MAX_LENGTH = 64
const MAX_COMPARED = 1_000
/** How much of a name that somebody typed goes into a message. */
const MAX_SHOWN = 100

/** A name as it is shown in a message: it may be as long as a book. */
export function shown(name: string): string {
  return name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}…` : name
}

/** The name that `typed` most likely means, or `undefined` when no name is near. */
export function nearest(typed: string, names: Iterable<string>): string | undefined {
  if (typed.length > MAX_LENGTH) return undefined
  let best: string | undefined
  // Up to a third of the letters may differ: more than that is another word.
  let bestDistance = Math.max(2, Math.ceil(typed.length / 3)) + 1
  let compared = 0
  for (const name of names) {
    // A distance is at least the difference of the lengths: most names need no comparison.
    if (name.length > MAX_LENGTH || Math.abs(name.length - typed.length) >= bestDistance) continue
    if (compared++ === MAX_COMPARED) break
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [name, distance]
  }
  return best
}

/** ` Did you mean "x"?`, or `''`: to append to a message. */
export function didYouMean(typed: string, names: Iterable<string>): string {
  const name = nearest(typed, names)
  return name === undefined ? '' : ` Did you mean "${name}"?`
}

/** Levenshtein distance, one row at a time; names are short. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution))
    }
    row = next
  }
  return row[b.length] ?? 0
}
