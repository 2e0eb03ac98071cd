import type { ChatEvent } from '../chat.ts'
import { type Batches, batchesOf } from '../stream.ts'

/** What a layer does with a stream. Each may be left out; what they throw, the reader gets, and the stream is closed. */
export interface BatchHooks {
  /** Gives what is delivered of the events of one read; of nothing, the next read is waited for. */
  batch?: (events: readonly ChatEvent[]) => readonly ChatEvent[] | Promise<readonly ChatEvent[]>
  /** The stream has ended without a failure. The reader waits for it. */
  end?: () => void | Promise<void>
  /** The stream has failed. Gives what the reader gets instead, most often the same error. */
  error?: (error: unknown) => unknown
  /** The reader leaves. Called once at most, and not after an end or a failure. */
  close?: () => void
}

/**
 * A stream that is watched or rewritten, read by read: one promise for each read and none for an event.
 *
 * @example
 * const inCapitals: Layer = (next) =>
 *   wrap(next, {
 *     stream(request, options) {
 *       const inner = next.stream(request, options)
 *       return chatStream(options?.signal, () =>
 *         mapBatches(inner, {
 *           batch: (events) =>
 *             events.map((event) => (event.type === 'text' ? { ...event, text: event.text.toUpperCase() } : event)),
 *         }),
 *       )
 *     },
 *   })
 */
export function mapBatches(stream: AsyncIterable<ChatEvent>, hooks: BatchHooks): Batches {
  return new MappedBatches(batchesOf(stream), hooks)
}

type Read = Awaited<ReturnType<Batches['next']>>

class MappedBatches implements Batches {
  readonly #inner: Batches
  readonly #hooks: BatchHooks
  #over = false

  constructor(inner: Batches, hooks: BatchHooks) {
    this.#inner = inner
    this.#hooks = hooks
  }

  next(): Promise<Read> {
    return this.#inner.next().then(this.#onRead, this.#onError)
  }

  close(): void {
    if (!this.#over) {
      this.#over = true
      this.#hooks.close?.()
    }
    this.#inner.close()
  }

  readonly #onRead = async (read: Read): Promise<Read> => {
    try {
      if (read.done === true) {
        this.#over = true
        await this.#hooks.end?.()
        return read
      }
      const { batch } = this.#hooks
      if (batch === undefined) return read
      const value = await batch(read.value)
      return value.length > 0 ? { done: false, value } : await this.next()
    } catch (error) {
      this.close()
      throw error
    }
  }

  readonly #onError = async (error: unknown): Promise<never> => {
    this.#over = true
    const { error: replace } = this.#hooks
    throw replace === undefined ? error : await replace(error)
  }
}
