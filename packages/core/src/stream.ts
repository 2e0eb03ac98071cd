/**
 * How events travel. A read of the socket brings many events at once; handing each through every layer by a promise of
 * its own would cost more than parsing it. So inside, a stream is read in *batches*, one array of events for each read,
 * and only the outermost loop takes them out one by one.
 */

import type { ChatEvent } from './chat.ts'

/** Reads batches. A batch is never empty. `close()` lets go at once, also while a `next()` is pending. */
export interface Batches {
  next(): Promise<IteratorResult<readonly ChatEvent[], undefined>>
  close(): void
}

/** A stream of events that can also be read by the batch. It is read once. */
export interface ChatStream extends AsyncIterable<ChatEvent, undefined> {
  batches(): Batches
}

export const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined })

/**
 * A stream over batches. `open` is called at the first read.
 *
 * @param signal The caller's: once it has aborted, nothing more is delivered.
 */
export function chatStream(signal: AbortSignal | undefined, open: () => Batches): ChatStream {
  return new EventStream(signal, open)
}

class EventStream implements ChatStream {
  readonly #signal: AbortSignal | undefined
  readonly #open: () => Batches
  #taken = false

  constructor(signal: AbortSignal | undefined, open: () => Batches) {
    this.#signal = signal
    this.#open = open
  }

  batches(): Batches {
    if (this.#taken) throw new TypeError('This stream is being read already: call stream() again.')
    this.#taken = true
    return new LazyBatches(this.#open)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<ChatEvent, undefined> {
    return eachEvent(this.batches(), (event) => event, this.#signal)
  }
}

/** The stream by the batch; a stream that knows no batches gives batches of one. */
export function batchesOf(stream: AsyncIterable<ChatEvent>): Batches {
  if ('batches' in stream) return (stream as ChatStream).batches()
  const events = stream[Symbol.asyncIterator]()
  return {
    async next() {
      const read = await events.next()
      return read.done === true ? DONE : { done: false, value: [read.value] }
    },
    close() {
      // Nobody is left to hear that it could not be closed.
      events.return?.().then(undefined, () => undefined)
    },
  }
}

/** Nothing is opened before the first read, and nothing at all when the reader leaves before it. */
class LazyBatches implements Batches {
  /** Until it has opened them: what it needed for that is not held while an answer is read. */
  #open: (() => Batches) | undefined
  #batches: Batches | undefined

  constructor(open: () => Batches) {
    this.#open = open
  }

  next(): ReturnType<Batches['next']> {
    this.#batches ??= this.#open?.()
    this.#open = undefined
    return this.#batches?.next() ?? Promise.resolve(DONE)
  }

  close(): void {
    this.#open = undefined
    this.#batches?.close()
    this.#batches = undefined
  }
}

/**
 * Takes the events out of their batches; `pick` says what is delivered of each, `undefined` passes it over.
 */
export function eachEvent<T>(
  batches: Batches,
  pick: (event: ChatEvent) => T | undefined,
  signal?: AbortSignal,
): AsyncIterableIterator<T, undefined> {
  return new EventIterator(batches, pick, signal)
}

const NONE: readonly ChatEvent[] = []

/** By hand and not a generator: one promise for each event, where a generator needs three. */
class EventIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #batches: Batches
  readonly #pick: (event: ChatEvent) => T | undefined
  readonly #signal: AbortSignal | undefined
  #batch = NONE
  #at = 0
  /** The last of the reads that are not answered yet, and how many they are. */
  #last: Promise<unknown> | undefined
  #unanswered = 0
  #ended = false

  constructor(batches: Batches, pick: (event: ChatEvent) => T | undefined, signal: AbortSignal | undefined) {
    this.#batches = batches
    this.#pick = pick
    this.#signal = signal
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const last = this.#last
    const ready = last === undefined ? this.#ready() : undefined
    if (ready !== undefined) return ready
    // Reads that do not wait for each other are answered in the order in which they were asked for.
    this.#unanswered++
    const read = last === undefined ? this.#pull() : last.then(this.#again, this.#again)
    this.#last = read
    return read
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#end()
    this.#batches.close()
    return Promise.resolve(DONE)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  readonly #again = (): Promise<IteratorResult<T, undefined>> => {
    const ready = this.#ready()
    if (ready === undefined) return this.#pull()
    this.#answered()
    return ready
  }

  #answered(): void {
    if (--this.#unanswered === 0) this.#last = undefined
  }

  /** What is answered without reading on: an event on hand, an abort, the end. */
  #ready(): Promise<IteratorResult<T, undefined>> | undefined {
    if (this.#ended) return Promise.resolve(DONE)
    if (this.#at >= this.#batch.length) return undefined
    if (this.#signal?.aborted === true) return this.#leave(this.#signal.reason)
    try {
      const value = this.#take()
      return value === undefined ? undefined : Promise.resolve({ done: false, value })
    } catch (error) {
      return this.#leave(error)
    }
  }

  #take(): T | undefined {
    const batch = this.#batch
    while (this.#at < batch.length) {
      const event = batch[this.#at++]
      const value = event && this.#pick(event)
      if (value !== undefined) return value
    }
    return undefined
  }

  async #pull(): Promise<IteratorResult<T, undefined>> {
    try {
      while (!this.#ended) {
        const { done, value: batch } = await this.#batches.next()
        if (done === true) break
        this.#batch = batch
        this.#at = 0
        const value = this.#take()
        if (value !== undefined) return { done: false, value }
      }
      this.#end()
      return DONE
    } catch (error) {
      this.#end()
      // `pick` may throw too: then the stream is left as by a break.
      this.#batches.close()
      throw error
    } finally {
      this.#answered()
    }
  }

  /** Events that had come are not delivered once the caller has aborted: an abort is never a quiet end. */
  #leave(reason: unknown): Promise<never> {
    this.#end()
    this.#batches.close()
    // The caller's reason is what the caller gets, whatever it is.
    return Promise.reject(reason)
  }

  #end(): void {
    this.#ended = true
    this.#batch = NONE
  }
}

/** A stream that fails at its first read, for a group or a layer that knows the failure before it asks. */
export function failedStream(signal: AbortSignal | undefined, error: unknown): ChatStream {
  // The reason is the failure, whatever it is.
  return chatStream(signal, () => ({ next: () => Promise.reject(error), close: () => undefined }))
}
