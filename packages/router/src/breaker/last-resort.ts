import type { CallOptions } from '@rivulet/core'

/** Beside the options and not one of them: it is between a group and the breakers of its members. */
const LAST_RESORT = Symbol.for('@rivulet/router/last-resort')

/**
 * The options of a call that no other member of the group can answer: a member whose account was refused is asked although its
 * breaker is open, because a key that was put right is noticed by asking only.
 */
export const asLastResort = (call: CallOptions | undefined): CallOptions =>
  Object.assign({ ...call }, { [LAST_RESORT]: true })

export const isLastResort = (call: CallOptions | undefined): boolean => call !== undefined && LAST_RESORT in call
