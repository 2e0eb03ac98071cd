import type { Dispatcher } from 'undici'
import { checkOptions } from '../check/check.ts'
import type { HttpRequest, HttpResponse, Transport, TransportOptions } from '../transport.ts'
import { decompress } from './decompress.ts'
import { joinHeaders } from './headers.ts'
import { type Connection, type ConnectionPool, type OnConnection, openPool, poolOver } from './undici-pool.ts'

export interface UndiciTransportOptions {
  /** Connections to one origin at a time. @default no limit */
  connections?: number | undefined
  /** How long an idle connection is kept, in milliseconds. @default 4,000 */
  keepAliveMs?: number | undefined
  /**
   * Offers HTTP/2. Off by default: a chat is one request and one long answer, for which one connection with one stream
   * is the cheapest, and where one broken connection breaks one answer and not all that share it.
   * @default false
   */
  allowH2?: boolean | undefined
  /**
   * The proxy that requests go through, as `'http://user:password@proxy.example:8080'`; for `https:` endpoints by CONNECT.
   * `false`: none, whatever the environment says.
   * @default as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say at the first request, but never for a server on this machine
   */
  proxy?: string | false | undefined
  /**
   * A dispatcher of undici's that sends instead: an `Agent` with certificates of your own, a `MockAgent`, an interceptor. Its
   * options are its own, and so it is given alone. It does not tell which connections were used before: a request that meets
   * a kept-alive connection that has died fails as `network` and is not sent again.
   * @default a pool of this transport's own
   */
  dispatcher?: Pick<Dispatcher, 'dispatch'> | undefined
}

const OPTIONS: Readonly<Record<keyof UndiciTransportOptions, true>> = {
  connections: true,
  keepAliveMs: true,
  allowH2: true,
  proxy: true,
  dispatcher: true,
}

/** What waits in memory for a reader before the sender is slowed down: a read of the socket. */
const HIGH_WATER_BYTES = 64 * 1024

/** Joining chunks of this size costs more than a read for each. */
const JOINED_BELOW_BYTES = 8 * 1024

/**
 * Sends with undici, through a connection pool of its own. undici is loaded at the first request.
 *
 * Its `dispatch()` is used and not its `request()`: a body is read without a `Readable` in between, which costs more
 * than parsing what it carries. Its own timeouts are off, because they are coarse and know nothing of tokens: see
 * `deadlines()`.
 *
 * @throws TypeError for an option that is unknown or can't be meant.
 * @example
 * const provider = lockchat({ transport: undiciTransport({ proxy: 'http://proxy.example:8080' }) })
 */
export function undiciTransport(options: UndiciTransportOptions = {}): Transport {
  checkOptions('undiciTransport', options, OPTIONS)
  const { connections, keepAliveMs, allowH2 = false, proxy, dispatcher } = options
  if (typeof proxy === 'string' && !/^https?:\/\//i.test(proxy)) {
    throw new TypeError("undiciTransport: proxy must be a URL, as in 'http://proxy.example:8080', or false.")
  }
  if (dispatcher !== undefined && Object.keys(options).length > 1) {
    throw new TypeError('undiciTransport: a dispatcher has options of its own: give it alone.')
  }
  let pool: Promise<ConnectionPool> | undefined = dispatcher && Promise.resolve(poolOver(dispatcher))
  // Most requests go where the last one went, and parsing a URL costs more than a comparison.
  let last: Target = { url: '', origin: '', path: '' }
  return async (request, call) => {
    call.onConnecting?.()
    pool ??= openPool({
      allowH2,
      connections: connections ?? null,
      proxy,
      ...(keepAliveMs !== undefined && { keepAliveTimeout: keepAliveMs }),
    })
    const place = last.url === request.url ? last : targetOf(request.url)
    last = place
    return exchange(await pool, place, request, call)
  }
}

/** A URL as undici wants it. */
interface Target {
  url: string
  origin: string
  path: string
}

function targetOf(url: string): Target {
  const { origin, pathname, search } = new URL(url)
  return { url, origin, path: pathname + search }
}

export const defaultTransport = undiciTransport

function exchange(
  pool: ConnectionPool,
  { origin, path }: Target,
  request: HttpRequest,
  call: TransportOptions,
): Promise<HttpResponse> {
  const { method, headers, body = null } = request
  const sent = { origin, path, method, headers, body }
  return new Promise((resolve, reject) => {
    pool.dispatch(sent, new Exchange(resolve, reject, call, pool, sent))
  })
}

/** What a connection fails with that the other side has closed. */
const CLOSED: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

type Read = IteratorResult<Uint8Array, undefined>
const END: Read = { done: true, value: undefined }

/** One request: undici's handler on one side, the iterator of the body on the other. */
class Exchange implements Dispatcher.DispatchHandler, OnConnection, AsyncIterableIterator<Uint8Array, undefined> {
  readonly #resolve: (response: HttpResponse) => void
  readonly #reject: (error: Error) => void
  readonly #signal: AbortSignal
  readonly #onConnect: (() => void) | undefined
  readonly #pool: ConnectionPool
  /** What was sent, as long as it may be sent again, on a new connection. */
  #sent: Dispatcher.DispatchOptions | undefined
  #connection: Connection | undefined
  #reused = false
  #controller: Dispatcher.DispatchController | undefined
  #answered = false
  #chunks: Uint8Array[] = []
  #size = 0
  #waiting: { resolve: (read: Read) => void; reject: (error: Error) => void } | undefined
  #ended = false
  #failure: Error | undefined

  constructor(
    resolve: (response: HttpResponse) => void,
    reject: (error: Error) => void,
    call: TransportOptions,
    pool: ConnectionPool,
    sent: Dispatcher.DispatchOptions,
  ) {
    this.#pool = pool
    this.#sent = sent
    this.#resolve = resolve
    this.#reject = reject
    this.#signal = call.signal
    this.#onConnect = call.onConnect
    if (call.signal.aborted) this.#onAbort()
    else call.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  onConnection(connection: Connection, reused: boolean): void {
    this.#connection = connection
    this.#reused = reused
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // The caller left while there was no connection yet: nothing is sent.
    if (this.#failure !== undefined) controller.abort(this.#failure)
    else this.#onConnect?.()
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#answered = true
    this.#sent = undefined
    if (status < 200) return // 103 Early Hints and the like: the answer comes behind it
    const joined = joinHeaders(headers)
    this.#resolve({ status, headers: joined, body: decompress(this, joined['content-encoding']) })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    // A read of the socket brings many of these in one turn; the reader wakes behind the last and takes them together.
    if (this.#chunks.push(chunk) === 1 && this.#waiting !== undefined) queueMicrotask(this.#wake)
    this.#size += chunk.length
    if (this.#size > HIGH_WATER_BYTES && !controller.paused) controller.pause()
  }

  onResponseEnd(): void {
    this.#settle()
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const sent = this.#sent
    // A kept-alive connection that the other side had closed: nothing was answered, and most likely nothing was read.
    if (!this.#answered && !this.#ended && this.#reused && sent && CLOSED.has(codeOf(error))) {
      this.#sent = undefined
      this.#controller = undefined
      this.#pool.dispatchAfresh(sent, this)
    } else {
      this.#settle(error)
    }
  }

  next(): Promise<Read> {
    if (this.#chunks.length > 0) return Promise.resolve(this.#take())
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#ended) return Promise.resolve(END)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  return(): Promise<Read> {
    if (!this.#ended) {
      this.#chunks = []
      this.#settle()
      this.#controller?.abort(new Error('the reader left'))
    }
    return Promise.resolve(END)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  readonly #onAbort = (): void => {
    // The caller's reason is what the caller gets, whatever it is.
    const reason = this.#signal.reason as Error
    this.#chunks = []
    this.#settle(reason)
    if (this.#controller === undefined) this.#connection?.abandon()
    else this.#controller.abort(reason instanceof Error ? reason : new Error('aborted'))
  }

  readonly #wake = (): void => {
    const waiting = this.#waiting
    if (waiting === undefined || this.#chunks.length === 0) return
    this.#waiting = undefined
    waiting.resolve(this.#take())
  }

  /** The next chunk; small ones in a row as one, because a promise for each would cost more than joining them. */
  #take(): Read {
    const small = this.#chunks.findIndex(({ length }) => length >= JOINED_BELOW_BYTES)
    const taken = this.#chunks.splice(0, small === -1 ? this.#chunks.length : Math.max(1, small))
    const [first] = taken
    const value = taken.length === 1 && first !== undefined ? first : Buffer.concat(taken)
    this.#size -= value.length
    if (this.#controller?.paused === true && this.#size <= HIGH_WATER_BYTES) this.#controller.resume()
    return { done: false, value }
  }

  #settle(failure?: Error): void {
    if (this.#ended) return
    this.#ended = true
    this.#failure = failure
    this.#signal.removeEventListener('abort', this.#onAbort)
    if (failure !== undefined) this.#reject(failure)
    const waiting = this.#waiting
    // With chunks on hand, the reader takes these first and then learns of the end.
    if (waiting === undefined || this.#chunks.length > 0) return
    this.#waiting = undefined
    if (failure === undefined) waiting.resolve(END)
    else waiting.reject(failure)
  }
}

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined)
