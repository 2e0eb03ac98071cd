import type { AttemptReport } from '@rivulet/core'
import type { Candidates } from '../engine/candidates.ts'

/**
 * Who is asked next, and when another is asked beside those at work. What it is told it may learn from. Members are known
 * by their place in the group.
 */
export interface Policy {
  /** One of those left; there is at least one. */
  choose(left: Candidates): number
  /** A member is asked; it is the `ordinal`th of its call, from 0. */
  began?(member: number, ordinal: number): void
  /** Its first content came, `ms` after it was asked. */
  content?(member: number, ms: number, ordinal: number): void
  /** Exactly once for each that began. */
  ended?(member: number, report: AttemptReport, ordinal: number): void
  /** How long to wait for content before another is asked as well, in milliseconds; `undefined`: no other is. */
  waitMs?(): number | undefined
  /** Whether another may be asked beside those at work. Who asks does it: it is taken from the budget. */
  mayAskAnother?(): boolean
}

/** The first of those left. */
export const inOrder: Policy = { choose: ({ first }) => first }
