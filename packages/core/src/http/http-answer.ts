import type { ChatEvent, ChatResult } from '../chat.ts'
import { ChildAbort } from '../async/child-abort.ts'
import { quietly } from '../async/quietly.ts'
import { Collector } from '../reading/collector.ts'
import { AnswerSilence } from './answer-silence.ts'
import { ChatError } from '../errors.ts'
import { bodyError, networkError } from './network-errors.ts'
import { withRawEvents } from './raw-events.ts'
import { withProvider } from './with-provider.ts'
import { keepPartial } from '../reading/partial.ts'
import type { DecodedEvent, Decoder } from '../protocol.ts'
import { errorFromResponse, errorWait } from './error-from-response.ts'
import { type Exchange, type StartEvent, startOf } from './exchange.ts'
import { HtmlGuard } from './html-guard.ts'
import { type Batches, DONE } from '../stream.ts'
import { wholeCharacters } from '../dialect/whole-characters.ts'
import type { HttpResponse } from '../transport.ts'

/** How long the body of a finished answer may take to end, so that its connection can be reused. */
const DRAIN_MS = 100

/** The only loop over bytes: sends one request and reads the response as batches of events. */
export class HttpAnswer implements Batches {
  readonly #exchange: Exchange
  readonly #abort = new ChildAbort()
  readonly #collector = new Collector()
  /** The events that wait for their reader, and how many of them the collector has. */
  #events: ChatEvent[] = []
  #collected = 0
  #body: AsyncIterator<Uint8Array> | undefined
  #guard: HtmlGuard | undefined
  #decoder: Decoder | undefined
  #decodedEvents = 0
  /** Ends an answer that may end once it has been silent for long enough. */
  #silence: AnswerSilence | undefined
  #started = false
  #hasContent = false
  #finished = false
  /** The reader gets no further events. */
  #closed = false
  /** A failure to throw after the events before it have been delivered. */
  #failure: { reason: unknown } | undefined

  constructor(exchange: Exchange) {
    this.#exchange = exchange
    this.#abort.follow(exchange.call?.signal).onFollowed = this.#onFollowed
  }

  /**
   * Keeps the partial answer at once, because the reader of a deadline gets its error before the transport has ended. A field,
   * because V8 treats a function that is assigned to a property as long-lived: what it captures outlives minor collections.
   */
  readonly #onFollowed = (reason: unknown): void => {
    const partial = this.#isOpen() ? this.#partial() : undefined
    if (partial !== undefined) keepPartial(reason, partial)
  }

  async next(): Promise<IteratorResult<readonly ChatEvent[], undefined>> {
    if (this.#failure !== undefined) {
      const { reason } = this.#failure
      this.#failure = undefined
      const signal = this.#exchange.call?.signal
      throw signal?.aborted === true ? signal.reason : reason
    }
    let reading = false
    try {
      if (!this.#closed) {
        this.#abort.signal.throwIfAborted()
        const guard = this.#guard ?? (await this.#open())
        while (this.#events.length === 0 && this.#isOpen()) {
          reading = true
          const read = await this.#body?.next()
          reading = false
          // The reader closed the stream meanwhile.
          if (!this.#isOpen()) break
          if (read === undefined || read.done === true) this.#endBody(guard)
          else this.#push(guard, read.value)
          if (this.#finished) this.#drain()
        }
      }
    } catch (caught) {
      const error = reading && this.#silence?.hasEnded === true ? this.#endSilent() : caught
      if (this.#finished) {
        // An error after the end mark does not affect the answer.
        this.#drain()
      } else if (this.#isOpen()) {
        const reason = this.#fail(reading ? bodyError(error) : error)
        if (this.#events.length === 0) throw reason
        this.#failure = { reason }
      }
    }
    if (this.#events.length === 0) return DONE
    this.#collect()
    const value = this.#events
    this.#events = []
    this.#collected = 0
    return { done: false, value }
  }

  close(): void {
    if (this.#closed) return
    this.#stop()
    this.#events = []
    this.#cancelBody()
  }

  async #open(): Promise<HtmlGuard> {
    const { endpoint, opened, call, protocol } = this.#exchange
    const { signal } = this.#abort
    if (opened instanceof ChatError) throw opened
    const request = opened.outgoing
    const sentAt = endpoint.limits.clock.now()
    let response: HttpResponse
    try {
      response = await endpoint.send(request, signal, call)
    } catch (cause) {
      throw signal.aborted ? cause : networkError(request.http, cause)
    }
    // Kept from here on, so that every exit closes it.
    this.#body = response.body[Symbol.asyncIterator]()
    // A transport that does not heed its signal gives a response that nothing reads: the reader has got the reason.
    if (signal.aborted) this.#cancelBody()
    signal.throwIfAborted()
    if (response.status < 200 || response.status > 299)
      throw await errorFromResponse(protocol, request, response, this.#body, errorWait(endpoint.limits, call, sentAt))
    const contentType = response.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    const decoder = opened.decode(wholeCharacters(this.#emit))
    this.#decoder = decoder
    const sink = call?.raw === true ? withRawEvents(protocol.dialect, decoder, () => this.#events) : decoder
    this.#guard = new HtmlGuard(protocol.framing(contentType)(sink))
    return this.#guard
  }

  /** A method, because the compiler assumes that a field keeps its value across an `await`. */
  #isOpen(): boolean {
    return !this.#closed
  }

  readonly #emit = (event: DecodedEvent): void => {
    // Events after the end mark are ignored.
    if (this.#finished) return
    this.#decodedEvents++
    if (event.type === 'start') {
      if (!this.#started || event.provider !== undefined) this.#start(event)
      return
    }
    if (!this.#started) this.#start()
    if (event.type === 'finish') this.#finished = true
    else this.#hasContent = true
    this.#events.push(event)
  }

  #start(event?: StartEvent): void {
    this.#started = true
    this.#events.push(startOf(this.#exchange, event))
  }

  /** By the batch, and not event by event in the middle of decoding. */
  #collect(): void {
    this.#collector.addAll(this.#events.slice(this.#collected))
    this.#collected = this.#events.length
  }

  #push(guard: HtmlGuard, chunk: Uint8Array): void {
    const before = this.#decodedEvents
    guard.push(chunk)
    if (this.#finished) return
    if (this.#decoder?.mayEnd !== true) {
      // The answer goes on after its reason to end: the silence that has begun ends nothing.
      this.#silence?.cancel()
      this.#silence = undefined
      return
    }
    // Comments and pings bring no events, and do not extend the wait.
    if (this.#silence !== undefined && this.#decodedEvents === before) return
    const { endpoint, protocol } = this.#exchange
    const { endsAfterMs } = protocol
    if (endsAfterMs === undefined) return
    this.#silence?.cancel()
    this.#silence = new AnswerSilence(endpoint.limits, endsAfterMs, () => {
      this.#cancelBody()
    })
  }

  /** The silence was the end of the answer. Gives the error when the decoder disagrees. */
  #endSilent(): unknown {
    try {
      if (this.#guard !== undefined) this.#endBody(this.#guard)
      return undefined
    } catch (error) {
      return error
    }
  }

  /** Handles the end of the body. The decoder decides whether the answer is complete. */
  #endBody(guard: HtmlGuard): void {
    if (guard.isEmpty) throw new ChatError('malformed', 'the endpoint sent a success status without a body')
    guard.end()
    if (!this.#finished) throw new ChatError('truncated', 'the answer broke off before its end mark')
  }

  /** The answer is complete. Reads the rest of the body for a moment, so that the connection can be reused. */
  #drain(): void {
    const body = this.#body
    this.#stop()
    if (body === undefined) return
    const timer = setTimeout(() => {
      this.#cancelBody()
    }, DRAIN_MS)
    const readToEnd = async (): Promise<void> => {
      // A few reads show whether the end of the body follows the end mark, or unrequested data.
      for (let reads = 0; reads < 4; reads++) if ((await body.next()).done === true) return
      this.#cancelBody()
    }
    // A failure here loses nothing: the answer is complete and the transport has closed.
    void readToEnd()
      .catch(() => undefined)
      .finally(() => {
        clearTimeout(timer)
      })
  }

  #stop(): void {
    this.#closed = true
    this.#silence?.cancel()
    this.#abort.release()
  }

  #cancelBody(): void {
    quietly(() => this.#body?.return?.())
    // Also ends a request that has no body yet, and a decompressed body, whose `return()` waits for the pending read.
    this.#abort.abort()
  }

  /** Closes everything and gives the error for the reader. */
  #fail(error: unknown): unknown {
    const { endpoint, opened, call, model, models } = this.#exchange
    const secrets = opened instanceof ChatError ? [] : opened.outgoing.secrets()
    const signal = call?.signal
    const isAborted = signal?.aborted === true
    const reason: unknown = isAborted
      ? signal.reason
      : withProvider(endpoint.id, error, secrets, { bodyHead: this.#excerptFor(error), model, models })
    // Of an abort, the partial answer was kept when the signal said so.
    if (!isAborted) this.#release()
    const partial = isAborted ? undefined : this.#partial()
    if (partial !== undefined && reason instanceof ChatError) reason.partial = partial
    this.#stop()
    this.#cancelBody()
    return reason
  }

  /** Delivers the content that the decoder holds back. */
  #release(): void {
    try {
      this.#decoder?.release?.()
    } catch {
      // The failure that is known explains more.
    }
  }

  #partial(): ChatResult | undefined {
    if (!this.#hasContent) return undefined
    this.#collect()
    return this.#collector.result()
  }

  /** The beginning of a malformed body of which the reader has seen nothing. */
  #excerptFor(error: unknown): string | undefined {
    const isMalformed = error instanceof ChatError && error.code === 'malformed'
    return isMalformed && !this.#hasContent ? this.#guard?.excerpt() : undefined
  }
}
