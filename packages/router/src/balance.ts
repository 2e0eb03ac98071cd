import type { Clock, Provider } from '@rivulet/core'
import { checkFunctions, checkPositive, isRecord } from '@rivulet/core/provider'
import { type GroupOptions, groupRules } from './engine/group-options.ts'
import { type GroupPolicies, makeGroup } from './engine/make-group.ts'
import { checkMembers } from './engine/members.ts'
import { soundRandom } from './engine/sound-hooks.ts'
import { byAffinity, homesOf } from './strategies/affinity.ts'
import { byLatency } from './strategies/latency.ts'
import { isolatedPolicy, type Policy } from './strategies/policy.ts'
import { byChance, byWeight, roundRobin } from './strategies/turns.ts'

type Strategy = 'round-robin' | 'weight' | 'random' | 'latency' | 'affinity'

export interface BalanceOptions extends GroupOptions {
  /**
   * Which member is asked first; when it fails, the others follow by the same rule.
   *
   * - `'round-robin'`: each in its turn.
   * - `'weight'`: in turns, each as often as its weight says.
   * - `'random'`: any.
   * - `'latency'`: of two at random, the one that lately answered sooner and failed less, and has fewer calls in flight.
   * - `'affinity'`: the same one for all requests of a conversation, by its `session`, else by its messages up to and with the
   *   first one of the user's: what the provider has cached of it is there. Spread evenly by a hash of the members' ids, so that
   *   processes agree without a common state, and a member that joins or leaves moves its own share and no other.
   * - a {@link Policy} of your own.
   *
   * @example { choose: (candidates) => candidates.first }
   */
  by: Strategy | Policy
  /** One for each member, in their order, above 0. Only with `by: 'weight'`. */
  weights?: readonly number[] | undefined
  /** After how many milliseconds a measurement counts half. Only with `by: 'latency'`. @default 10_000 */
  halfLifeMs?: number | undefined
  /** 0 to 1. @default Math.random */
  random?: (() => number) | undefined
}

/** By type, so that none is missing. */
const STRATEGIES: Readonly<Record<Strategy, true>> = {
  'round-robin': true,
  weight: true,
  random: true,
  latency: true,
  affinity: true,
}

const OWN_OPTIONS: Readonly<Record<Exclude<keyof BalanceOptions, keyof GroupOptions>, true>> = {
  by: true,
  weights: true,
  halfLifeMs: true,
  random: true,
}

/**
 * Spreads requests over its members, and fails over among them.
 *
 * @throws TypeError and ChatError as `failover()` does.
 * @example
 * const even = balance([lockchat({ auth: 'one' }), lockchat({ auth: 'two' })], { by: 'round-robin' })
 * const quick = balance([lockchat(), gravityengine(), liaobots()], { by: 'latency', breaker: {} })
 * const cached = balance(members, { by: 'affinity' })
 */
export function balance(providers: readonly Provider[], options: BalanceOptions): Provider {
  const members = checkMembers('balance', providers)
  const rules = groupRules('balance', options, OWN_OPTIONS)
  return makeGroup('Balance', members, rules, policiesOf(members, options, rules.clock))
}

function policiesOf(members: readonly Provider[], options: BalanceOptions, clock: Clock): GroupPolicies {
  const { by, weights, halfLifeMs } = options
  checkFunctions('balance', { random: options.random })
  const random = soundRandom(options.random ?? Math.random)
  const given = isStrategy(by) ? `'${by}'` : 'a policy'
  if (!isStrategy(by)) checkPolicy(by)
  if (weights !== undefined && by !== 'weight') {
    throw new TypeError(`balance: weights go with by: 'weight', and by is ${given}.`)
  }
  if (halfLifeMs !== undefined && by !== 'latency') {
    throw new TypeError(`balance: halfLifeMs goes with by: 'latency', and by is ${given}.`)
  }
  checkPositive('balance', { halfLifeMs })
  if (by === 'affinity') {
    const homes = homesOf(members)
    // Vectors belong to no conversation.
    return { chat: (_, key) => byAffinity(homes, key), embed: byChance(random) }
  }
  const policy = policyOf(by, members.length, { weights, halfLifeMs, clock, random })
  return { chat: () => policy, embed: policy }
}

interface PolicyOptions extends Pick<BalanceOptions, 'weights' | 'halfLifeMs'> {
  clock: Clock
  random: () => number
}

/** One for all calls of a group. */
function policyOf(by: Exclude<BalanceOptions['by'], 'affinity'>, count: number, options: PolicyOptions): Policy {
  const { weights, halfLifeMs = 10_000, clock, random } = options
  switch (by) {
    case 'round-robin':
      return roundRobin()
    case 'random':
      return byChance(random)
    case 'latency':
      return byLatency(count, halfLifeMs, clock, random)
    case 'weight':
      return byWeight(checkedWeights(count, weights))
    default:
      return isolatedPolicy(by)
  }
}

const isStrategy = (by: unknown): by is Strategy => typeof by === 'string' && Object.hasOwn(STRATEGIES, by)

function checkPolicy(by: unknown): void {
  if (typeof by === 'object' && by !== null && 'choose' in by && typeof by.choose === 'function') return
  const names = Object.keys(STRATEGIES).join(', ')
  const got = isRecord(by) ? 'an object without choose()' : typeof by === 'string' ? JSON.stringify(by) : typeof by
  throw new TypeError(
    `balance: by must be one of ${names}, as in { by: 'latency' }, or a policy with choose(), as in { by: { choose: (candidates) => candidates.first } }, got ${got}.`,
  )
}

function checkedWeights(count: number, weights: readonly number[] | undefined): readonly number[] {
  if (weights?.length !== count) {
    const got = weights === undefined ? 'none' : String(weights.length)
    throw new TypeError(`balance: give a weight for each of the ${count} members, as in weights: [3, 1], got ${got}.`)
  }
  // A copy, whose holes are undefined.
  for (const [index, weight] of Array.from<unknown>(weights).entries()) {
    checkPositive('balance', { [`weights[${index}]`]: weight ?? null })
  }
  return [...weights]
}
