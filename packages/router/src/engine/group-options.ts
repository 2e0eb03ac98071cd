import type { AttemptReport, ChatError, Clock } from '@rivulet/core'
import { checkOptions, systemClock } from '@rivulet/core/provider'
import { isRedirect } from './failure-class.ts'
import { checkAbove0 } from './check.ts'
import type { BreakerOptions } from '../breaker/circuit-breaker.ts'
import { recoveriesOf, type OnBreak } from '../continue/on-break.ts'

/** What every group takes. */
export interface GroupOptions {
  /**
   * When the member that answers breaks behind its first content. Before that, the next member takes over unseen.
   *
   * - `'fail'` throws, with what had arrived as `partial`.
   * - `'restart'` says so with a `restart` event and gives a whole new answer.
   * - `'continue'` says so with a `resume` event and gives the rest. Only where that is sound: a member is left that goes on
   *   from a begun answer (`info.prefill`), the answer so far is nothing but text, and the request has no tools, no response
   *   format, no log probabilities. The answer is kept meanwhile; `usage` is the sum, `'estimated'` where a part is unknown.
   *   A member that ends what was begun without a word more (`stop`) says that it is whole: that is taken when no other
   *   member has more to say.
   *
   * Of a list, the first that is sound is taken, and `'fail'` stands at its end.
   *
   * @default 'fail'
   * @example ['continue', 'restart']
   */
  onBreak?: OnBreak | readonly OnBreak[] | undefined
  /**
   * Whether the next member is asked after a failure.
   * @default all but 'bad-request' and 'content-filter', which the next would answer alike; a redirect is its member's own
   */
  failoverWhen?: ((error: ChatError) => boolean) | undefined
  /**
   * Told of each attempt of this group when it is over, in order: also of one that is passed over by its breaker (`failed`,
   * with what it had failed of). Must not throw.
   */
  onAttempt?: ((attempt: AttemptReport) => void) | undefined
  /**
   * All attempts together, in milliseconds from the first read. The time left is shared among the members left (at most
   * four) for their first content: who is slower than its share is given up while another can still answer. With
   * `stream: false` the share is for the whole answer. @default Infinity: the members' own deadlines only
   */
  totalMs?: number | undefined
  /**
   * How many times a member is asked at most in one call. Nobody who failed is asked again; who lost a hedge may be, when
   * the winner breaks. @default as long as there are members
   */
  attempts?: number | undefined
  /** A circuit breaker for each member, see `circuitBreaker()`: `{}` takes its defaults. @default none */
  breaker?: BreakerOptions | undefined
  /** @default the system's */
  clock?: Clock | undefined
  /** Id of the group. @default the name of its kind: 'failover' */
  id?: string | undefined
}

/** Every option of a group, by type. */
export const GROUP_OPTIONS: Readonly<Record<keyof GroupOptions, true>> = {
  onBreak: true,
  failoverWhen: true,
  onAttempt: true,
  totalMs: true,
  attempts: true,
  breaker: true,
  clock: true,
  id: true,
}

/** The options as a group works by them. */
export interface GroupRules {
  id: string
  recoveries: ReturnType<typeof recoveriesOf>
  failoverWhen: (error: ChatError) => boolean
  onAttempt: ((attempt: AttemptReport) => void) | undefined
  totalMs: number
  attempts: number
  clock: Clock
  breaker: BreakerOptions | undefined
}

/** The options with their defaults. @throws TypeError for what can't be meant. */
export function groupRules(who: string, options: GroupOptions, own: Readonly<Record<string, true>> = {}): GroupRules {
  checkOptions(who, options, { ...own, ...GROUP_OPTIONS })
  const { failoverWhen = asksTheNext, onAttempt, totalMs = Infinity, attempts = Infinity, id = who } = options
  checkAbove0(who, { totalMs })
  if (attempts !== Infinity && (!Number.isInteger(attempts) || attempts < 1)) {
    throw new TypeError(`${who}: attempts must be a whole number above 0, got ${String(attempts)}.`)
  }
  for (const [name, value] of Object.entries({ failoverWhen, onAttempt })) {
    if (value === undefined || typeof (value as unknown) === 'function') continue
    throw new TypeError(`${who}: ${name} must be a function, got ${typeof value}.`)
  }
  const clock = options.clock ?? systemClock
  const breaker = options.breaker && { clock, ...options.breaker }
  return {
    id,
    recoveries: recoveriesOf(who, options.onBreak),
    failoverWhen,
    onAttempt,
    totalMs,
    attempts,
    clock,
    breaker,
  }
}

const asksTheNext = (error: ChatError): boolean =>
  isRedirect(error) || (error.code !== 'bad-request' && error.code !== 'content-filter')
