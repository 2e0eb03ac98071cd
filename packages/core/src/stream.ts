/**
 * How events travel. A read of the socket brings many events at once, and one promise per event in every layer would cost more
 * than parsing the event. So layers read a stream in *batches*, one array of events per read, and only the outermost loop
 * takes the events out one by one.
 */

import type { ChatEvent } from './chat.ts'

/** Reads batches. A batch is never empty. `close()` ends the stream at once, also while a `next()` is pending. */
export interface Batches {
  next(): Promise<IteratorResult<readonly ChatEvent[], undefined>>
  close(): void
}

/** A stream of events that can also be read in batches. It can be read once. */
export interface ChatStream extends AsyncIterable<ChatEvent, undefined> {
  batches(): Batches
}

export const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined })

/**
 * Makes a stream from batches. `open` is called at the first read.
 *
 * @param signal The caller's: after it has aborted, no further event is delivered.
 */
export function chatStream(signal: AbortSignal | undefined, open: () => Batches): ChatStream {
  return new EventStream(signal, open)
}

class EventStream implements ChatStream {
  readonly #signal: AbortSignal | undefined
  readonly #open: () => Batches
  #hasReader = false

  constructor(signal: AbortSignal | undefined, open: () => Batches) {
    this.#signal = signal
    this.#open = open
  }

  batches(): Batches {
    if (this.#hasReader) throw new TypeError('This stream already has a reader: call stream() again for a new one.')
    this.#hasReader = true
    return new LazyBatches(this.#open)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<ChatEvent, undefined> {
    return eachEvent(this.batches(), (event) => event, this.#signal)
  }
}

/** The batches of a stream. A stream of another implementation is read in batches of one event. */
export function batchesOf(stream: AsyncIterable<ChatEvent>): Batches {
  if ('batches' in stream) return (stream as ChatStream).batches()
  const events = stream[Symbol.asyncIterator]()
  return {
    async next() {
      const read = await events.next()
      return read.done === true ? DONE : { done: false, value: [read.value] }
    },
    close() {
      // The reader has gone: a failure to close has no receiver.
      events.return?.().then(undefined, () => undefined)
    },
  }
}

/** Opens nothing before the first read, and nothing at all when the reader closes the stream before it. */
class LazyBatches implements Batches {
  /** Dropped at the first read, so that what it captures is not kept alive while an answer is read. */
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

/** Iterates over the events of batches. `pick` gives what is delivered for an event; `undefined` skips it. */
export function eachEvent<T>(
  batches: Batches,
  pick: (event: ChatEvent) => T | undefined,
  signal?: AbortSignal,
): AsyncIterableIterator<T, undefined> {
  return new EventIterator(batches, pick, signal)
}

const NONE: readonly ChatEvent[] = []

/** Hand-written, because it makes one promise per event where a generator makes three. */
class EventIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #batches: Batches
  readonly #pick: (event: ChatEvent) => T | undefined
  readonly #signal: AbortSignal | undefined
  #batch = NONE
  #position = 0
  /** The latest of the pending reads, and how many are pending. */
  #lastRead: Promise<unknown> | undefined
  #pendingReads = 0
  #ended = false

  constructor(batches: Batches, pick: (event: ChatEvent) => T | undefined, signal: AbortSignal | undefined) {
    this.#batches = batches
    this.#pick = pick
    this.#signal = signal
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const last = this.#lastRead
    const ready = last === undefined ? this.#readWithoutWaiting() : undefined
    if (ready !== undefined) return ready
    // Concurrent reads are answered in the order in which they were made.
    this.#pendingReads++
    const read = last === undefined ? this.#pull() : last.then(this.#readAfterLast, this.#readAfterLast)
    this.#lastRead = read
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

  readonly #readAfterLast = (): Promise<IteratorResult<T, undefined>> => {
    const ready = this.#readWithoutWaiting()
    if (ready === undefined) return this.#pull()
    this.#readDone()
    return ready
  }

  #readDone(): void {
    if (--this.#pendingReads === 0) this.#lastRead = undefined
  }

  /** The result that needs no further batch: a buffered event, an abort, the end. */
  #readWithoutWaiting(): Promise<IteratorResult<T, undefined>> | undefined {
    if (this.#ended) return Promise.resolve(DONE)
    if (this.#position >= this.#batch.length) return undefined
    if (this.#signal?.aborted === true) return this.#fail(this.#signal.reason)
    try {
      const value = this.#take()
      return value === undefined ? undefined : Promise.resolve({ done: false, value })
    } catch (error) {
      return this.#fail(error)
    }
  }

  #take(): T | undefined {
    const batch = this.#batch
    while (this.#position < batch.length) {
      const event = batch[this.#position++]
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
        this.#position = 0
        const value = this.#take()
        if (value !== undefined) return { done: false, value }
      }
      this.#end()
      return DONE
    } catch (error) {
      this.#end()
      // `pick` may throw too: then the stream is closed as by a break.
      this.#batches.close()
      throw error
    } finally {
      this.#readDone()
    }
  }

  /** Buffered events are not delivered after the caller has aborted: an abort is never a silent end. */
  #fail(reason: unknown): Promise<never> {
    this.#end()
    this.#batches.close()
    // The caller gets its own reason, whatever its type.
    return Promise.reject(reason)
  }

  #end(): void {
    this.#ended = true
    this.#batch = NONE
  }
}

/** A stream that fails at its first read, for a group or a layer that knows the failure before it sends a request. */
export function failedStream(signal: AbortSignal | undefined, error: unknown): ChatStream {
  // The reader gets the failure itself, whatever its type.
  return chatStream(signal, () => ({ next: () => Promise.reject(error), close: () => undefined }))
}
