import { type CallOptions, ChatError, type Clock } from '@rivulet/core'
import { CODES, isOwnReason, unlessAborted } from '@rivulet/core/provider'
import { asFailure } from '../engine/as-failure.ts'
import { isOfCaller, isRequestFault, markSkipped } from '../engine/failure-class.ts'
import {
  afterFailure,
  afterSuccess,
  type BreakerState,
  type Limits,
  phaseOf,
  readState,
  released,
} from './breaker-state.ts'
import type { BreakerStore } from './breaker-store.ts'
import { isLastResort } from './last-resort.ts'

/** A breaker as one call meets it. */
export interface BreakerRules {
  /** Of the member. */
  id: string
  /** Under which the store keeps its state. */
  key: string
  store: BreakerStore
  clock: Clock
  limits: Limits
  probeLeaseMs: number
}

type Change = (before: BreakerState | undefined, now: number, limits: Limits) => BreakerState | undefined

/** How long a call waits for the store, in milliseconds: one that hangs must not hold every caller. */
const STORE_MS = 50

/** When to come back while a probe is under way, in milliseconds: soon, whatever its lease says. */
const PROBE_WAIT_MS = 1000

/** One call behind a circuit breaker: whether it may go out, and what the breaker learns of it, once. */
export class BreakerCall {
  readonly signal: AbortSignal | undefined
  readonly #call: CallOptions | undefined
  readonly #rules: BreakerRules
  readonly #isLastResort: boolean
  #probe = false
  #hasContent = false
  #over = false

  constructor(rules: BreakerRules, call: CallOptions | undefined) {
    this.#rules = rules
    this.#isLastResort = isLastResort(call)
    this.#call = call
    this.signal = call?.signal
  }

  /** Nothing more is learned of this call. */
  get isOver(): boolean {
    return this.#over
  }

  /**
   * Resolves when the call may go out: also when the store does not answer in time. @throws ChatError for an open breaker, and
   * the signal's reason.
   */
  async admit(): Promise<void> {
    const refusal = await unlessAborted(this.#refusalInTime(), this.signal).catch((reason: unknown) => {
      this.learnNothing()
      throw reason
    })
    if (refusal === undefined) return
    this.#over = true
    throw markSkipped(refusal)
  }

  succeeded(): void {
    const probe = this.#probe
    this.#record((before, now, limits) => afterSuccess(before, limits, now, probe))
  }

  /** Its first content came. Of a probe, that closes the breaker, and from here on the call is one like any other. */
  content(): void {
    if (this.#hasContent) return
    this.#hasContent = true
    if (!this.#probe) return
    this.succeeded()
    this.#over = false
  }

  failed(error: ChatError): void {
    if (isRequestFault(error) || isOfCaller(error, this.#call)) {
      this.learnNothing()
      return
    }
    const probe = this.#probe
    this.#record((before, now, limits) => afterFailure(before, error, limits, now, probe))
  }

  /**
   * Its stream threw this, or its caller aborted it. An abort says nothing about the member, nor does a deadline of the
   * caller's; one that a layer or a group has set for this member alone, and that passed without content, does.
   */
  ended(error: unknown): void {
    const { id } = this.#rules
    if (this.signal?.aborted !== true) {
      this.failed(asFailure(id, error))
      return
    }
    const reason: unknown = this.signal.reason
    const deadline = reason instanceof ChatError && isOwnReason(reason) && reason.provider === id ? reason : undefined
    if (deadline !== undefined && !this.#hasContent) this.failed(deadline)
    else if (deadline === undefined && this.#hasContent) this.succeeded()
    else this.learnNothing()
  }

  /** Its reader left: after the first content it had an answer. */
  left(): void {
    if (this.signal?.aborted === true) this.ended(this.signal.reason)
    else if (this.#hasContent) this.succeeded()
    else this.learnNothing()
  }

  /** Says nothing about the member: another request may probe. Also for a call that is closed while it waits to go out. */
  learnNothing(): void {
    this.#over = true
    this.signal?.removeEventListener('abort', this.#onAbort)
    if (!this.#probe) return
    this.#probe = false
    this.#write(released)
  }

  readonly #onAbort = (): void => {
    this.left()
  }

  /** Without an answer of the store in time, the call goes out. */
  #refusalInTime(): Promise<ChatError | undefined> {
    return new Promise((resolve) => {
      const cancel = this.#rules.clock.after(STORE_MS, () => {
        resolve(undefined)
      })
      void this.#refusal().then((refusal) => {
        cancel()
        resolve(refusal)
      })
    })
  }

  /** Why the call does not go out. A store that fails must not fail its callers. */
  async #refusal(): Promise<ChatError | undefined> {
    const { store, key, clock, probeLeaseMs } = this.#rules
    try {
      const state = readState(await store.get(key))
      const now = clock.now()
      const phase = phaseOf(state, now)
      if (phase === 'closed' || state === undefined) return undefined
      // Unknown to the compiler, because a store is written by others.
      const granted: unknown = phase === 'half-open' && (await store.lease(key, now, now + probeLeaseMs))
      if (granted === true || this.#goesOutAllTheSame(state)) {
        this.#beginProbe()
        return undefined
      }
      const waitMs = phase === 'open' ? (state.openUntil ?? now) - now : Math.min(probeLeaseMs, PROBE_WAIT_MS)
      return this.#openError(state, waitMs)
    } catch {
      return undefined
    }
  }

  /** Nobody else is left, and the account may have been put right: also beside the probe of another call. */
  #goesOutAllTheSame({ code }: BreakerState): boolean {
    return this.#isLastResort && code !== undefined && CODES[code].fault === 'account'
  }

  /** The lease may come after the call is over: then it is given back. */
  #beginProbe(): void {
    this.#probe = true
    if (this.#over) this.learnNothing()
    // Another request may probe as soon as this one is aborted.
    else this.signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  #openError({ code = 'overloaded', message }: BreakerState, retryAfterMs: number): ChatError {
    const { id } = this.#rules
    const last = message === undefined ? '' : ` Last failure: ${message}`
    const words = `${id}: circuit open; next probe in ${Math.ceil(retryAfterMs / 100) / 10} s.${last}`
    return new ChatError(code, words, { provider: id, retryAfterMs })
  }

  #record(change: Change): void {
    if (this.#over) return
    this.#over = true
    this.#probe = false
    this.signal?.removeEventListener('abort', this.#onAbort)
    this.#write(change)
  }

  #write(change: Change): void {
    const { store, key, clock, limits } = this.#rules
    const ignore = (): void => undefined
    try {
      // A shared store takes its time; the reader does not wait for it.
      void Promise.resolve(store.record(key, (before) => change(readState(before), clock.now(), limits))).catch(ignore)
    } catch {
      ignore()
    }
  }
}

/** An answer in one piece behind a circuit breaker. */
export async function throughBreaker<T>(call: BreakerCall, ask: () => Promise<T>): Promise<T> {
  await call.admit()
  try {
    // A deadline counts against a member that does not heed its signal, too.
    const answer = await unlessAborted(ask(), call.signal)
    call.succeeded()
    return answer
  } catch (error) {
    // A promise does not tell a request that is refused at the call from a failure of the member's.
    if (error instanceof TypeError && asFailure('', error).code === 'malformed') call.learnNothing()
    else call.ended(error)
    throw error
  }
}
