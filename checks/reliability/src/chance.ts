/** Chance that depends on what it is about, and not on when it is asked: equal parts give the same numbers, from 0 to 1. */
export function chance(...parts: readonly (string | number)[]): () => number {
  // FNV-1a of the parts, and from there on splitmix32.
  let state = 0x811c9dc5
  for (const character of parts.join('\n')) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000
  }
}

/** One of a list that is not empty. */
export function pick<T>(list: readonly T[], random: () => number): T {
  const one = list[Math.floor(random() * list.length)]
  if (one === undefined) throw new RangeError('There is nothing to pick from.')
  return one
}
