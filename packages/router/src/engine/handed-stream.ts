import type { ChatEvent } from '@rivulet/core'
import { type Batches, batchesOf, trustedStream } from '@rivulet/core/provider'

/** As a protocol names it that leaves it out itself. */
const LEFT_OUT = 'reasoning of another model'

/** The answer of a member that was handed a conversation without the reasoning of others: its start says so. */
export const handedStream = (
  stream: AsyncIterable<ChatEvent>,
  signal: AbortSignal | undefined,
): AsyncIterable<ChatEvent> => trustedStream(signal, () => new HandedBatches(batchesOf(stream, signal)))

class HandedBatches implements Batches {
  readonly #inner: Batches
  #isNamed = false

  constructor(inner: Batches) {
    this.#inner = inner
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
    return { ...event, dropped: [...new Set([...(event.dropped ?? []), LEFT_OUT])] }
  }
}
