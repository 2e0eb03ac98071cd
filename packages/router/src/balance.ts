import type { Provider } from '@rivulet/core'
import { checkAbove0 } from './engine/check.ts'
import { checkMembers } from './engine/members.ts'
import { type GroupOptions, groupRules } from './engine/group-options.ts'
import { byLatency } from './strategies/latency.ts'
import { makeGroup } from './engine/make-group.ts'
import type { Policy } from './strategies/policy.ts'
import { byChance, byWeight, roundRobin } from './strategies/turns.ts'

export interface BalanceOptions extends GroupOptions {
  /**
   * Who is asked first; when it fails, the others follow by the same rule.
   *
   * - `'round-robin'`: each in its turn.
   * - `'weight'`: in turns, each as often as its weight says.
   * - `'random'`: any.
   * - `'latency'`: of two by chance, the one that answers sooner and fails less, as of late, and has fewer waiting for it.
   */
  by: 'round-robin' | 'weight' | 'random' | 'latency'
  /** One for each member, in their order, above 0. Only with `by: 'weight'`. */
  weights?: readonly number[] | undefined
  /** In how many milliseconds half of what was seen is forgotten. Only with `by: 'latency'`. @default 10_000 */
  halfLifeMs?: number | undefined
  /** 0 to 1. @default Math.random */
  random?: (() => number) | undefined
}

const BYS: readonly unknown[] = ['round-robin', 'weight', 'random', 'latency'] satisfies BalanceOptions['by'][]

const OWN_OPTIONS: Readonly<Record<Exclude<keyof BalanceOptions, keyof GroupOptions>, true>> = {
  by: true,
  weights: true,
  halfLifeMs: true,
  random: true,
}

/**
 * Spreads requests over its members, and fails over among them.
 *
 * @throws TypeError and `exhausted` as `failover()` does.
 * @example
 * const even = balance([lockchat({ auth: 'one' }), lockchat({ auth: 'two' })], { by: 'round-robin' })
 * const quick = balance([lockchat(), gravityengine(), liaobots()], { by: 'latency', breaker: {} })
 */
export function balance(providers: readonly Provider[], options: BalanceOptions): Provider {
  const members = checkMembers('balance', providers)
  const rules = groupRules('balance', options, OWN_OPTIONS)
  const policy = policyOf(members.length, options, rules.clock)
  return makeGroup('Balance', members, rules, () => policy)
}

function policyOf(count: number, options: BalanceOptions, clock: NonNullable<GroupOptions['clock']>): Policy {
  const { by, weights, halfLifeMs, random = Math.random } = options
  if (!BYS.includes(by)) {
    throw new TypeError(
      `balance: by must be one of ${BYS.join(', ')}, as in { by: 'latency' }, got ${JSON.stringify(by)}.`,
    )
  }
  if (weights !== undefined && by !== 'weight') {
    throw new TypeError(`balance: weights go with by: 'weight', and by is '${by}'.`)
  }
  if (halfLifeMs !== undefined && by !== 'latency') {
    throw new TypeError(`balance: halfLifeMs goes with by: 'latency', and by is '${by}'.`)
  }
  checkAbove0('balance', { halfLifeMs })
  switch (by) {
    case 'round-robin':
      return roundRobin()
    case 'random':
      return byChance(random)
    case 'latency':
      return byLatency(count, halfLifeMs ?? 10_000, clock, random)
    case 'weight':
      return byWeight(checkedWeights(count, weights))
  }
}

function checkedWeights(count: number, weights: readonly number[] | undefined): readonly number[] {
  if (weights?.length !== count) {
    const got = weights === undefined ? 'none' : String(weights.length)
    throw new TypeError(`balance: give a weight for each of the ${count} members, as in weights: [3, 1], got ${got}.`)
  }
  checkAbove0('balance', Object.fromEntries(weights.map((weight, index) => [`weights[${index}]`, weight])))
  return [...weights]
}
