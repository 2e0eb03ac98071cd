import type { ChatEvent } from '../chat.ts'
import { type Batches, batchesOf } from '../stream.ts'

/** What a layer does with a stream. Each hook is optional; an error that it throws closes the stream and reaches the reader. */
export interface BatchHooks {
  /** The caller's: its abort ends the pending read of a provider that ignores it. */
  signal?: AbortSignal | undefined
  /** Returns the events to deliver for one read. After an empty array the next read follows. */
  batch?: (events: readonly ChatEvent[]) => readonly ChatEvent[] | Promise<readonly ChatEvent[]>
  /** Called when the stream has ended without a failure. The reader waits for its promise. */
  end?: () => void | Promise<void>
  /** Called when the stream has failed. The reader gets the failure, or what this throws in its place. */
  error?: (error: unknown) => void | Promise<void>
  /** Called when the reader closes the stream: at most once, and not after an end or a failure. */
  close?: () => void
}

/**
 * Observes or rewrites a stream, read by read: costs one promise per read and none per event.
 *
 * @example
 * const inCapitals: Layer = (next) =>
 *   wrap(next, {
 *     stream(request, options) {
 *       const inner = next.stream(request, options)
 *       return chatStream(options?.signal, () =>
 *         mapBatches(inner, {
 *           signal: options?.signal,
 *           batch: (events) =>
 *             events.map((event) => (event.type === 'text' ? { ...event, text: event.text.toUpperCase() } : event)),
 *         }),
 *       )
 *     },
 *   })
 */
export function mapBatches(stream: AsyncIterable<ChatEvent>, hooks: BatchHooks): Batches {
  return new MappedBatches(batchesOf(stream, hooks.signal), hooks)
}

type Read = Awaited<ReturnType<Batches['next']>>

class MappedBatches implements Batches {
  readonly #inner: Batches
  readonly #hooks: BatchHooks
  #ended = false

  constructor(inner: Batches, hooks: BatchHooks) {
    this.#inner = inner
    this.#hooks = hooks
  }

  next(): Promise<Read> {
    return this.#inner.next().then(this.#onRead, this.#onError)
  }

  close(): void {
    if (!this.#ended) {
      this.#ended = true
      this.#hooks.close?.()
    }
    this.#inner.close()
  }

  readonly #onRead = async (first: Read): Promise<Read> => {
    const { batch } = this.#hooks
    try {
      // In a loop: a layer may leave out a long thought, batch by batch, and no read waits inside the one before it.
      for (let read = first; ; read = await this.#inner.next().catch(this.#onError)) {
        if (read.done === true) {
          this.#ended = true
          await this.#hooks.end?.()
          return read
        }
        if (batch === undefined) return read
        const value = await batch(read.value)
        if (value.length > 0) return { done: false, value }
      }
    } catch (error) {
      this.close()
      throw error
    }
  }

  readonly #onError = async (error: unknown): Promise<never> => {
    this.#ended = true
    await this.#hooks.error?.(error)
    // Thrown here and not returned by the hook: a promise would look into an abort reason for a `then`.
    throw error
  }
}
