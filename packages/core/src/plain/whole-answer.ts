import { deferred } from '../async/deferred.ts'
import type { ChatResult } from '../chat.ts'
import { restartError, type Restart } from '../reading/collect.ts'
import { type AnyEvent, Collector } from '../reading/collector.ts'
import { keepPartial } from '../reading/partial.ts'
import { type Batches, batchesOf, DONE, trustedStream } from '../stream.ts'
import { PieceQueue } from './piece-queue.ts'

/** How an answer is asked for and read. */
export interface Reading<Event extends AnyEvent, Item, Result extends ChatResult> {
  /** What the caller called, for a message: `text()`. */
  name: string
  /** Asks for it. `startsOver`, at the first read: the answer may be restarted, because its reader has seen nothing of it. */
  ask: (startsOver: () => boolean) => AsyncIterable<Event>
  signal: AbortSignal | undefined
  /** What the reader gets for an event; `undefined` skips it. */
  pick: (event: Event) => Item | undefined
  /** Whether the reader hears of a restart, and can take back what it has. */
  takesBack: boolean
  /** What `result` gives at the end. */
  whole: (result: ChatResult) => Result | Promise<Result>
}

const refuseRestart = (event: Restart): never => {
  throw restartError(event)
}

/**
 * An answer that is read piece by piece, or as a whole by its `result`, or both, and asked for once. Whoever reads first drives
 * it: `result` may start over, as long as no piece has been delivered.
 */
export class WholeAnswer<Event extends AnyEvent, Item, Result extends ChatResult> implements AsyncIterable<
  Item,
  undefined
> {
  readonly #reading: Reading<Event, Item, Result>
  readonly #pieces: AsyncIterable<Item, undefined>
  readonly #result = deferred<Result>()
  /** Asked at the call, so that the caller's mistakes are thrown there; nothing is sent before the first read. */
  readonly #stream: AsyncIterable<Event>
  readonly #collector = new Collector()
  #hasDriver = false
  /** It is `result` that drives. */
  #startsOver = false

  constructor(reading: Reading<Event, Item, Result>) {
    this.#reading = reading
    this.#stream = reading.ask(() => this.#startsOver)
    this.#pieces = trustedStream<Item>(reading.signal, () => (this.#hasDriver ? this.#queue : this.#direct()))
    // A result that nobody reads must not end the process.
    this.#result.promise.catch(() => undefined)
  }

  /** The answer of the last round, once the iteration has ended; without an iteration, reading it reads the answer. */
  get result(): Promise<Result> {
    if (!this.#hasDriver) void this.#drive()
    return this.#result.promise
  }

  [Symbol.asyncIterator](): AsyncIterator<Item, undefined> {
    return this.#pieces[Symbol.asyncIterator]()
  }

  /** What `result` has read, for an iteration that began after it. */
  readonly #queue = new PieceQueue<Item>()

  /** The iteration reads the answer itself. */
  #direct(): Batches<Item> {
    const batches = this.#begin()
    const next: Batches<Item>['next'] = async () => {
      try {
        for (;;) {
          const read = await batches.next()
          if (read.done === true) {
            await this.#end()
            return DONE
          }
          const items = this.#take(read.value, refuseRestart)
          if (items.length > 0) return { done: false, value: items }
        }
      } catch (error) {
        this.#result.reject(error)
        throw error
      }
    }
    const close = (): void => {
      batches.close()
      const reason = new DOMException(`${this.#reading.name}: the iteration was left before the end`, 'AbortError')
      keepPartial(reason, this.#collector.result())
      this.#result.reject(reason)
    }
    return { next, close }
  }

  /** `result` reads the answer, and keeps its pieces for an iteration that may follow. */
  async #drive(): Promise<void> {
    const queue = this.#queue
    this.#startsOver = true
    try {
      const batches = this.#begin()
      for (let read = await batches.next(); read.done !== true; read = await batches.next()) {
        queue.add(
          this.#take(read.value, (event) => {
            queue.startOver(event)
          }),
        )
      }
      await this.#end()
      queue.end()
    } catch (error) {
      this.#result.reject(error)
      queue.fail(error)
    }
  }

  #begin(): Batches<Event> {
    this.#hasDriver = true
    return batchesOf(this.#stream, this.#reading.signal)
  }

  #take(events: readonly Event[], restart: (event: Restart) => void): Item[] {
    const { pick, takesBack } = this.#reading
    let items: Item[] = []
    for (const event of events) {
      this.#collector.add(event)
      if (event.type === 'restart' && !takesBack) {
        restart(event)
        items = []
        continue
      }
      const item = pick(event)
      if (item !== undefined) items.push(item)
    }
    return items
  }

  async #end(): Promise<void> {
    this.#result.resolve(await this.#reading.whole(this.#collector.result()))
  }
}
