import type { ChatRequest, Provider } from '@rivulet/core'
import { checkPositive } from '@rivulet/core/provider'
import { type GroupOptions, groupRules } from './engine/group-options.ts'
import { makeGroup } from './engine/make-group.ts'
import { checkMembers } from './engine/members.ts'
import { Budget } from './stats/budget.ts'
import { LruMap } from './stats/lru-map.ts'
import { Percentile } from './stats/percentile.ts'
import { inOrder, type Policy } from './strategies/policy.ts'

export interface HedgeOptions extends GroupOptions {
  /** How long to wait for content before the next member is asked as well, in milliseconds; and again for the one after it. */
  afterMs?: number | undefined
  /**
   * The same as a percentile, above 0 and below 100, of the time to first content of the last 512 calls for the same model.
   * Until there are 20, `afterMs` holds if it is given, and no call is hedged if not.
   * @example 95
   */
  afterPercentile?: number | undefined
  /**
   * How many extra requests there may be for each call. A request that follows a failure is not an extra one. @default 1
   */
  maxExtraRatio?: number | undefined
  /** How long what a call adds to the budget can be spent, in milliseconds. @default 60_000 */
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
 * Asks the first member, and after a while without content the next one as well; the first content wins, and the other
 * requests are aborted at once and reported as `'superseded'`. The way to a short tail: no call waits for a request that is
 * stuck. The cost is bounded by `maxExtraRatio`, also when all members are slow. After a failure the next member is asked at
 * once, as in `failover()`; a member that was superseded has not failed, and may be asked again when the winner breaks.
 *
 * `embed()` is not hedged: it fails over.
 *
 * @throws TypeError and ChatError as `failover()` does.
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
  checkPositive('hedge', { afterMs, afterPercentile, windowMs })
  if (afterPercentile !== undefined && afterPercentile >= 100) {
    throw new TypeError(`hedge: afterPercentile must be below 100, got ${afterPercentile}.`)
  }
  for (const [name, value] of Object.entries({ maxExtraRatio, allowance })) {
    if (!(typeof (value as unknown) === 'number' && value >= 0))
      throw new TypeError(`hedge: ${name} must be 0 or a number above 0, got ${String(value)}.`)
  }
  const { clock } = rules
  const budget = new Budget(maxExtraRatio, windowMs, allowance)
  const observed = new LruMap(100, () => new Percentile(afterPercentile ?? 100))

  const hedged = ({ model }: ChatRequest): Policy => {
    const times = afterPercentile === undefined ? undefined : observed.get(model)
    return {
      choose: (candidates) => inOrder.choose(candidates),
      began(_, ordinal) {
        if (ordinal === 0) budget.earn(clock.now())
      },
      content(_, ms, ordinal) {
        if (ordinal === 0) times?.add(ms)
      },
      ended(_, { outcome, firstTokenMs, totalMs }, ordinal) {
        // It would have taken at least as long: without it, slow calls would go unseen, and ever more calls be hedged.
        if (ordinal === 0 && outcome === 'superseded' && firstTokenMs === undefined) times?.add(totalMs)
      },
      waitMs: () => times?.get() ?? afterMs,
      mayAskAnother: () => budget.spend(clock.now()),
    }
  }
  return makeGroup('Hedge', members, rules, { chat: hedged, embed: inOrder })
}
