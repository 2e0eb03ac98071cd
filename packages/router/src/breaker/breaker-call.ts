import { ChatError, type Clock } from '@rivulet/core'
import { unlessAborted } from '@rivulet/core/provider'
import { isRequestFault, markSkipped } from '../engine/failure-class.ts'
import { afterFailure, afterSuccess, type BreakerState, type Limits, phaseOf, released } from './breaker-state.ts'
import type { BreakerStore } from './breaker-store.ts'

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

/** When to come back while a probe is under way, in milliseconds: soon, whatever its lease says. */
const PROBE_WAIT_MS = 1000

/** One call behind a circuit breaker: whether it may go out, and what the breaker learns of it, once. */
export class BreakerCall {
  readonly signal: AbortSignal | undefined
  readonly #rules: BreakerRules
  #probe = false
  #over = false

  constructor(rules: BreakerRules, signal: AbortSignal | undefined) {
    this.#rules = rules
    this.signal = signal
  }

  /** Nothing more is learned of this call. */
  get isOver(): boolean {
    return this.#over
  }

  get isProbe(): boolean {
    return this.#probe
  }

  /** Resolves when the call may go out. @throws ChatError for an open breaker, and the signal's reason. */
  async admit(): Promise<void> {
    const admission = this.#refusal()
    const refusal = await unlessAborted(admission, this.signal).catch((reason: unknown) => {
      // An abort does not wait for a slow store, which may still grant this call the probe.
      void admission.then(() => {
        this.learnNothing()
      })
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

  /** The probe has content: the breaker closes before its end, and from here on the call is one like any other. */
  probeSucceeded(): void {
    this.succeeded()
    this.#over = false
  }

  /** It failed, or was aborted: a deadline is an abort whose reason is a `ChatError`, and its member was too slow. */
  failed(error: unknown): void {
    if (!(error instanceof ChatError) || isRequestFault(error)) {
      this.learnNothing()
      return
    }
    const probe = this.#probe
    this.#record((before, now, limits) => afterFailure(before, error, limits, now, probe))
  }

  /** Says nothing about the member: another request may probe. Also for a call that is closed while it waits to go out. */
  learnNothing(): void {
    this.#over = true
    if (!this.#probe) return
    this.#probe = false
    this.#write(released)
  }

  /** Why the call does not go out. A store that fails must not fail its callers. */
  async #refusal(): Promise<ChatError | undefined> {
    const { store, key, clock, probeLeaseMs } = this.#rules
    try {
      const state = await store.get(key)
      const now = clock.now()
      const phase = phaseOf(state, now)
      if (phase === 'closed' || state === undefined) return undefined
      if (phase === 'open') return this.#openError(state, (state.openUntil ?? now) - now)
      this.#probe = await store.lease(key, now, now + probeLeaseMs)
      return this.#probe ? undefined : this.#openError(state, Math.min(probeLeaseMs, PROBE_WAIT_MS))
    } catch {
      return undefined
    }
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
    this.#write(change)
  }

  #write(change: Change): void {
    const { store, key, clock, limits } = this.#rules
    const ignore = (): void => undefined
    try {
      // A shared store takes its time; the reader does not wait for it.
      void Promise.resolve(store.record(key, (before) => change(before, clock.now(), limits))).catch(ignore)
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
    call.failed(call.signal?.aborted === true ? call.signal.reason : error)
    throw error
  }
}
