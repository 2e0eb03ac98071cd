import type { CallOptions, Clock, Layer } from '@rivulet/core'
import {
  checkClock,
  checkMethods,
  checkOptions,
  checkPositive,
  isRecord,
  streamOf,
  systemClock,
  trustedStream,
  wrap,
} from '@rivulet/core/provider'
import { BreakerCall, throughBreaker } from './breaker-call.ts'
import type { Limits } from './breaker-state.ts'
import { type BreakerStore, memoryBreakerStore } from './breaker-store.ts'
import { BreakerStream } from './breaker-stream.ts'
import { hasOwnCredential } from '../engine/failure-class.ts'
import { soundClock } from '../engine/sound-hooks.ts'

export interface BreakerOptions {
  /** How many failures in the window open the breaker, when they are also `ratio` of the calls. @default 5 */
  failures?: number | undefined
  /** 0 to 1: which part of the calls in the window must have failed; 0 counts failures only. @default 0.5 */
  ratio?: number | undefined
  /** In milliseconds. @default 30_000 */
  windowMs?: number | undefined
  /** How long the breaker stays open, in milliseconds; doubles each time that the probe fails. @default 5_000 */
  cooldownMs?: number | undefined
  /** In milliseconds. @default 60_000 */
  maxCooldownMs?: number | undefined
  /** How long the breaker stays open when the account is refused or used up ('auth', 'quota'), in milliseconds. @default 600_000 */
  accountCooldownMs?: number | undefined
  /** The longest Retry-After that is believed, in milliseconds. @default 3_600_000 */
  maxRetryAfterMs?: number | undefined
  /** How long one probe keeps others from probing when its outcome is never reported, in milliseconds. @default 60_000 */
  probeLeaseMs?: number | undefined
  /** A call waits 50 ms for it, and then goes out. @default in memory, one for each breaker */
  store?: BreakerStore | undefined
  /** @default the system's; with a store that processes share, give them one whose `now()` is the time of day */
  clock?: Clock | undefined
  /** The member's name in the store. @default its id; in a group, with '#2' and so on where ids are not unique */
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
 * A circuit breaker, one for each model of a member. Too many failures open it: for a while no request goes out, and a call
 * fails at its first read with a `ChatError` that says for how long (`retryAfterMs`). Then one request probes (half-open): its
 * first content closes the breaker, its failure opens it for twice as long. A Retry-After opens it at once, and so does a
 * refused account. A failure that is the request's own fault says nothing about the member, nor does an abort or a deadline of
 * the caller's; a deadline that a layer or a group has set for this member alone counts when it passes without content. Calls
 * that bring a credential of their own for the member have breakers of their own, which learn nothing from their accounts.
 *
 * `embed()` has the breaker of its model; `models()` has one of its own.
 *
 * Groups take it as an option: `failover(members, { breaker: {} })`.
 *
 * @throws TypeError for an option that is unknown or out of its range.
 * @example
 * const careful = pipe(lockchat(), circuitBreaker({ failures: 3, windowMs: 10_000 }))
 */
export function circuitBreaker(options: BreakerOptions = {}): Layer {
  checkOptions('circuitBreaker', options, OPTIONS)
  checkPositive('circuitBreaker', Object.fromEntries(NUMBERS.map((name) => [name, options[name]])))
  const limits = limitsOf(options)
  if (!(typeof (limits.ratio as unknown) === 'number' && limits.ratio >= 0 && limits.ratio <= 1)) {
    throw new TypeError(`circuitBreaker: ratio must be from 0 to 1, got ${limits.ratio}.`)
  }
  checkMethods('circuitBreaker: store', options.store, ['get', 'record', 'lease'])
  checkClock('circuitBreaker', options.clock)
  const { probeLeaseMs = 60_000 } = options
  const clock = soundClock(options.clock ?? systemClock)
  const store = options.store ?? memoryBreakerStore()
  return (next) => {
    const models = next.models?.bind(next)
    const embed = next.embed?.bind(next)
    const callOf = (what: string, call: CallOptions | undefined): BreakerCall => {
      // An account that was refused must not keep away who brings another one.
      const whose = hasOwnCredential(call, next.id) ? ' (of callers)' : ''
      const key = `${options.member ?? next.id} ${what}${whose}`
      return new BreakerCall({ id: next.id, key, store, clock, limits, probeLeaseMs }, call)
    }
    return wrap(next, {
      stream(request, call) {
        const inner = streamOf(next, request, call)
        const model = modelOf(request)
        return trustedStream(call?.signal, () => new BreakerStream(inner, callOf(model, call)))
      },
      models: models && ((call) => throughBreaker(callOf(MODELS, call), () => models(call))),
      embed: embed && ((request, call) => throughBreaker(callOf(modelOf(request), call), () => embed(request, call))),
    })
  }
}

/** In place of a model's name, for the list of models: no model has a name with spaces. */
const MODELS = '(list of models)'

/** How much of a model's name is part of a key: a caller may name a model as long as a book. */
const MAX_NAME = 200

/** Read at the call. Leave invalid input for the receiving provider to reject. */
function modelOf(request: unknown): string {
  const model = isRecord(request) ? request.model : undefined
  return typeof model === 'string' ? model.slice(0, MAX_NAME) : ''
}

function limitsOf(options: BreakerOptions): Limits {
  const { failures = 5, ratio = 0.5, windowMs = 30_000, cooldownMs = 5_000 } = options
  const { maxCooldownMs = 60_000, accountCooldownMs = 600_000, maxRetryAfterMs = 3_600_000 } = options
  return { failures, ratio, windowMs, cooldownMs, maxCooldownMs, accountCooldownMs, maxRetryAfterMs }
}
