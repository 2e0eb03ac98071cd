import type { AttemptReport, CallOptions, ChatError, Clock, OnBreak } from '@rivulet/core'
import {
  checkClock,
  checkFunctions,
  checkOptions,
  checkPositive,
  isRecord,
  onBreakOf,
  recoveriesOf,
  systemClock,
} from '@rivulet/core/provider'
import type { BreakerOptions } from '../breaker/circuit-breaker.ts'
import { failsOver } from './failure-class.ts'
import { soundClock, soundRule } from './sound-hooks.ts'

/** The options of every group. */
export interface GroupOptions {
  /**
   * What the reader gets when the answering member breaks after its first content. Before that, the next member takes over
   * unseen.
   *
   * - `'fail'` throws, with what had arrived as `partial`.
   * - `'restart'` gives a `restart` event and a whole new answer.
   * - `'continue'` gives a `resume` event and the rest. Only where that is sound: a candidate continues a prefilled turn
   *   (`info.prefill`), the answer so far is nothing but text, and the request has no tools, no response format, no log
   *   probabilities. The answer is kept meanwhile. A member that ends without text is passed over; when none has more to add,
   *   the break is thrown, with the text so far as `partial`.
   *
   * Of a list, the first that is sound is taken; a list ends with `'fail'`, written or not. The call option of the same name
   * takes precedence. `usage` is that of all attempts that spent tokens, `'estimated'` where a part of it is unknown. For a
   * minute, the next calls of the conversation ask the member that broke after all others.
   *
   * @default 'fail'
   * @example ['continue', 'restart']
   */
  onBreak?: OnBreak | readonly OnBreak[] | undefined
  /**
   * Whether the next member is asked after a failure. When it throws, the default rule decides.
   * @default all but 'bad-request' and 'content-filter', which the next would answer alike; a redirect is the member's fault
   */
  failoverWhen?: ((error: ChatError) => boolean) | undefined
  /**
   * Called for each attempt of this group when it is over, in order; also for a member whose circuit is open (`failed`, with
   * the code of its last failure). What it throws is ignored.
   */
  onAttempt?: ((attempt: AttemptReport) => void) | undefined
  /**
   * All attempts together, in milliseconds from the first read. The time left is shared among the candidates left (at most
   * four) for their first content: a member that is slower than its share is given up while another can still answer. With
   * `stream: false`, and for `embed()`, the share is for the whole answer. @default Infinity: the members' own deadlines only
   */
  totalMs?: number | undefined
  /**
   * The most attempts of one call. A member that failed is not asked again; one that lost a hedge may be, when the winner
   * breaks. A member whose circuit is open does not count. @default as many as there are members
   */
  attempts?: number | undefined
  /** A circuit breaker for each member, see `circuitBreaker()`: `{}` takes its defaults. @default none */
  breaker?: BreakerOptions | undefined
  /** @default the system's */
  clock?: Clock | undefined
  /** Id of the group. @default the name of its kind: 'failover' */
  id?: string | undefined
}

/** By type, so that none is missing. */
const GROUP_OPTIONS: Readonly<Record<keyof GroupOptions, true>> = {
  onBreak: true,
  failoverWhen: true,
  onAttempt: true,
  totalMs: true,
  attempts: true,
  breaker: true,
  clock: true,
  id: true,
}

/** The options with their defaults. */
export interface GroupRules {
  id: string
  onBreak: GroupOptions['onBreak']
  recoveries: ReturnType<typeof recoveriesOf>
  failoverWhen: (error: ChatError) => boolean
  onAttempt: ((attempt: AttemptReport) => void) | undefined
  totalMs: number
  attempts: number
  clock: Clock
  breaker: BreakerOptions | undefined
}

/** Checks the options. @throws TypeError for one that is unknown or out of its range. */
export function groupRules(who: string, options: GroupOptions, own: Readonly<Record<string, true>> = {}): GroupRules {
  checkOptions(who, options, { ...own, ...GROUP_OPTIONS })
  const { failoverWhen = failsOver, onAttempt, totalMs = Infinity, attempts = Infinity, id = who } = options
  checkPositive(who, { totalMs })
  if (attempts !== Infinity && (!Number.isInteger(attempts) || attempts < 1)) {
    throw new TypeError(`${who}: attempts must be a whole number above 0, got ${String(attempts)}.`)
  }
  checkFunctions(who, { failoverWhen, onAttempt })
  checkClock(who, options.clock)
  if (typeof (id as unknown) !== 'string' || id === '')
    throw new TypeError(`${who}: id must be a string that is not empty.`)
  const clock = soundClock(options.clock ?? systemClock)
  const { breaker: given } = options
  if (given !== undefined && !isRecord(given)) {
    throw new TypeError(`${who}: breaker must be the options of a circuit breaker, as in { breaker: {} }.`)
  }
  const breaker = given && { clock, ...given }
  return {
    id,
    onBreak: options.onBreak,
    recoveries: recoveriesOf(who, options.onBreak),
    failoverWhen: soundRule(failoverWhen),
    onAttempt,
    totalMs,
    attempts,
    clock,
    breaker,
  }
}

/** The rules of one chat call, at its first read: its own `onBreak` takes precedence. */
export function rulesOfCall(rules: GroupRules, call: CallOptions | undefined): GroupRules {
  const onBreak = onBreakOf(call)
  return onBreak === undefined ? rules : { ...rules, recoveries: recoveriesOf(rules.id, onBreak) }
}
