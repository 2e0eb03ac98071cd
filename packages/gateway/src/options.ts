import type { Clock, Deadlines, Provider, RetryOptions } from '@rivulet/core'
import {
  checkClock,
  checkFunctions,
  checkMethods,
  checkOptions,
  checkPositive,
  systemClock,
} from '@rivulet/core/provider'
import { HOLD_MODES, type HoldMode } from './answer/hold.ts'
import { clientProvider } from './client-provider.ts'
import type { GatewayKey } from './keys/key.ts'
import type { GatewayObserver } from './observe/observer.ts'

export interface GatewayOptions {
  /**
   * Who may ask: one key as text, or keys as they are stored, hashed. @default whoever reaches the server: `listen()` then refuses
   * an address that other machines reach
   */
  keys?: string | readonly GatewayKey[] | undefined
  /**
   * Whose credential an endpoint gets. `'keys'`: its own, as it is configured. `'client'`: the one that the client sends, a key or
   * the token of a subscription, in place of its own. Of a group, `{ client: 'anthropic' }`: the member of this id gets that one,
   * and no other does. A provider that would not use it is refused. `keys` are then read from the header `x-rivulet-key` alone.
   * @default 'keys'
   */
  auth?: 'keys' | 'client' | { readonly client: string } | undefined
  /**
   * What is kept from a client until it is sure, by the model that is asked. A key's own comes before it, and the header
   * `x-rivulet-hold` of a request before both. @default 'none'
   */
  hold?: HoldMode | ((model: string) => HoldMode) | undefined
  /** The most that is held of an answer, in UTF-16 units; past it, the answer is streamed and says so. @default 8_388_608 */
  holdBytes?: number | undefined
  /** How long an answer may be held, in milliseconds; past it, the answer is streamed and says so. @default 240_000 */
  holdMs?: number | undefined
  /** The longest body of a request, in bytes, compressed or not. @default 33_554_432 */
  maxBodyBytes?: number | undefined
  /** How many requests may be under way at a time; others get a 503. @default 2_000 */
  maxConcurrent?: number | undefined
  /** For a provider that is asked alone, as in `chat()`. @default asked at most three times */
  retry?: RetryOptions | false | undefined
  /** Limits of each answer; one that is not streamed has 290 s in all. @default the provider's */
  deadlines?: Deadlines | undefined
  /** Watch the requests: `metrics()`, `telemetry()`, `log()`, or an observer of your own. @default none */
  observers?: readonly GatewayObserver[] | undefined
  /**
   * Whether any member can be asked, for `/health/ready`: the circuit breakers of a group know. When it fails, or takes longer
   * than 500 ms, the answer is yes.
   * @default always yes
   */
  ready?: (() => boolean | Promise<boolean>) | undefined
  /** @default `systemClock` */
  clock?: Clock | undefined
}

const OPTIONS: Readonly<Record<keyof GatewayOptions, true>> = {
  keys: true,
  auth: true,
  hold: true,
  holdBytes: true,
  holdMs: true,
  maxBodyBytes: true,
  maxConcurrent: true,
  retry: true,
  deadlines: true,
  observers: true,
  ready: true,
  clock: true,
}

/** Options with their defaults. */
export interface Settings {
  /** The id of the provider that gets what clients send as their credential; `undefined`: none does. */
  readonly client: string | undefined
  readonly hold: (model: string) => HoldMode
  readonly holdBytes: number
  readonly holdMs: number
  readonly maxBodyBytes: number
  readonly maxConcurrent: number
  readonly deadlines: Deadlines
  readonly observers: readonly GatewayObserver[]
  readonly ready: () => boolean | Promise<boolean>
  readonly clock: Clock
}

/** @throws TypeError for an option that is unknown or of a wrong type. */
export function settingsOf(options: GatewayOptions, provider: Provider): Settings {
  checkOptions('gateway', options, OPTIONS)
  const {
    hold = 'none',
    holdBytes,
    holdMs,
    maxBodyBytes,
    maxConcurrent,
    observers = [],
    ready = () => true,
    clock = systemClock,
  } = options
  checkPositive('gateway', { holdBytes, holdMs, maxBodyBytes, maxConcurrent })
  checkClock('gateway', clock)
  checkFunctions('gateway', { ready })
  if (!Array.isArray(observers)) throw new TypeError('gateway: observers must be a list, as [metrics()].')
  for (const observer of observers) checkMethods('gateway: an observer', observer, ['request'])
  return {
    client: clientProvider(options.auth, provider),
    hold:
      typeof hold === 'function'
        ? (model) => checkHold('gateway: hold', hold(model))
        : always(checkHold('gateway: hold', hold)),
    holdBytes: holdBytes ?? 8_388_608,
    holdMs: holdMs ?? 240_000,
    maxBodyBytes: maxBodyBytes ?? 33_554_432,
    maxConcurrent: maxConcurrent ?? 2_000,
    deadlines: options.deadlines ?? {},
    observers,
    ready,
    clock,
  }
}

const always = (mode: HoldMode) => (): HoldMode => mode

/** @throws TypeError for anything but a mode. */
export function checkHold(what: string, mode: unknown): HoldMode {
  const known = HOLD_MODES.find((each) => each === mode)
  if (known === undefined) throw new TypeError(`${what} must be one of ${HOLD_MODES.join(', ')}.`)
  return known
}
