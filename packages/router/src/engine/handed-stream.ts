import type { ChatEvent } from '@rivulet/core'
import { type Batches, batchesOf, trustedStream } from '@rivulet/core/provider'

/** The answer to a request of which the group itself has left something out: its start names that too. */
export const handedStream = (
  stream: AsyncIterable<ChatEvent>,
  leftOut: readonly string[],
  signal: AbortSignal | undefined,
): AsyncIterable<ChatEvent> => trustedStream(signal, () => new HandedBatches(batchesOf(stream, signal), leftOut))

class HandedBatches implements Batches {
  readonly #inner: Batches
  readonly #leftOut: readonly string[]
  #isNamed = false

  constructor(inner: Batches, leftOut: readonly string[]) {
    this.#inner = inner
    this.#leftOut = leftOut
  }

  next(): ReturnType<Batches['next']> {
    // After the start there is nothing to add: the member's own promise is the reader's.
    return this.#isNamed ? this.#inner.next() : this.#inner.next().then(this.#name)
  }

  close(): void {
    this.#inner.close()
  }

  readonly #name = (read: Awaited<ReturnType<Batches['next']>>): typeof read =>
    read.done === true ? read : { done: false, value: read.value.map((event) => this.#named(event)) }

  #named(event: ChatEvent): ChatEvent {
    if (event.type !== 'start' || this.#isNamed) return event
    this.#isNamed = true
    return { ...event, dropped: [...new Set([...(event.dropped ?? []), ...this.#leftOut])] }
  }
}
