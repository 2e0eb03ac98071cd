import type { AttemptReport } from '@rivulet/core'
import { ignoreRejection } from '@rivulet/core/provider'

/** The members that a policy may choose now, by their index in the group. There is at least one. */
export interface ReadonlyCandidates {
  /** How many members the group has, also those that can't be chosen. */
  readonly count: number
  /** How many can be chosen. */
  readonly size: number
  /** The lowest index that can be chosen. */
  readonly first: number
  /** Whether this member can be chosen. */
  has(index: number): boolean
  /** The indices that can be chosen, in order. Costs the size of the group: see `any()`. */
  list(): number[]
  /**
   * One at random, each as likely as another, but not `except`: there must be one besides. Cheap also among thousands.
   *
   * @param random Gives 0 to 1.
   */
  any(random: () => number, except?: number): number
}

/**
 * Which member is asked next, for `balance(members, { by: policy })`. Only `choose` is required; from the other functions a
 * policy learns. Members are known by their index in the group, so one policy serves one group. An `ordinal` numbers the
 * attempts of one call, from 0.
 *
 * A policy that throws fails the call and nothing else: what `choose` throws, and a `TypeError` for an index that is not a
 * candidate, is thrown at the call or by its stream; what `began`, `content` or `ended` throws, now or in a promise, is thrown
 * by the next choice. Promises are not waited for.
 *
 * @example
 * // The member with the fewest answers under way.
 * const busy = members.map(() => 0)
 * const leastBusy: Policy = {
 *   choose: (candidates) => candidates.list().reduce((best, next) => (busy[next]! < busy[best]! ? next : best)),
 *   began: (index) => void busy[index]!++,
 *   ended: (index) => void busy[index]!--,
 * }
 * const even = balance(members, { by: leastBusy })
 */
export interface Policy {
  /** The index of one of the candidates. Called for the first attempt, and for each one after a failure. */
  choose(candidates: ReadonlyCandidates): number
  /** A member is asked. */
  began?(index: number, ordinal: number): void
  /** Its first content came, `ms` after it was asked. Vectors have none. */
  content?(index: number, ms: number, ordinal: number): void
  /** Called exactly once for each attempt that began. */
  ended?(index: number, report: AttemptReport, ordinal: number): void
  /** How long to wait for content before another member is asked as well, in milliseconds. @default no other is */
  waitMs?(): number | undefined
  /** Whether another member may be asked as well, now that the wait is over. A true spends from the budget. @default no */
  mayAskAnother?(): boolean
}

/** The first candidate. */
export const inOrder: Policy = { choose: ({ first }) => first }

/**
 * A policy that others wrote: what its observing functions throw must not break an answer that is under way, nor go unseen,
 * so it is thrown by the next choice.
 */
export function isolatedPolicy(policy: Policy): Policy {
  let thrown: { error: unknown } | undefined
  const keep = (error: unknown): void => {
    thrown ??= { error }
  }
  const observe = (tell: () => unknown): void => {
    try {
      const told = tell()
      if (typeof told === 'object' && told !== null) Promise.resolve(told).catch(keep)
    } catch (error) {
      keep(error)
    }
  }
  return {
    choose(candidates) {
      if (thrown === undefined) return policy.choose(candidates)
      const { error } = thrown
      thrown = undefined
      throw error
    },
    began(index, ordinal) {
      observe(() => policy.began?.(index, ordinal))
    },
    content(index, ms, ordinal) {
      observe(() => policy.content?.(index, ms, ordinal))
    },
    ended(index, report, ordinal) {
      observe(() => policy.ended?.(index, report, ordinal))
    },
    ...(policy.waitMs !== undefined && { waitMs: () => numberOf(policy.waitMs?.()) }),
    ...(policy.mayAskAnother !== undefined && { mayAskAnother: () => isTrue(policy.mayAskAnother?.()) }),
  }
}

function numberOf(value: unknown): number | undefined {
  ignoreRejection(value)
  return typeof value === 'number' ? value : undefined
}

function isTrue(value: unknown): boolean {
  ignoreRejection(value)
  return value === true
}
