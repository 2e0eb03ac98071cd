import type { Provider } from '@rivulet/core'
import { balance, failover, type GroupOptions, hedge, keys, route } from '@rivulet/router'

const WAYS = ['fail', 'restart', 'continue'] as const

type Group = (member: Provider, options: GroupOptions) => Provider

const GROUPS: Record<string, Group> = {
  failover: (member, options) => failover([member, member], options),
  'balance by latency': (member, options) => balance([member, member], { ...options, by: 'latency' }),
  // Set, so that there is a timer, and never due.
  hedge: (member, options) => hedge([member, member], { ...options, afterMs: 600_000 }),
  route: (member, options) => route({ '*': [member, member] }, options),
  'failover with breakers': (member, options) => failover([member, member], { ...options, breaker: {} }),
  keys: (member, options) => keys(['one', 'two'], () => member, options),
  'three nested': (member, options) => {
    const inner = balance([member, member], { ...options, by: 'round-robin' })
    return failover([failover([inner, member], options), member], options)
  },
}

/** What is compared: the member alone, and as the first of each kind of group. All others are ratios to the first. */
export const CONTENDERS: Readonly<Record<string, (member: Provider) => Provider>> = {
  'the member alone': (member) => member,
  ...Object.fromEntries(
    Object.entries(GROUPS).flatMap(([name, group]) =>
      WAYS.map((onBreak) => [`${name}, ${onBreak}`, (member: Provider) => group(member, { onBreak })]),
    ),
  ),
}
