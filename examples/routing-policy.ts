/** A routing policy of your own: the member with the fewest answers under way is asked. */
import type { Provider } from '@rivulet/core'
import { balance, type Policy } from '@rivulet/router'

export function leastBusy(): Policy {
  /** By the member's place in the group. */
  const answering = new Map<number, number>()
  const load = (member: number): number => answering.get(member) ?? 0
  return {
    // Called for each attempt. After a failure the members that failed are no longer among the candidates.
    choose: (candidates) => candidates.list().reduce((best, next) => (load(next) < load(best) ? next : best)),
    began(member) {
      answering.set(member, load(member) + 1)
    },
    // Exactly once for each member that began, however its attempt ended.
    ended(member) {
      answering.set(member, load(member) - 1)
    },
  }
}

export const evenly = (members: readonly Provider[]): Provider => balance(members, { by: leastBusy() })
