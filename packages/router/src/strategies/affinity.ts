import type { Provider } from '@rivulet/core'
import { Hash, mixed } from '../stats/hash.ts'
import type { Policy } from './policy.ts'

/** A whole number below 2^53, in two: bitwise operators keep 32 bits. */
interface Words {
  low: number
  high: number
}

const wordsOf = (number: number): Words => ({ low: number | 0, high: Math.floor(number / 0x1_0000_0000) })

/**
 * The members, each with a number that is the same in every process: by their ids, the second `lockchat` as `lockchat#2`. Their
 * order does not matter.
 */
export function homesOf(members: readonly Provider[]): readonly Words[] {
  const counts = new Map<string, number>()
  return members.map(({ id }) => {
    const count = (counts.get(id) ?? 0) + 1
    counts.set(id, count)
    return wordsOf(new Hash().add(count === 1 ? id : `${id}#${count}`).value())
  })
}

/**
 * The member at which a conversation is at home (rendezvous hashing, Thaler and Ravishankar 1998): each member has a weight
 * that depends on the conversation and on itself alone, and the heaviest candidate is chosen. A member that joins takes an equal
 * share from each other one, and moves nothing else; one that leaves leaves its share to all others alike. Every member is
 * weighed: a group of thousands is better made of groups.
 */
export function byAffinity(homes: readonly Words[], key: () => number): Policy {
  return {
    choose(candidates) {
      const conversation = wordsOf(key())
      let best = candidates.first
      let heaviest = -1
      for (let index = 0; index < homes.length; index++) {
        const weight = weightOf(conversation, homes[index] ?? conversation)
        // The set is asked last, because few are heavier than all before them.
        if (weight <= heaviest || !candidates.has(index)) continue
        heaviest = weight
        best = index
      }
      return best
    },
  }
}

const weightOf = (one: Words, other: Words): number =>
  mixed(Math.imul(one.low ^ other.low, 0x9e3779b1) ^ one.high ^ other.high)
