/** The name closest to `word`, or undefined if none is close. */
function closest(word: string, names: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const name of names) {
    const distance = name.startsWith(word) && word.length > 2 ? 1 : editDistance(word, name)
    if (distance < bestDistance) [best, bestDistance] = [name, distance]
  }
  return best
}

/** `; did you mean "truncate"?` if a name is close, else `; expected one of: …`. */
export function suggestion(word: string, names: readonly string[]): string {
  const near = closest(word, names)
  return near === undefined ? `; expected one of: ${names.join(', ')}` : `; did you mean "${near}"?`
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [above, letter] of Array.from(left).entries()) {
    const next = [above + 1]
    for (const [column, other] of Array.from(right).entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
