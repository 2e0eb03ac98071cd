import type { Provider } from '@rivulet/core'
import { Hash, mixed } from '../stats/hash.ts'
import type { Policy } from './policy.ts'

/**
 * The members, each with a number that is the same in every process: by their ids, the second `lockchat` as `lockchat#2`. Their
 * order does not matter.
 */
export function homesOf(members: readonly Provider[]): readonly number[] {
  const counts = new Map<string, number>()
  return members.map(({ id }) => {
    const count = (counts.get(id) ?? 0) + 1
    counts.set(id, count)
    return new Hash().add(count === 1 ? id : `${id}#${count}`).value()
  })
}

/**
 * The member at which a conversation is at home (rendezvous hashing, Thaler and Ravishankar 1998): each member has a weight
 * that depends on the conversation and on itself alone, and the heaviest candidate is chosen. A member that joins takes an equal
 * share from each other one, and moves nothing else; one that leaves leaves its share to all others alike.
 */
export function byAffinity(homes: readonly number[], key: () => number): Policy {
  return {
    choose(candidates) {
      const conversation = key()
      let best = candidates.first
      let heaviest = -1
      for (const [index, home] of homes.entries()) {
        if (!candidates.has(index)) continue
        const weight = weightOf(conversation, home)
        if (weight <= heaviest) continue
        heaviest = weight
        best = index
      }
      return best
    },
  }
}

/** 32 bits of each at a time: bitwise operators drop the others. */
const weightOf = (one: number, other: number): number =>
  mixed(one ^ other ^ mixed(Math.floor(one / 0x1_0000_0000) ^ Math.floor(other / 0x1_0000_0000)))
