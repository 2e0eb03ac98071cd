import { ChatError, type ChatEvent, type Clock } from '@rivulet/core'
import { type Batches, batchesOf, isContent } from '@rivulet/core/provider'
import { afterFailure, afterSuccess, type BreakerState, type Limits, phaseOf, released } from './breaker-state.ts'
import type { BreakerStore } from './breaker-store.ts'
import { markSkipped, isRequestFault } from '../engine/failure-class.ts'

type Read = IteratorResult<readonly ChatEvent[], undefined>

interface BreakerCall {
  id: string
  key: string
  store: BreakerStore
  clock: Clock
  limits: Limits
  probeLeaseMs: number
  signal: AbortSignal | undefined
}

/** When to come back while another tries: soon, whatever its lease says. */
const TRIAL_WAIT_MS = 1000

/** One answer behind a circuit breaker. */
export class BreakerStream implements Batches {
  readonly #stream: AsyncIterable<ChatEvent>
  readonly #call: BreakerCall
  #inner: Batches | undefined
  /** This is the one request that tries. */
  #probe = false
  #content = false
  #over = false
  #closed = false

  constructor(stream: AsyncIterable<ChatEvent>, guard: BreakerCall) {
    this.#stream = stream
    this.#call = guard
  }

  next(): Promise<Read> {
    if (this.#inner === undefined) return this.#admit()
    const read = this.#inner.next()
    // Beside it: the member's own promise is the reader's.
    if (!this.#over) void read.then(this.#see, this.#fail)
    return read
  }

  close(): void {
    this.#closed = true
    const reason: unknown = this.#call.signal?.reason
    // A deadline's reader hears of it before the member does.
    if (reason instanceof ChatError) this.#fail(reason)
    // Who leaves behind the first content had an answer; before it, nothing is known.
    else if (this.#content) this.#succeed()
    else this.#learnNothing()
    this.#inner?.close()
  }

  async #admit(): Promise<Read> {
    const refusal = await this.#refusal()
    if (this.#closed || this.#call.signal?.aborted === true) {
      this.#learnNothing()
      this.#call.signal?.throwIfAborted()
      return { done: true, value: undefined }
    }
    if (refusal !== undefined) {
      this.#over = true
      throw markSkipped(refusal)
    }
    this.#inner = batchesOf(this.#stream)
    return this.next()
  }

  /** Why the member is not asked. A store that fails must not fail its callers. */
  async #refusal(): Promise<ChatError | undefined> {
    const { store, key, clock, probeLeaseMs } = this.#call
    try {
      const state = await store.get(key)
      const now = clock.now()
      const phase = phaseOf(state, now)
      if (phase === 'closed' || state === undefined) return undefined
      if (phase === 'open') return this.#openError(state, (state.openUntil ?? now) - now)
      this.#probe = await store.lease(key, now, now + probeLeaseMs)
      return this.#probe ? undefined : this.#openError(state, Math.min(probeLeaseMs, TRIAL_WAIT_MS))
    } catch {
      return undefined
    }
  }

  #openError({ code = 'overloaded', message }: BreakerState, retryAfterMs: number): ChatError {
    const { id } = this.#call
    const why = message === undefined ? '' : ` It had failed: ${message}`
    const words = `${id}: not asked for another ${Math.ceil(retryAfterMs / 100) / 10} s, until it has rested.${why}`
    return new ChatError(code, words, { provider: id, retryAfterMs })
  }

  readonly #see = (read: Read): void => {
    if (this.#over || read.done === true) return
    if (!this.#content && read.value.some(isContent)) {
      this.#content = true
      if (this.#probe) this.#answers()
    }
    if (read.value.at(-1)?.type === 'finish') this.#succeed()
  }

  readonly #fail = (error: unknown): void => {
    // An abort whose reason is a deadline's error is one: the member was too slow.
    if (!(error instanceof ChatError) || isRequestFault(error)) {
      this.#learnNothing()
      return
    }
    const probe = this.#probe
    this.#record((before, now, limits) => afterFailure(before, error, limits, now, probe))
  }

  /** The one who tries has content: others need not wait for its end, and from here on it is one of them. */
  #answers(): void {
    this.#succeed()
    this.#probe = false
    this.#over = false
  }

  #succeed(): void {
    const probe = this.#probe
    this.#record((before, now, limits) => afterSuccess(before, limits, now, probe))
  }

  #learnNothing(): void {
    if (this.#probe) this.#record(released)
    this.#over = true
  }

  #record(change: (before: BreakerState | undefined, now: number, limits: Limits) => BreakerState | undefined): void {
    if (this.#over) return
    this.#over = true
    const { store, key, clock, limits } = this.#call
    const ignore = (): void => undefined
    try {
      // A shared store takes its time; the reader does not wait for it.
      void Promise.resolve(store.record(key, (before) => change(before, clock.now(), limits))).catch(ignore)
    } catch {
      ignore()
    }
  }
}
