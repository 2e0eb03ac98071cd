import { Heap } from '../stats/heap.ts'
import type { Policy } from './policy.ts'

/**
 * Each in its turn. A member that takes over for one that failed uses its own turn for it, so that the load of a member that
 * is down is spread over all others and does not fall on the next in line.
 */
export function roundRobin(): Policy {
  let next = 0
  return {
    choose(candidates) {
      let index = next % candidates.count
      while (!candidates.has(index)) index = (index + 1) % candidates.count
      next = index + 1
      return index
    },
  }
}

/**
 * In turns, each as often as its weight says, and as evenly as can be: a member's turns are a stride apart, which is shorter
 * for a larger weight, and the member with the earliest turn is asked (stride scheduling, Waldspurger 1995). Of weights 3 and
 * 1, the second is asked every fourth time. The turns are a heap, because there may be thousands of them.
 */
export function byWeight(weights: readonly number[]): Policy {
  const strides = weights.map((weight) => 1 / weight)
  // Each begins at another part of its stride, so that members of one weight don't come in a row.
  const turns = new Heap(strides.map((stride, index) => stride * ((index + 0.5) / strides.length)))
  return {
    choose(candidates) {
      const passed: number[] = []
      while (turns.size > 1 && !candidates.has(turns.first)) passed.push(turns.take())
      const { first } = turns
      turns.moveFirst(strides[first] ?? 1)
      for (const index of passed) turns.putBack(index)
      return first
    },
  }
}

/** Any, each as likely as another. */
export function byChance(random: () => number): Policy {
  return { choose: (candidates) => candidates.any(random) }
}
