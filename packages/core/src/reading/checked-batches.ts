import { quietly } from '../async/quietly.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import type { ChatResult } from '../chat.ts'
import { ChatError } from '../errors.ts'
import type { Batches } from '../stream.ts'
import { type AnyEvent, Collector } from './collector.ts'
import { isContent } from './is-content.ts'

/** How long the stream may take to end after its finish event, in milliseconds: whether more follows must be known first. */
const END_MS = 100

/**
 * The batches of a stream that is not made by this package, held to what every stream promises: it ends with exactly one
 * `finish` and nothing after it, an abort ends a pending read at once, and closing never throws. An end without a finish is
 * `truncated`; an event after the finish is `malformed`. Its errors get the partial answer.
 */
export class CheckedBatches<Event extends AnyEvent> implements Batches<Event> {
  readonly #inner: Batches<Event>
  readonly #signal: AbortSignal | undefined
  readonly #collector = new Collector()
  #hasContent = false
  #finished = false

  constructor(inner: Batches<Event>, signal: AbortSignal | undefined) {
    this.#inner = inner
    this.#signal = signal
  }

  async next(): Promise<IteratorResult<readonly Event[], undefined>> {
    if (this.#finished) return { done: true, value: undefined }
    const read = await this.#read()
    if (read.done === true) throw this.#broken('truncated', 'the stream ended without a finish event')
    this.#check(read.value)
    if (this.#finished) await this.#readEnd()
    return read
  }

  close(): void {
    quietly(() => {
      this.#inner.close()
    })
  }

  /** A provider that fails because it was aborted fails with the caller's reason, whatever it throws itself. */
  async #read(): Promise<IteratorResult<readonly Event[], undefined>> {
    try {
      return await unlessAborted(this.#inner.next(), this.#signal)
    } catch (error) {
      if (this.#signal?.aborted === true) throw this.#signal.reason
      if (error instanceof ChatError && !Object.isFrozen(error)) error.partial ??= this.#partial()
      throw error
    }
  }

  #check(events: readonly Event[]): void {
    for (const event of events) {
      if (this.#finished)
        throw this.#broken('malformed', `the stream went on with "${event.type}" after its finish event`)
      if (event.type === 'finish') this.#finished = true
      else if (isContent(event)) this.#hasContent = true
      this.#collector.add(event)
    }
  }

  /** Holds the finish event back until nothing follows it, because its reader need not read on. */
  async #readEnd(): Promise<void> {
    const late = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => {
      this.close()
      late.resolve(undefined)
    }, END_MS)
    // A failure after the finish does not affect the answer.
    const next = this.#inner.next().catch(() => undefined)
    const read = await Promise.race([next, late.promise])
    clearTimeout(timer)
    if (read !== undefined && read.done !== true) this.#check(read.value)
  }

  #partial(): ChatResult | undefined {
    return this.#hasContent ? this.#collector.result() : undefined
  }

  #broken(code: 'malformed' | 'truncated', words: string): ChatError {
    const { provider } = this.#collector.result()
    const details = { ...(provider !== '' && { provider }), partial: this.#partial() }
    return new ChatError(code, provider === '' ? words : `${provider}: ${words}`, details)
  }
}
