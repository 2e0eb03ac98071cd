import type { Clock, Layer } from '@rivulet/core'
import { checkOptions, chatStream, systemClock } from '@rivulet/core/provider'
import { checkAbove0 } from '../engine/check.ts'
import { BreakerStream } from './breaker-stream.ts'
import type { Limits } from './breaker-state.ts'
import { type BreakerStore, memoryBreakerStore } from './breaker-store.ts'

export interface BreakerOptions {
  /** How many failures in the window open the breaker, when they are also `ratio` of what was asked. @default 5 */
  failures?: number | undefined
  /** 0 to 1: what part of the requests since the first failure in the window has failed; 0 counts failures only. @default 0.5 */
  ratio?: number | undefined
  /** In milliseconds. @default 30_000 */
  windowMs?: number | undefined
  /** How long it stays open, in milliseconds; doubles each time that the trial fails. @default 5_000 */
  cooldownMs?: number | undefined
  /** @default 60_000 */
  maxCooldownMs?: number | undefined
  /** How long a member rests whose account is refused or used up ('auth', 'quota'), in milliseconds. @default 600_000 */
  accountCooldownMs?: number | undefined
  /** The longest Retry-After that is believed, in milliseconds. @default 3_600_000 */
  maxRetryAfterMs?: number | undefined
  /** How long one trial keeps others from trying, in milliseconds, should nobody say how it ended. @default 60_000 */
  probeLeaseMs?: number | undefined
  /** @default in memory, its own */
  store?: BreakerStore | undefined
  /** @default the system's; with a store that processes share, give them one whose `now()` is the time of day */
  clock?: Clock | undefined
  /** What the member is called in the store. @default its id; in a group, '#2' and so on behind ids that are not unique */
  member?: string | undefined
}

const OPTIONS: Readonly<Record<keyof BreakerOptions, true>> = {
  failures: true,
  ratio: true,
  windowMs: true,
  cooldownMs: true,
  maxCooldownMs: true,
  accountCooldownMs: true,
  maxRetryAfterMs: true,
  probeLeaseMs: true,
  store: true,
  clock: true,
  member: true,
}

const NUMBERS = [
  'failures',
  'windowMs',
  'cooldownMs',
  'maxCooldownMs',
  'accountCooldownMs',
  'maxRetryAfterMs',
  'probeLeaseMs',
] as const

/**
 * A circuit breaker, for each model of a member. Too many failures open it: the member is asked nothing for a while, and
 * who asks has a `ChatError` at the first read that says for how long (`retryAfterMs`), without a request. Then one
 * request tries (half-open): its first content closes the breaker, its failure opens it for twice as long. A Retry-After
 * parks the member at once, and so does a refused account. A request that is at fault itself says nothing about the
 * member's health, nor does an abort.
 *
 * Groups take it as an option: `failover(members, { breaker: {} })`.
 *
 * @example
 * const guarded = pipe(lockchat(), circuitBreaker({ failures: 3, windowMs: 10_000 }))
 */
export function circuitBreaker(options: BreakerOptions = {}): Layer {
  checkOptions('circuitBreaker', options, OPTIONS)
  checkAbove0('circuitBreaker', Object.fromEntries(NUMBERS.map((name) => [name, options[name]])))
  const limits = limitsOf(options)
  if (!(limits.ratio >= 0 && limits.ratio <= 1)) {
    throw new TypeError(`circuitBreaker: ratio must be from 0 to 1, got ${limits.ratio}.`)
  }
  const { clock = systemClock, probeLeaseMs = 60_000 } = options
  const store = options.store ?? memoryBreakerStore()
  return (next) => ({
    ...next,
    stream(request, call) {
      const inner = next.stream(request, call)
      const key = `${options.member ?? next.id} ${request.model}`
      const guard = { id: next.id, key, store, clock, limits, probeLeaseMs, signal: call?.signal }
      return chatStream(call?.signal, () => new BreakerStream(inner, guard))
    },
  })
}

function limitsOf(options: BreakerOptions): Limits {
  const { failures = 5, ratio = 0.5, windowMs = 30_000, cooldownMs = 5_000 } = options
  const { maxCooldownMs = 60_000, accountCooldownMs = 600_000, maxRetryAfterMs = 3_600_000 } = options
  return { failures, ratio, windowMs, cooldownMs, maxCooldownMs, accountCooldownMs, maxRetryAfterMs }
}
