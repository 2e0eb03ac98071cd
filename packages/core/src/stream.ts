/**
 * How events travel. A read of the socket brings many events at once, and one promise per event in every layer would cost more
 * than parsing the event. So layers read a stream in *batches*, one array of events per read, and only the outermost loop
 * takes the events out one by one.
 */

import { ignoreRejection, quietly } from './async/quietly.ts'
import type { ChatEvent } from './chat.ts'
import { type Batches, DONE } from './batches.ts'
import { CheckedBatches, noEvents } from './reading/checked-batches.ts'
import { isRecord } from './check/is-record.ts'
import type { AnyEvent } from './reading/collector.ts'

export { type Batches, DONE }

/** A stream of events that can also be read in batches. It can be read once. */
export interface ChatStream<Event = ChatEvent> extends AsyncIterable<Event, undefined> {
  batches(): Batches<Event>
}

/**
 * Makes a stream from batches, for authors of providers and layers. `open` is called at the first read. What the batches give
 * is checked: an end without a finish, or an event after it, is an error.
 *
 * @param signal The caller's: after it has aborted, no further event is delivered, and a pending read rejects.
 */
export function chatStream(signal: AbortSignal | undefined, open: () => Batches): ChatStream {
  return trustedStream(signal, () => new CheckedBatches(open(), signal))
}

/** As {@link chatStream}, without its check: for batches that come from streams that are checked already. */
export function trustedStream<Event = ChatEvent>(
  signal: AbortSignal | undefined,
  open: () => Batches<Event>,
): ChatStream<Event> {
  return new EventStream(signal, open)
}

/** Marks the streams of this package, also those of another copy of it: they need no check. */
const TRUSTED = Symbol.for('@rivulet/core/trusted-stream')

class EventStream<Event> implements ChatStream<Event> {
  readonly [TRUSTED] = true
  readonly #signal: AbortSignal | undefined
  readonly #open: () => Batches<Event>
  #hasReader = false

  constructor(signal: AbortSignal | undefined, open: () => Batches<Event>) {
    this.#signal = signal
    this.#open = open
  }

  batches(): Batches<Event> {
    if (this.#hasReader) throw new TypeError('This stream already has a reader: call stream() again for a new one.')
    this.#hasReader = true
    return new LazyBatches(this.#open)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Event, undefined> {
    return eachEvent(this.batches(), (event) => event, this.#signal)
  }
}

/**
 * The batches of a stream. A stream of another implementation is read in batches of one event, and checked: it ends with one
 * finish event, and an abort of the signal ends its pending read.
 *
 * @throws TypeError for anything that is not a stream.
 */
export function batchesOf<Event extends AnyEvent = ChatEvent>(
  stream: AsyncIterable<Event>,
  signal?: AbortSignal,
): Batches<Event> {
  if (!isStream(stream)) {
    ignoreRejection(stream)
    throw new TypeError('This is not a stream of events: pass what provider.stream(request) returns.')
  }
  if (isTrusted(stream)) return stream.batches()
  return new CheckedBatches(batchesOfOne(stream), signal)
}

/** Whether a value can be read as a stream. */
export const isStream = <Event>(value: unknown): value is AsyncIterable<Event> =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Partial<AsyncIterable<Event>>)[Symbol.asyncIterator] === 'function'

const isTrusted = <Event>(stream: AsyncIterable<Event>): stream is ChatStream<Event> => TRUSTED in stream

/** Batches of one event; of a stream that has batches of its own, those. */
function batchesOfOne<Event>(stream: AsyncIterable<Event>): Batches<Event> {
  const { batches } = stream as Partial<ChatStream<Event>>
  const own: unknown = typeof batches === 'function' ? batches.call(stream) : stream[Symbol.asyncIterator]()
  // Written by others, who may give anything.
  if (!isRecord(own) || typeof own.next !== 'function') throw noEvents()
  if (typeof batches === 'function') return own as unknown as Batches<Event>
  const events = own as unknown as AsyncIterator<Event>
  return {
    async next() {
      const read: unknown = await events.next()
      if (!isRecord(read)) throw noEvents()
      return read.done === true ? DONE : { done: false, value: [read.value as Event] }
    },
    close() {
      quietly(() => events.return?.())
    },
  }
}

/** Opens nothing before the first read, and nothing at all when the reader closes the stream before it. */
class LazyBatches<Event> implements Batches<Event> {
  /** Dropped at the first read, so that what it captures is not kept alive while an answer is read. */
  #open: (() => Batches<Event>) | undefined
  #batches: Batches<Event> | undefined

  constructor(open: () => Batches<Event>) {
    this.#open = open
  }

  next(): ReturnType<Batches<Event>['next']> {
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
export function eachEvent<Event, T>(
  batches: Batches<Event>,
  pick: (event: Event) => T | undefined,
  signal?: AbortSignal,
): AsyncIterableIterator<T, undefined> {
  return new EventIterator(batches, pick, signal)
}

const NONE: readonly never[] = []

type Result<T> = IteratorResult<T, undefined>

/** Hand-written, because it makes one promise per event where a generator makes three. */
class EventIterator<Event, T> implements AsyncIterableIterator<T, undefined> {
  readonly #batches: Batches<Event>
  readonly #pick: (event: Event) => T | undefined
  readonly #signal: AbortSignal | undefined
  #batch: readonly Event[] = NONE
  #position = 0
  /** The latest of the pending reads, and how many are pending. */
  #lastRead: Promise<unknown> | undefined
  #pendingReads = 0
  #ended = false

  constructor(batches: Batches<Event>, pick: (event: Event) => T | undefined, signal: AbortSignal | undefined) {
    this.#batches = batches
    this.#pick = pick
    this.#signal = signal
  }

  next(): Promise<Result<T>> {
    const last = this.#lastRead
    const ready = last === undefined ? this.#readWithoutWaiting() : undefined
    if (ready !== undefined) return ready
    // Concurrent reads are answered in the order in which they were made.
    this.#pendingReads++
    const read = last === undefined ? this.#pull() : last.then(this.#readAfterLast, this.#readAfterLast)
    this.#lastRead = read
    return read
  }

  return(): Promise<Result<T>> {
    this.#end()
    this.#batches.close()
    return Promise.resolve(DONE)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  readonly #readAfterLast = (): Promise<Result<T>> => {
    const ready = this.#readWithoutWaiting()
    if (ready === undefined) return this.#pull()
    this.#readDone()
    return ready
  }

  #readDone(): void {
    if (--this.#pendingReads === 0) this.#lastRead = undefined
  }

  /** The result that needs no further batch: a buffered event, an abort, the end. */
  #readWithoutWaiting(): Promise<Result<T>> | undefined {
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
      const value = event === undefined ? undefined : this.#pick(event)
      if (value !== undefined) return value
    }
    return undefined
  }

  /** Not async, which would take three times the memory for each read. */
  #pull(): Promise<Result<T>> {
    try {
      return this.#batches.next().then(this.#onBatch, this.#onFailure)
    } catch (error) {
      return this.#onFailure(error)
    }
  }

  readonly #onBatch = (read: IteratorResult<readonly Event[], undefined>): Result<T> | Promise<Result<T>> => {
    try {
      return this.#answer(read) ?? this.#search().catch(this.#onFailure)
    } catch (error) {
      // `pick` may throw too: then the stream is closed as by a break.
      return this.#onFailure(error)
    }
  }

  /** What a batch answers the read with; `undefined` when it has nothing for it. */
  #answer({ done, value = NONE }: IteratorResult<readonly Event[], undefined>): Result<T> | undefined {
    this.#batch = value
    this.#position = 0
    const event = this.#take()
    if (event === undefined && done !== true && !this.#ended) return undefined
    this.#readDone()
    if (event !== undefined) return { done: false, value: event }
    this.#end()
    return DONE
  }

  /** In a loop: with a promise inside the other for each batch that is skipped, a long thought would be a long chain of them. */
  async #search(): Promise<Result<T>> {
    let result: Result<T> | undefined
    while (result === undefined) result = this.#answer(await this.#batches.next())
    return result
  }

  readonly #onFailure = (error: unknown): Promise<never> => {
    this.#readDone()
    return this.#fail(error)
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
  return trustedStream(signal, () => failedBatches(error))
}

/** Batches whose first read fails. */
export const failedBatches = (error: unknown): Batches => ({
  // The reader gets the failure itself, whatever its type.
  next: () => Promise.reject(error),
  close: () => undefined,
})
