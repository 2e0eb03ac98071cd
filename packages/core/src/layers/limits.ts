import { type Clock, systemClock } from '../async/clock.ts'
import { checkClock, checkOptions, must } from '../check/check.ts'
import { ChatError } from '../errors.ts'
import { ownReason } from '../reading/partial.ts'

/**
 * How long to wait, in milliseconds from dispatch. `Infinity` waits forever. A later attempt of a call does not restart
 * `firstTokenMs` and `totalMs`, only `connectMs`.
 */
export interface Deadlines {
  /** Until a connection is open, if the transport can tell. @default 10_000 */
  connectMs?: number | undefined
  /**
   * Until the first content, and until the whole answer of `models()` and `embed()`. Heartbeats and comments are not
   * content. Does not apply to `stream: false`, where the first content is the whole answer. @default 120_000
   */
  firstTokenMs?: number | undefined
  /** Between one event and the next, while a read is pending. @default 60_000 */
  idleMs?: number | undefined
  /** Until the end of the answer, even if events keep arriving. @default 600_000 */
  totalMs?: number | undefined
  /** @default `systemClock` */
  clock?: Clock | undefined
}

export type DeadlineName = Exclude<keyof Deadlines, 'clock'>

/** Every deadline in milliseconds, and the clock that measures them. */
export interface Limits extends Record<DeadlineName, number> {
  clock: Clock
}

const DEFAULTS: Readonly<Record<DeadlineName, number>> = {
  connectMs: 10_000,
  firstTokenMs: 120_000,
  idleMs: 60_000,
  totalMs: 600_000,
}

// The keys of DEFAULTS are deadline names, which the type of Object.keys does not say.
const NAMES = /* @__PURE__ */ Object.keys(DEFAULTS) as DeadlineName[]

/** Fills in the defaults. @throws TypeError for anything but a number of milliseconds. */
export function limitsOf(options: Deadlines = {}): Limits {
  checkOptions('deadlines', options, { ...DEFAULTS, clock: true })
  checkClock('deadlines', options.clock)
  const limits: Limits = { ...DEFAULTS, clock: options.clock ?? systemClock }
  for (const name of NAMES) {
    const value: unknown = options[name]
    if (value === undefined) continue
    must(typeof value === 'number' && value > 0, `deadlines: ${name}`, 'a number of milliseconds above 0', value)
    limits[name] = value
  }
  return limits
}

/** The limits of one call, which may have its own in their place. */
export function limitsOfCall(limits: Limits, deadlines: Deadlines | undefined): Limits {
  if (deadlines === undefined) return limits
  const own = { ...limits }
  for (const name of NAMES) own[name] = deadlines[name] ?? limits[name]
  return own
}

const MISSED: Readonly<Record<DeadlineName, string>> = {
  connectMs: 'no connection',
  firstTokenMs: 'no content',
  idleMs: 'no further event',
  totalMs: 'no complete answer',
}

/** The failure of a provider that missed a deadline. */
export function deadlineError(provider: string, name: DeadlineName, ms: number): ChatError {
  const message = `${provider}: ${MISSED[name]} within ${ms} ms (${name})`
  return ownReason(new ChatError('timeout', message, { provider }))
}
