import type { Provider } from '@rivulet/core'
import { balance, failover, type GroupOptions, hedge } from '@rivulet/router'
import type { Members } from './world.ts'

/** The groups under test. */
export const GROUPS = {
  /** Each caller meets the dead member, then the failing one. */
  failover: ({ dead, failing, slow }, options) => failover([dead, failing, slow], options),
  /** In turn. */
  balance: ({ dead, failing, slow }, options) => balance([dead, failing, slow], { ...options, by: 'round-robin' }),
  /** Two at once when the first is slow. */
  hedge: ({ dead, failing, slow }, options) => hedge([dead, failing, slow], { ...options, afterMs: 50 }),
  /** Two failing members: a continued answer may break again. */
  twice: ({ dead, failing, failingToo, slow }, options) => failover([dead, failing, failingToo, slow], options),
  /** A group in a group. */
  nested: ({ dead, failing, failingToo, slow }, options) =>
    failover([failing, balance([dead, failingToo], { ...options, by: 'round-robin', id: 'inner' }), slow], options),
  /** Only the failing member, for comparison. */
  alone: ({ failing }, options) => failover([failing], options),
} satisfies Record<string, (members: Members, options: GroupOptions) => Provider>

export type GroupName = keyof typeof GROUPS

export const isGroupName = (name: string): name is GroupName => Object.hasOwn(GROUPS, name)
