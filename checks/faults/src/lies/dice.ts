/** A source of random numbers that a seed repeats. */
export interface Dice {
  /** From 0 to below 1. */
  float(): number
  /** A whole number from 0 to below `below`. */
  int(below: number): number
  chance(probability: number): boolean
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T
}

/**
 * Dice of one seed and one purpose. Each purpose has its own sequence, so that leaving one oddity out of a stream changes
 * nothing else in it.
 */
export function dice(seed: number, purpose: string): Dice {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b)
  for (let at = 0; at < purpose.length; at++) {
    state = Math.imul(state ^ purpose.charCodeAt(at), 0x01000193)
    state ^= state >>> 15
  }
  // mulberry32, by Tommy Ettinger (public domain).
  const float = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number): number => Math.floor(float() * below)
  return {
    float,
    int,
    chance: (probability) => float() < probability,
    pick(list) {
      const at = int(list.length)
      if (at >= list.length) throw new RangeError('pick: the list is empty')
      // In range by construction.
      return list[at] as (typeof list)[number]
    },
  }
}
