/** Random numbers from 0 to 1 that depend on `parts` only, not on the order of calls: equal parts give equal numbers. */
export function chance(...parts: readonly (string | number)[]): () => number {
  // FNV-1a of the parts, then splitmix32.
  let state = 0x811c9dc5
  for (const character of parts.join('\n')) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000
  }
}

/** A random element of a non-empty list. */
export function pick<T>(list: readonly T[], random: () => number): T {
  const one = list[Math.floor(random() * list.length)]
  if (one === undefined) throw new RangeError('The list is empty.')
  return one
}
