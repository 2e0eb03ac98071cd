import { type AttemptReport, ChatError, type ChatEvent } from '@rivulet/core'
import { type Batches, batchesOf, type ChildAbort, isContent } from '@rivulet/core/provider'

type Read = IteratorResult<readonly ChatEvent[], undefined>

/** A member that is about to be asked. */
export interface AttemptPlan {
  /** Its place in the group. */
  index: number
  id: string
  /** It is the `ordinal`th of its call, from 0. */
  ordinal: number
  /** It is asked to go on with a begun answer: then to end it at once is an answer too. */
  begun: boolean
  open: () => AsyncIterable<ChatEvent> | Batches
  /** Its own abort, when it is one of several at work. */
  abort: ChildAbort | undefined
}

/** Who looks on at an attempt. */
export interface AttemptObserver {
  /** Milliseconds since the call began. */
  now: () => number
  /** The caller's. */
  signal: AbortSignal | undefined
  content?: ((candidate: AttemptPlan, ms: number) => void) | undefined
  ended?: ((candidate: AttemptPlan, report: AttemptReport) => void) | undefined
}

/** What an attempt came to: its events up to the first content, those of an end without any, or why there are none. */
export type FirstResult =
  | { kind: 'content'; attempt: Attempt; events: readonly ChatEvent[] }
  | { kind: 'nothing to add'; attempt: Attempt; events: readonly ChatEvent[] }
  | { kind: 'failed'; attempt: Attempt; error: unknown }

/** One member, asked once. */
export class Attempt {
  readonly plan: AttemptPlan
  readonly #observer: AttemptObserver
  readonly #startedAt: number
  #inner: Batches | undefined
  #firstTokenMs: number | undefined
  #over = false

  constructor(candidate: AttemptPlan, witness: AttemptObserver) {
    this.plan = candidate
    this.#observer = witness
    this.#startedAt = witness.now()
  }

  /** Somebody is told how it ends, or has to let go of it then: `saw()` is to be called for each read. */
  get isWatched(): boolean {
    return this.#observer.ended !== undefined || this.plan.abort !== undefined
  }

  /** Reads up to the first content. Never rejects: who comes second in a race has nobody to tell. */
  async firstResult(): Promise<FirstResult> {
    const events: ChatEvent[] = []
    try {
      const inner = this.#open()
      for (;;) {
        const read = await inner.next()
        if (read.done === true) throw this.#cutShort()
        for (const event of read.value) events.push(event)
        if (read.value.some(isContent)) {
          this.#content()
          this.saw(read)
          return { kind: 'content', attempt: this, events }
        }
        const last = read.value.at(-1)
        if (last?.type !== 'finish') continue
        if (!this.plan.begun || last.reason !== 'stop') throw this.#empty()
        this.#end('answered')
        inner.close()
        return { kind: 'nothing to add', attempt: this, events }
      }
    } catch (error) {
      return { kind: 'failed', attempt: this, error: this.fail(error) }
    }
  }

  /** What follows the first content: the member's own promise. */
  next(): Promise<Read> {
    return this.#inner?.next() ?? Promise.resolve({ done: true, value: undefined })
  }

  /** Looks at what `next()` gave. @throws ChatError for an end without a finish. */
  saw(read: Read): void {
    if (this.#over) return
    if (read.done === true) throw this.#cutShort()
    if (read.value.at(-1)?.type === 'finish') this.#end('answered')
  }

  /** It has thrown: what, as far as it is the world's failure, or else as it is. */
  fail(error: unknown): unknown {
    const failure = this.failureOf(error)
    // It may have thrown without closing: it is not left half open.
    this.#inner?.close()
    this.#end(this.#observer.signal?.aborted === true ? 'cancelled' : 'failed', failure)
    return failure ?? error
  }

  /** Its reader leaves. */
  supersede(): void {
    this.#leave('cancelled')
  }

  /** Another was quicker. */
  lose(): void {
    this.#leave('superseded')
  }

  /** What it broke with, as the world's failure; `undefined` for an abort and a mistake, which are the caller's. */
  failureOf(error: unknown): ChatError | undefined {
    if (this.#observer.signal?.aborted === true) return undefined
    if (error instanceof ChatError) return error
    const { id: provider } = this.plan
    // A member that refuses the request when its turn comes can't take it; the first one was asked at the call.
    if (error instanceof TypeError && this.#inner === undefined) {
      return new ChatError('unsupported', error.message, { provider, cause: error })
    }
    if (error instanceof TypeError || !(error instanceof Error)) return undefined
    return new ChatError('malformed', `${provider}: ${error.message}`, { provider, cause: error })
  }

  #open(): Batches {
    const opened = this.plan.open()
    this.plan.abort?.follow(this.#observer.signal)
    return (this.#inner = Symbol.asyncIterator in opened ? batchesOf(opened) : opened)
  }

  #content(): void {
    this.#firstTokenMs = this.#observer.now() - this.#startedAt
    this.#observer.content?.(this.plan, this.#firstTokenMs)
  }

  #leave(outcome: 'cancelled' | 'superseded'): void {
    const over = this.#over
    this.#end(outcome)
    this.#inner?.close()
    if (over) return
    // Also one that hears nothing else while it waits: it is told that it lost, not that it failed.
    this.plan.abort?.abort(new Error(`${this.plan.id}: another member was quicker, or the reader left`))
  }

  #end(outcome: AttemptReport['outcome'], error?: ChatError): void {
    if (this.#over) return
    this.#over = true
    this.plan.abort?.release()
    this.#observer.ended?.(this.plan, {
      provider: this.plan.id,
      outcome,
      ...(error !== undefined && { error }),
      startedMs: this.#startedAt,
      ...(this.#firstTokenMs !== undefined && { firstTokenMs: this.#firstTokenMs }),
      totalMs: this.#observer.now() - this.#startedAt,
    })
  }

  #cutShort(): ChatError {
    const { id: provider } = this.plan
    return new ChatError('truncated', `${provider}: the stream ended without a finish`, { provider })
  }

  #empty(): ChatError {
    const { id: provider } = this.plan
    return new ChatError('malformed', `${provider}: the answer is empty: it ended without content`, { provider })
  }
}
