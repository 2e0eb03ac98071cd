import { ChatError, type ChatEvent } from '@rivulet/core'
import { type Batches, batchesOf, isContent } from '@rivulet/core/provider'
import type { BreakerCall } from './breaker-call.ts'

type Read = IteratorResult<readonly ChatEvent[], undefined>

/** One stream behind a circuit breaker. */
export class BreakerStream implements Batches {
  readonly #stream: AsyncIterable<ChatEvent>
  readonly #call: BreakerCall
  #inner: Batches | undefined
  #content = false
  #closed = false

  constructor(stream: AsyncIterable<ChatEvent>, call: BreakerCall) {
    this.#stream = stream
    this.#call = call
  }

  next(): Promise<Read> {
    if (this.#inner === undefined) return this.#admit()
    const read = this.#inner.next()
    // Looked at beside it: the member's own promise is the reader's.
    if (!this.#call.isOver) void read.then(this.#onRead, this.#onError)
    return read
  }

  close(): void {
    this.#closed = true
    const reason: unknown = this.#call.signal?.reason
    // A deadline aborts before the member fails.
    if (reason instanceof ChatError) this.#call.failed(reason)
    // A reader that leaves after the first content had an answer; before it, nothing is known.
    else if (this.#content) this.#call.succeeded()
    else this.#call.learnNothing()
    this.#inner?.close()
  }

  async #admit(): Promise<Read> {
    await this.#call.admit()
    if (this.#closed) {
      this.#call.learnNothing()
      return { done: true, value: undefined }
    }
    this.#inner = batchesOf(this.#stream)
    return this.next()
  }

  readonly #onRead = (read: Read): void => {
    if (this.#call.isOver || read.done === true) return
    if (!this.#content && read.value.some(isContent)) {
      this.#content = true
      if (this.#call.isProbe) this.#call.probeSucceeded()
    }
    if (read.value.at(-1)?.type === 'finish') this.#call.succeeded()
  }

  readonly #onError = (error: unknown): void => {
    this.#call.failed(error)
  }
}
