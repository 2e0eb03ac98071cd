import type { ChatRequest, Provider } from '@rivulet/core'
import { Budget } from './stats/budget.ts'
import { checkAbove0 } from './engine/check.ts'
import { checkMembers } from './engine/members.ts'
import { type GroupOptions, groupRules } from './engine/group-options.ts'
import { makeGroup } from './engine/make-group.ts'
import { Percentile } from './stats/percentile.ts'
import { inOrder, type Policy } from './strategies/policy.ts'
import { LruMap } from './stats/lru-map.ts'

export interface HedgeOptions extends GroupOptions {
  /** How long to wait for content before the next member is asked as well, in milliseconds; and again for the one after it. */
  afterMs?: number | undefined
  /**
   * The same as a percentile, above 0 and below 100, of the time to first content of the last 512 calls for the same model.
   * Until 20 were seen, `afterMs` holds if it is given, and nobody is asked twice if not.
   * @example 95
   */
  afterPercentile?: number | undefined
  /**
   * How many extra requests there may be for each call. A member that is asked because another one failed is no extra
   * request. @default 1
   */
  maxExtraRatio?: number | undefined
  /** How long a call's share of the budget can be spent, in milliseconds. @default 60_000 */
  windowMs?: number | undefined
  /** Extra requests beyond the ratio, once and for all, so that a quiet process may hedge too. @default 10 */
  allowance?: number | undefined
}

const OWN_OPTIONS: Readonly<Record<Exclude<keyof HedgeOptions, keyof GroupOptions>, true>> = {
  afterMs: true,
  afterPercentile: true,
  maxExtraRatio: true,
  windowMs: true,
  allowance: true,
}

/**
 * Asks the first member, and after a while without content the next one as well; whose content comes first answers, and the
 * others are aborted at once and reported as `'superseded'`. The way to a short tail: a request that is stuck is not waited for.
 * What that may cost is bounded by `maxExtraRatio`, also when all members are slow. A member that fails is followed by the
 * next at once, as in `failover()`; one that lost has not failed, and may be asked again when the winner breaks.
 *
 * @throws TypeError and `exhausted` as `failover()` does.
 * @example
 * const prompt = hedge([lockchat(), liaobots({ auth })], { afterPercentile: 95, maxExtraRatio: 0.05 })
 */
export function hedge(providers: readonly Provider[], options: HedgeOptions): Provider {
  const members = checkMembers('hedge', providers)
  const rules = groupRules('hedge', options, OWN_OPTIONS)
  const { afterMs, afterPercentile, maxExtraRatio = 1, windowMs = 60_000, allowance = 10 } = options
  if (afterMs === undefined && afterPercentile === undefined) {
    throw new TypeError('hedge: say when: afterMs, as in { afterMs: 2_000 }, or { afterPercentile: 95 }.')
  }
  checkAbove0('hedge', { afterMs, afterPercentile, windowMs })
  if (afterPercentile !== undefined && afterPercentile >= 100) {
    throw new TypeError(`hedge: afterPercentile must be below 100, got ${afterPercentile}.`)
  }
  for (const [name, value] of Object.entries({ maxExtraRatio, allowance })) {
    if (!(value >= 0)) throw new TypeError(`hedge: ${name} must be 0 or a number above 0, got ${String(value)}.`)
  }
  const { clock } = rules
  const budget = new Budget(maxExtraRatio, windowMs, allowance)
  const observed = new LruMap(100, () => new Percentile(afterPercentile ?? 100))

  const policyFor = ({ model }: ChatRequest): Policy => {
    const times = afterPercentile === undefined ? undefined : observed.get(model)
    return {
      choose: (left) => inOrder.choose(left),
      began(_, ordinal) {
        if (ordinal === 0) budget.earn(clock.now())
      },
      content(_, ms, ordinal) {
        if (ordinal === 0) times?.add(ms)
      },
      ended(_, { outcome, firstTokenMs, totalMs }, ordinal) {
        // It would have taken at least as long: left out, the slow ones would not be seen, and ever more calls be hedged.
        if (ordinal === 0 && outcome === 'superseded' && firstTokenMs === undefined) times?.add(totalMs)
      },
      waitMs: () => times?.get() ?? afterMs,
      mayAskAnother: () => budget.spend(clock.now()),
    }
  }
  return makeGroup('Hedge', members, rules, policyFor)
}
