import { Heap } from '../stats/heap.ts'
import type { Candidates } from '../engine/candidates.ts'
import type { Policy } from './policy.ts'

/**
 * Each in its turn. Who takes over for a member that failed takes its own turn with it, so that the load of a member that
 * is down is spread over all others and does not fall on the one behind it.
 */
export function roundRobin(): Policy {
  let next = 0
  return {
    choose(left: Candidates) {
      let index = next % left.count
      while (!left.has(index)) index = (index + 1) % left.count
      next = index + 1
      return index
    },
  }
}

/**
 * In turns, each as often as its weight says, and as evenly as can be: a member's turns are a stride apart, which is the
 * shorter the heavier it is, and whose turn is the earliest is asked (stride scheduling, Waldspurger 1995). Of weights 3 and
 * 1, the second is asked every fourth time. The turns are a heap, because there may be thousands of them.
 */
export function byWeight(weights: readonly number[]): Policy {
  const strides = weights.map((weight) => 1 / weight)
  // Each begins at another part of its stride, so that those of one weight don't come in a row.
  const turns = new Heap(strides.map((stride, index) => stride * ((index + 0.5) / strides.length)))
  return {
    choose(left) {
      const gone: number[] = []
      while (turns.size > 1 && !left.has(turns.first)) gone.push(turns.take())
      const { first } = turns
      turns.moveFirst(strides[first] ?? 1)
      for (const index of gone) turns.putBack(index)
      return first
    },
  }
}

/** Any, each as likely as another. */
export function byChance(random: () => number): Policy {
  return { choose: (left) => left.any(random) }
}
