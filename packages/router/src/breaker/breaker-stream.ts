import type { ChatEvent } from '@rivulet/core'
import { type Batches, batchesOf, isContent } from '@rivulet/core/provider'
import type { BreakerCall } from './breaker-call.ts'

type Read = IteratorResult<readonly ChatEvent[], undefined>

/** One stream behind a circuit breaker. */
export class BreakerStream implements Batches {
  readonly #stream: AsyncIterable<ChatEvent>
  readonly #call: BreakerCall
  #inner: Batches | undefined
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
    this.#call.left()
    this.#inner?.close()
  }

  async #admit(): Promise<Read> {
    await this.#call.admit()
    if (this.#closed) {
      this.#call.learnNothing()
      return { done: true, value: undefined }
    }
    try {
      this.#inner = batchesOf(this.#stream, this.#call.signal)
    } catch (error) {
      this.#call.ended(error)
      throw error
    }
    return this.next()
  }

  readonly #onRead = (read: Read): void => {
    if (this.#call.isOver || read.done === true) return
    if (read.value.some(isContent)) this.#call.content()
    if (read.value.at(-1)?.type === 'finish') this.#call.succeeded()
  }

  readonly #onError = (error: unknown): void => {
    this.#call.ended(error)
  }
}
