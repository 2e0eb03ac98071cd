import type { Left } from './left.ts'
import type { Policy } from './policy.ts'

/**
 * Each in its turn. Who takes over for a member that failed takes its own turn with it, so that the load of a member that
 * is down is spread over all others and does not fall on the one behind it.
 */
export function roundRobin(): Policy {
  let next = 0
  return {
    choose(left: Left) {
      let index = next % left.count
      while (!left.has(index)) index = (index + 1) % left.count
      next = index + 1
      return index
    },
  }
}

/**
 * In turns, each as often as its weight says, and as evenly as can be: of weights 3 and 1, the second is asked every
 * fourth time and never twice in a row (the smooth weighted round-robin of nginx).
 */
export function byWeight(weights: readonly number[]): Policy {
  const credit = weights.map(() => 0)
  return {
    choose(left) {
      const list = left.list()
      let total = 0
      let best = list[0] ?? 0
      for (const index of list) {
        const weight = weights[index] ?? 0
        total += weight
        credit[index] = (credit[index] ?? 0) + weight
        if ((credit[index] ?? 0) > (credit[best] ?? 0)) best = index
      }
      credit[best] = (credit[best] ?? 0) - total
      return best
    },
  }
}

/** Any, each as likely as another. */
export function byChance(random: () => number): Policy {
  return { choose: (left) => left.any(random) }
}
