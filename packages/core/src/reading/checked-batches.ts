import { isRecord } from '../check/is-record.ts'
import { deferred } from '../async/deferred.ts'
import { quietly } from '../async/quietly.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import type { ChatResult } from '../chat.ts'
import { ChatError } from '../errors.ts'
import { type Batches, DONE } from '../batches.ts'
import { type AnyEvent, Collector } from './collector.ts'
import { isContent } from './is-content.ts'
import { isOwnReason, keepPartial } from './partial.ts'

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
  #closed = false
  /** Ends the pending read. */
  #endRead: (() => void) | undefined

  constructor(inner: Batches<Event>, signal: AbortSignal | undefined) {
    this.#inner = inner
    this.#signal = signal
  }

  async next(): Promise<IteratorResult<readonly Event[], undefined>> {
    if (this.#finished || this.#closed) return DONE
    try {
      const read = await unlessAborted(this.#nextOrClosed(), this.#signal)
      if (this.#isClosed()) return DONE
      if (read.done === true) throw this.#broken('truncated', 'the stream ended without a finish event')
      const events: unknown = read.value
      if (!Array.isArray(events)) throw noEvents()
      if (this.#check(read.value)) await this.#readEnd()
      return read
    } catch (error) {
      throw this.#failure(error)
    }
  }

  close(): void {
    this.#closed = true
    this.#closeInner()
    this.#endRead?.()
  }

  #closeInner(): void {
    quietly(() => {
      this.#inner.close()
    })
  }

  /** A provider that fails because it was aborted fails with the caller's reason, whatever it throws itself. */
  #failure(error: unknown): unknown {
    const partial = this.#partial()
    if (this.#signal?.aborted === true) {
      const reason: unknown = this.#signal.reason
      if (partial !== undefined && isOwnReason(reason)) keepPartial(reason, partial)
      return reason
    }
    if (error instanceof ChatError) return withPartial(error, partial)
    if (partial === undefined) return error
    keepPartial(error, partial)
    return error
  }

  /** A stream that is closed may never settle its pending read. */
  #nextOrClosed(): ReturnType<Batches<Event>['next']> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        resolve(DONE)
      }
      this.#endRead = end
      Promise.resolve(this.#inner.next()).then(resolve, reject)
    })
  }

  /** A method, because the compiler assumes that a field keeps its value across an `await`. */
  #isClosed(): boolean {
    return this.#closed
  }

  /** Throws for an event after the finish. Gives whether the finish has come. */
  #check(events: readonly Event[]): boolean {
    for (const event of events) {
      if (!isEvent(event)) throw noEvents()
      if (this.#finished)
        throw this.#broken('malformed', `the stream went on with "${event.type}" after its finish event`)
      if (event.type === 'finish') this.#finished = true
      else if (isContent(event)) this.#hasContent = true
      this.#collector.add(event)
    }
    return this.#finished
  }

  /** Holds the finish event back until nothing follows it, because its reader need not read on. */
  async #readEnd(): Promise<void> {
    const late = deferred<undefined>()
    const timer = setTimeout(() => {
      this.#closeInner()
      late.resolve(undefined)
    }, END_MS)
    // A failure after the finish does not affect the answer.
    const next = this.#nextOrClosed().catch(() => undefined)
    const read = await Promise.race([next, late.promise])
    clearTimeout(timer)
    if (read === undefined || read.done === true) return
    // More came, perhaps an empty read: nothing reads on to its end.
    this.#closeInner()
    this.#check(read.value)
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

/** The failure of a stream that gives anything but events. */
export const noEvents = (): ChatError => new ChatError('malformed', 'the stream gave something that is not an event')

/** The fields that a reader takes for texts. */
const TEXTS: ReadonlyMap<string, readonly string[]> = /* @__PURE__ */ new Map([
  ['start', ['provider', 'model']],
  ['text', ['text']],
  ['reasoning', ['text']],
  ['tool-call', ['id', 'name']],
  ['tool-input', ['id', 'text']],
  ['native', ['dialect']],
  ['restart', ['from', 'reason', 'message']],
  ['resume', ['from', 'reason', 'message']],
  ['finish', ['reason']],
])

/** Whether a value has a type, and the texts that a reader takes for granted in one of that type. */
export function isEvent(event: unknown): event is Record<string, unknown> & { type: string } {
  if (!isRecord(event) || typeof event.type !== 'string') return false
  return TEXTS.get(event.type)?.every((name) => typeof event[name] === 'string') ?? true
}

/** The errors that have the partial answer of a stream from here. */
const completed = new WeakSet<ChatError>()

/** One error may be thrown by the streams of several callers: each gets its own partial answer, the later ones on a copy. */
function withPartial(error: ChatError, partial: ChatResult | undefined): ChatError {
  if (completed.has(error) || (partial !== undefined && Object.isFrozen(error))) {
    const { code, message, provider, status, retryAfterMs, attempts } = error
    return new ChatError(code, message, { provider, status, retryAfterMs, attempts, partial, cause: error })
  }
  if (partial === undefined || error.partial !== undefined) return error
  completed.add(error)
  error.partial = partial
  return error
}
