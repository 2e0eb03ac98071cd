import type { Dispatcher } from 'undici'
import { type Clock, systemClock } from '../async/clock.ts'
import { checkClock, checkMethods, checkOptions, checkPositive, must } from '../check/check.ts'
import type { HttpRequest, HttpResponse, Transport, TransportOptions } from '../transport.ts'
import { decompress } from './decompress.ts'
import { joinHeaders } from './headers.ts'
import { type Connection, type ConnectionPool, type OnConnection, openPool, poolFrom } from './undici-pool.ts'

export interface UndiciTransportOptions {
  /** Connections to one origin at a time. @default no limit */
  connections?: number | undefined
  /** How long an idle connection is kept, in milliseconds. @default 4_000 */
  keepAliveMs?: number | undefined
  /**
   * Whether to offer HTTP/2. A chat is one request and one long answer: a connection of its own is the cheapest for it, and
   * when that connection breaks, it breaks one answer and not all that share it.
   * @default false
   */
  allowH2?: boolean | undefined
  /**
   * The proxy for all requests, as `'http://user:password@proxy.example:8080'`; `https:` endpoints are reached by CONNECT.
   * `false`: none, even if the environment names one.
   * @default HTTPS_PROXY, HTTP_PROXY and NO_PROXY, read at the first request; never for a server on this machine
   */
  proxy?: string | false | undefined
  /**
   * An undici dispatcher to send with: an `Agent` with your own certificates, a `MockAgent`, an interceptor. It has its own
   * options, so no other option may be set beside it. It does not say which connections were used before, so a request on a
   * kept-alive connection that has died fails as `network` and is not sent again.
   * @default a new pool for this transport
   */
  dispatcher?: Pick<Dispatcher, 'dispatch'> | undefined
  /** @default the system's */
  clock?: Clock | undefined
}

const OPTIONS: Readonly<Record<keyof UndiciTransportOptions, true>> = {
  connections: true,
  keepAliveMs: true,
  allowH2: true,
  proxy: true,
  dispatcher: true,
  clock: true,
}

/** How much may be buffered for a slow reader before the sender is paused: one read of the socket. */
const HIGH_WATER_BYTES = 64 * 1024

/** From this size on, joining chunks costs more than a read for each. */
const JOINED_BELOW_BYTES = 8 * 1024

/**
 * Sends with undici, through its own connection pool. undici is loaded at the first request.
 *
 * Uses `dispatch()` instead of `request()`, because a `Readable` in between costs more than parsing the body. undici's own
 * timeouts are off, because they are coarse and can't tell tokens from heartbeats: see `deadlines()`.
 *
 * Needs Node 22.19 or later; in an older one, requests fail as `unsupported` without a `dispatcher` of your own.
 *
 * @throws TypeError for an unknown or invalid option.
 * @example
 * const provider = lockchat({ transport: undiciTransport({ proxy: 'http://proxy.example:8080' }) })
 */
export function undiciTransport(options: UndiciTransportOptions = {}): Transport {
  checkOptions('undiciTransport', options, OPTIONS)
  const { connections, keepAliveMs, allowH2 = false, proxy, dispatcher, clock = systemClock } = options
  const isCount = connections === undefined || (Number.isInteger(connections) && connections > 0)
  must(isCount, 'undiciTransport: connections', 'a whole number above 0', connections)
  checkPositive('undiciTransport', { keepAliveMs })
  must(typeof (allowH2 as unknown) === 'boolean', 'undiciTransport: allowH2', 'a boolean', allowH2)
  checkMethods('undiciTransport: dispatcher', dispatcher, ['dispatch'])
  checkClock('undiciTransport', clock)
  const isUrl = typeof proxy === 'string' && /^https?:\/\//i.test(proxy) && URL.canParse(proxy)
  // Its value is not shown: it may have a password.
  if (proxy !== undefined && proxy !== false && !isUrl) {
    throw new TypeError("undiciTransport: proxy must be a URL, as in 'http://proxy.example:8080', or false.")
  }
  if (dispatcher !== undefined && Object.keys(options).length > 1) {
    throw new TypeError('undiciTransport: a dispatcher has its own options: set no other option beside it.')
  }
  let pool = dispatcher && poolFrom(dispatcher)
  let opening: Promise<ConnectionPool> | undefined
  // Most requests go to the same URL as the last one, and parsing a URL costs more than a comparison.
  let last: Target = { url: '', origin: '', path: '' }
  return async (request, call) => {
    // Once it is open, a request is sent at once, so that its deadlines begin with that of the connection.
    pool ??= await (opening ??= openPool({
      allowH2,
      connections: connections ?? null,
      proxy,
      ...(keepAliveMs !== undefined && { keepAliveTimeout: keepAliveMs }),
    }))
    const target = last.url === request.url ? last : targetOf(request.url)
    last = target
    return exchange(pool, clock, target, request, call)
  }
}

/** A URL in the parts that undici takes. */
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
  clock: Clock,
  { origin, path }: Target,
  request: HttpRequest,
  call: TransportOptions,
): Promise<HttpResponse> {
  const { method, headers, body = null } = request
  const sent = { origin, path, method, headers, body }
  return new Promise((resolve, reject) => {
    pool.dispatch(sent, new Exchange(resolve, reject, call, pool, clock, sent))
  })
}

/** The error codes of a connection that the server has closed. */
/** How soon after the request was written a connection breaks that was dead before, in milliseconds. */
const DEAD_WITHIN_MS = 100

const CLOSED: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

type Read = IteratorResult<Uint8Array, undefined>
const END: Read = { done: true, value: undefined }

/** One request: undici's handler on one side, the iterator of the body on the other. */
class Exchange implements Dispatcher.DispatchHandler, OnConnection, AsyncIterableIterator<Uint8Array, undefined> {
  readonly #resolve: (response: HttpResponse) => void
  readonly #reject: (error: Error) => void
  readonly #signal: AbortSignal
  readonly #call: TransportOptions
  readonly #pool: ConnectionPool
  readonly #clock: Clock
  #startedAt = 0
  /** The request, as long as it may be sent again on a new connection. */
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
    clock: Clock,
    sent: Dispatcher.DispatchOptions,
  ) {
    this.#pool = pool
    this.#clock = clock
    this.#sent = sent
    this.#resolve = resolve
    this.#reject = reject
    this.#signal = call.signal
    this.#call = call
    if (call.signal.aborted) this.#onAbort()
    else call.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  onConnecting(): void {
    this.#call.onConnecting?.()
  }

  onConnection(connection: Connection, reused: boolean): void {
    this.#connection = connection
    this.#reused = reused
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#startedAt = this.#clock.now()
    // The caller aborted before there was a connection: send nothing.
    if (this.#failure !== undefined) controller.abort(this.#failure)
    else this.#call.onConnect?.()
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#answered = true
    this.#sent = undefined
    if (status < 200) return // 103 Early Hints and the like: the final response follows
    const joined = joinHeaders(headers)
    this.#resolve({ status, headers: joined, body: decompress(this, joined['content-encoding']) })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    // One read of the socket brings many chunks in a turn: wake the reader after the last, to take them together.
    if (this.#chunks.push(chunk) === 1 && this.#waiting !== undefined) queueMicrotask(this.#wake)
    this.#size += chunk.length
    if (this.#size > HIGH_WATER_BYTES && !controller.paused) controller.pause()
  }

  onResponseEnd(): void {
    this.#settle()
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const sent = this.#sent
    // The server had closed this kept-alive connection: it answered nothing, and most likely read nothing. A connection that
    // breaks later was alive, and the server may have worked on the request: sending it again might be charged twice.
    const wasDead = this.#reused && CLOSED.has(codeOf(error)) && this.#clock.now() - this.#startedAt <= DEAD_WITHIN_MS
    if (!this.#answered && !this.#ended && sent && wasDead) {
      this.#sent = undefined
      this.#controller = undefined
      this.#pool.dispatchOnNewConnection(sent, this)
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
      this.#controller?.abort(new Error('the reader closed the stream'))
    }
    return Promise.resolve(END)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  readonly #onAbort = (): void => {
    this.#chunks = []
    // The caller gets its own reason, whatever its type.
    this.#settle(this.#signal.reason as Error)
    if (this.#controller === undefined) this.#connection?.abandon()
    // undici gets an error of ours: looking into a reason may throw.
    else this.#controller.abort(new Error('aborted'))
  }

  readonly #wake = (): void => {
    const waiting = this.#waiting
    if (waiting === undefined || this.#chunks.length === 0) return
    this.#waiting = undefined
    waiting.resolve(this.#take())
  }

  /** The next chunk. Joins consecutive small ones, because a promise for each would cost more. */
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
    // The reader takes buffered chunks first and then sees the end.
    if (waiting === undefined || this.#chunks.length > 0) return
    this.#waiting = undefined
    if (failure === undefined) waiting.resolve(END)
    else waiting.reject(failure)
  }
}

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined)
