import { type Clock, systemClock } from '../async/clock.ts'
import { checkOptions, must } from '../check/check.ts'
import { ChatError } from '../errors.ts'

/**
 * How long to wait for what, in milliseconds, measured from dispatch. `Infinity` waits for ever. An attempt that is made
 * again has no fresh clock for its first token and its end; only its connection is new.
 */
export interface Deadlines {
  /** Until there is a connection, where the transport can tell. @default 10_000 */
  connectMs?: number | undefined
  /**
   * Until the first content, and until the whole answer of `models()` and `embed()`. Heartbeats and comments are not
   * content. Does not apply to `stream: false`, where the first content is the whole answer. @default 120_000
   */
  firstTokenMs?: number | undefined
  /** Between one event and the next, while the reader waits for it. @default 60_000 */
  idleMs?: number | undefined
  /** Until the end of the answer, however lively it is. @default 600_000 */
  totalMs?: number | undefined
  /** @default the system's */
  clock?: Clock | undefined
}

export type DeadlineName = Exclude<keyof Deadlines, 'clock'>

/** Every deadline in milliseconds, and the clock that they are measured by. */
export interface Limits extends Record<DeadlineName, number> {
  clock: Clock
}

const DEFAULTS: Readonly<Record<DeadlineName, number>> = {
  connectMs: 10_000,
  firstTokenMs: 120_000,
  idleMs: 60_000,
  totalMs: 600_000,
}

const OPTIONS: Readonly<Record<keyof Deadlines, true>> = {
  connectMs: true,
  firstTokenMs: true,
  idleMs: true,
  totalMs: true,
  clock: true,
}

/** The limits with their defaults. @throws TypeError for anything but a number of milliseconds. */
export function limitsOf(options: Deadlines = {}): Limits {
  checkOptions('deadlines', options, OPTIONS)
  const limits: Limits = { ...DEFAULTS, clock: options.clock ?? systemClock }
  // The keys of a record of deadlines are their names: Object.keys only forgets it.
  for (const name of Object.keys(DEFAULTS) as DeadlineName[]) {
    const value: unknown = options[name]
    if (value === undefined) continue
    must(typeof value === 'number' && value > 0, `deadlines: ${name}`, 'a number of milliseconds above 0', value)
    limits[name] = value
  }
  return limits
}

const WORDS: Readonly<Record<DeadlineName, string>> = {
  connectMs: 'no connection',
  firstTokenMs: 'no content',
  idleMs: 'nothing more',
  totalMs: 'no end of the answer',
}

/** The failure of a provider that let a deadline pass. */
export function deadlineError(provider: string, name: DeadlineName, ms: number): ChatError {
  return new ChatError('timeout', `${provider}: ${WORDS[name]} within ${ms} ms (${name})`, { provider })
}
