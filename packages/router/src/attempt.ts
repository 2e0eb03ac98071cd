import {
  type AttemptReport,
  type Batches,
  batchesOf,
  ChatError,
  type ChatEvent,
  type ChildAbort,
  isContent,
} from '@rivulet/core'

type Read = IteratorResult<readonly ChatEvent[], undefined>

/** A member that is about to be asked. */
export interface Candidate {
  /** Its place in the group. */
  index: number
  id: string
  /** It is the `ordinal`th of its call, from 0. */
  ordinal: number
  open: () => AsyncIterable<ChatEvent> | Batches
  /** Its own abort, when it is one of several at work. */
  abort: ChildAbort | undefined
}

/** Who looks on at an attempt. */
export interface Witness {
  /** Milliseconds since the call began. */
  now: () => number
  /** The caller's. */
  signal: AbortSignal | undefined
  content?: ((candidate: Candidate, ms: number) => void) | undefined
  ended?: ((candidate: Candidate, report: AttemptReport) => void) | undefined
}

/** What an attempt came to: its events up to the first content, or why there are none. */
export type Lead =
  | { attempt: Attempt; events: readonly ChatEvent[] }
  | { attempt: Attempt; events?: undefined; error: unknown }

/** One member, asked once. */
export class Attempt implements Batches {
  readonly candidate: Candidate
  readonly #witness: Witness
  readonly #startedAt: number
  #inner: Batches | undefined
  #firstTokenMs: number | undefined
  #over = false

  constructor(candidate: Candidate, witness: Witness) {
    this.candidate = candidate
    this.#witness = witness
    this.#startedAt = witness.now()
  }

  /** Reads up to the first content. Never rejects: who comes second in a race has nobody to tell. */
  async lead(): Promise<Lead> {
    const events: ChatEvent[] = []
    try {
      const inner = this.#open()
      for (;;) {
        const read = await inner.next()
        if (read.done === true) throw this.#broken('truncated', 'the stream ended without a finish')
        for (const event of read.value) events.push(event)
        const finished = read.value.at(-1)?.type === 'finish'
        if (read.value.some(isContent)) {
          this.#content()
          if (finished) this.#end('answered')
          return { attempt: this, events }
        }
        if (finished) throw this.#broken('malformed', 'the answer is empty: it ended without content')
      }
    } catch (error) {
      return { attempt: this, error: this.#fail(error) }
    }
  }

  /** What follows the first content. Who looks on does it beside: the member's own promise is the reader's. */
  next(): Promise<Read> {
    const read = this.#inner?.next() ?? Promise.resolve({ done: true, value: undefined })
    if (!this.#over && this.#isWatched) void read.then(this.#see, this.#miss)
    return read
  }

  /** Its reader leaves. */
  close(): void {
    this.#leave('left')
  }

  /** Another was quicker. */
  lose(): void {
    this.#leave('lost')
  }

  /** What it broke with, as the world's failure; `undefined` for an abort and a mistake, which are the caller's. */
  failureOf(error: unknown): ChatError | undefined {
    if (this.#witness.signal?.aborted === true) return undefined
    if (error instanceof ChatError) return error
    const { id: provider } = this.candidate
    // A member that refuses the request when its turn comes can't take it; the first one was asked at the call.
    if (error instanceof TypeError && this.#inner === undefined) {
      return new ChatError('unsupported', error.message, { provider, cause: error })
    }
    if (error instanceof TypeError || !(error instanceof Error)) return undefined
    return new ChatError('malformed', `${provider}: ${error.message}`, { provider, cause: error })
  }

  get #isWatched(): boolean {
    return this.#witness.ended !== undefined || this.candidate.abort !== undefined
  }

  #open(): Batches {
    const opened = this.candidate.open()
    this.candidate.abort?.follow(this.#witness.signal)
    return (this.#inner = Symbol.asyncIterator in opened ? batchesOf(opened) : opened)
  }

  readonly #see = (read: Read): void => {
    if (read.done === true || read.value.at(-1)?.type === 'finish') this.#end('answered')
  }

  readonly #miss = (error: unknown): void => {
    this.#fail(error)
  }

  #content(): void {
    this.#firstTokenMs = this.#witness.now() - this.#startedAt
    this.#witness.content?.(this.candidate, this.#firstTokenMs)
  }

  /** It ended by throwing. Gives its error as far as it is the world's, or else as it is. */
  #fail(error: unknown): unknown {
    const failure = this.failureOf(error)
    // It may have thrown without closing: it is not left half open.
    this.#inner?.close()
    this.#end(this.#witness.signal?.aborted === true ? 'left' : 'failed', failure)
    return failure ?? error
  }

  #leave(outcome: 'left' | 'lost'): void {
    const over = this.#over
    this.#end(outcome)
    this.#inner?.close()
    if (over) return
    // Also one that hears nothing else while it waits: it is told that it lost, not that it failed.
    this.candidate.abort?.abort(new Error(`${this.candidate.id}: another member was quicker, or the reader left`))
  }

  #end(outcome: AttemptReport['outcome'], error?: ChatError): void {
    if (this.#over) return
    this.#over = true
    this.candidate.abort?.release()
    this.#witness.ended?.(this.candidate, {
      provider: this.candidate.id,
      outcome,
      ...(error !== undefined && { error }),
      startedMs: this.#startedAt,
      ...(this.#firstTokenMs !== undefined && { firstTokenMs: this.#firstTokenMs }),
      totalMs: this.#witness.now() - this.#startedAt,
    })
  }

  #broken(code: 'truncated' | 'malformed', words: string): ChatError {
    const { id } = this.candidate
    return new ChatError(code, `${id}: ${words}`, { provider: id })
  }
}
