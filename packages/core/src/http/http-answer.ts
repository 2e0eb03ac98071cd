import type { ChatEvent } from '../chat.ts'
import { ChildAbort } from '../async/child-abort.ts'
import { Collector } from '../reading/collect.ts'
import type { Endpoint } from './endpoint.ts'
import { ChatError } from '../errors.ts'
import { bodyError, networkError } from './network-errors.ts'
import { withProvider } from './with-provider.ts'
import { keepPartial } from '../reading/partial.ts'
import type { DecodedEvent, Frame, Protocol, Sink } from '../protocol.ts'
import type { CallOptions } from '../provider.ts'
import { errorFromResponse } from './error-from-response.ts'
import { HtmlGuard } from './html-guard.ts'
import type { OutgoingRequest } from './outgoing-request.ts'
import { type Batches, DONE } from '../stream.ts'
import { wholeCharacters } from '../dialect/whole-characters.ts'
import type { HttpResponse } from '../transport.ts'

/** How long the body of a finished answer may take to end, so that the connection can be used again. */
const LINGER_MS = 100

export interface Exchange {
  endpoint: Endpoint
  model: string
  protocol: Protocol
  /** What is sent; or why nothing is: what the world would refuse anyway is a failure of the stream. */
  request: OutgoingRequest | ChatError
  call: CallOptions | undefined
}

/** The only loop over bytes: one request on the wire, and what comes back as batches of events. */
export class HttpAnswer implements Batches {
  readonly #exchange: Exchange
  readonly #abort = new ChildAbort()
  /** What has come so far, once anything has. */
  #collector: Collector | undefined
  #events: ChatEvent[] = []
  #body: AsyncIterator<Uint8Array> | undefined
  #head: HtmlGuard | undefined
  #started = false
  #hasContent = false
  #finished = false
  /** Nothing more is read. */
  #closed = false
  /** A failure that waits until what came before it has been delivered. */
  #failure: { reason: unknown } | undefined

  constructor(exchange: Exchange) {
    this.#exchange = exchange
    this.#abort.follow(exchange.call?.signal).onFollowed = this.#onFollowed
  }

  /**
   * At once, because a deadline's reader has its error before the transport has ended. A field, because V8 takes a function
   * that is written in an assignment to a property for one that lives long, and then whatever it holds outlives minor collections.
   */
  readonly #onFollowed = (reason: unknown): void => {
    if (this.#isOpen()) this.#keepPartial(reason)
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
        const head = this.#head ?? (await this.#open())
        while (this.#events.length === 0 && this.#isOpen()) {
          reading = true
          const read = await this.#body?.next()
          reading = false
          // The reader left meanwhile.
          if (!this.#isOpen()) break
          if (read === undefined || read.done === true) this.#bodyEnded(head)
          else head.push(read.value)
          if (this.#finished) this.#letGo()
        }
      }
    } catch (error) {
      if (this.#finished) {
        // What is wrong behind the end mark is wrong with nothing that was asked for.
        this.#letGo()
      } else if (this.#isOpen()) {
        const reason = this.#fail(reading ? bodyError(error) : error)
        if (this.#events.length === 0) throw reason
        this.#failure = { reason }
      }
    }
    if (this.#events.length === 0) return DONE
    const value = this.#events
    this.#events = []
    return { done: false, value }
  }

  close(): void {
    if (this.#closed) return
    this.#leave()
    this.#events = []
    this.#dropBody()
  }

  async #open(): Promise<HtmlGuard> {
    const { endpoint, request, call, protocol } = this.#exchange
    const { signal } = this.#abort
    if (request instanceof ChatError) throw request
    let response: HttpResponse
    try {
      response = await endpoint.send(request, signal, call)
    } catch (cause) {
      throw signal.aborted ? cause : networkError(request.http, cause)
    }
    // Held from here on, so that whatever comes closes it.
    this.#body = response.body[Symbol.asyncIterator]()
    if (this.#closed) this.#dropBody()
    if (response.status < 200 || response.status > 299)
      throw await errorFromResponse(protocol, request, response, this.#body)
    const contentType = response.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    const emit = wholeCharacters((event) => {
      this.#emit(event)
    })
    const decoder = protocol.decode(emit)
    const sink = call?.raw === true ? this.#showing(decoder) : decoder
    this.#head = new HtmlGuard(protocol.framing(contentType)(sink))
    return this.#head
  }

  /** Gives each frame as it came before what is read out of it. */
  #showing(decoder: Sink<Frame>): Sink<Frame> {
    return {
      push: (frame) => {
        const { event } = frame
        this.#events.push({ type: 'raw', data: frame.text(), ...(event !== undefined && { event }) })
        decoder.push(frame)
      },
      end() {
        decoder.end()
      },
    }
  }

  /** A method, because a field that another turn changes looks constant to the compiler. */
  #isOpen(): boolean {
    return !this.#closed
  }

  #emit(event: DecodedEvent): void {
    // Nothing is said after the end, whatever the endpoint sends behind its end mark.
    if (this.#finished) return
    if (event.type === 'start') {
      if (!this.#started) this.#start(event.model, event.id)
      return
    }
    if (!this.#started) this.#start()
    if (event.type === 'finish') this.#finished = true
    else this.#hasContent = true
    this.#deliver(event)
  }

  #start(model: string = this.#exchange.model, id?: string): void {
    this.#started = true
    this.#deliver({ type: 'start', provider: this.#exchange.endpoint.id, model, ...(id !== undefined && { id }) })
  }

  #deliver(event: ChatEvent): void {
    ;(this.#collector ??= new Collector()).add(event)
    this.#events.push(event)
  }

  /** The body is at its end. The decoder says whether the answer is. */
  #bodyEnded(head: HtmlGuard): void {
    if (head.isEmpty) throw new ChatError('malformed', 'the answer is a success without a body')
    head.end()
    if (!this.#finished) throw new ChatError('truncated', 'the answer broke off before its end mark')
  }

  /** The answer is whole. The rest of the body may go by, so that the connection can be used again. */
  #letGo(): void {
    const body = this.#body
    this.#leave()
    if (body === undefined) return
    const timer = setTimeout(() => {
      this.#dropBody()
    }, LINGER_MS)
    const drain = async (): Promise<void> => {
      // An end mark is followed by the end, or by something that nobody asked for: a few reads tell which.
      for (let reads = 0; reads < 4; reads++) if ((await body.next()).done === true) return
      this.#dropBody()
    }
    // When it breaks now, nothing is lost: the answer is whole and the transport has closed.
    void drain()
      .catch(() => undefined)
      .finally(() => {
        clearTimeout(timer)
      })
  }

  #leave(): void {
    this.#closed = true
    this.#abort.release()
  }

  #dropBody(): void {
    void this.#body?.return?.().catch(() => undefined)
    // Before there is a body, this ends the request; and a body behind a decoder hears nothing else while it is read.
    this.#abort.abort()
  }

  /** What the reader gets for what went wrong. Everything is let go. */
  #fail(error: unknown): unknown {
    const { signal } = this.#abort
    const { endpoint, request } = this.#exchange
    const secrets = request instanceof ChatError ? [] : request.secrets()
    const reason: unknown = signal.aborted
      ? signal.reason
      : withProvider(endpoint.id, error, secrets, this.#headOf(error))
    this.#keepPartial(reason)
    this.#leave()
    this.#dropBody()
    return reason
  }

  #keepPartial(reason: unknown): void {
    if (this.#hasContent && this.#collector !== undefined) keepPartial(reason, this.#collector.result())
  }

  /** How a body begins that is no answer: what came of it, the reader has not seen. */
  #headOf(error: unknown): string | undefined {
    const helps = error instanceof ChatError && error.code === 'malformed' && !this.#hasContent
    return helps ? this.#head?.excerpt() : undefined
  }
}
