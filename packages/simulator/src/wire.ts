import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import { RequestError } from './request-error.ts'

/** The counters that a wire updates while it writes: fields of the recorded request. */
export interface TransferStats {
  /** 0 until a status line is written. */
  status: number
  /** Bytes of the answer's body, before chunk framing, and bytes written raw. */
  bytesSent: number
  /** Of these, the bytes flushed to the operating system. */
  bytesTaken: number
  clientClosedMs?: number
}

/** The abort reason of `wire.signal`. Shared, because a stack trace for each answer costs time. */
const connectionClosed = new Error('The connection is closed')

/**
 * The server side of one exchange. Node frames `head`, `write` and `end`; `raw`, `fin`, `reset` and `hold` act on the
 * socket, so that a fault can break any rule of HTTP. Every wait ends when the client disconnects.
 */
export class Wire {
  /** Aborted when the exchange is over: answered, closed by the client, or closed by the simulator. */
  readonly signal: AbortSignal
  readonly done: Promise<void>
  readonly #response: ServerResponse
  readonly #socket: Socket
  readonly #stats: TransferStats
  /** The simulator closed the connection, not the client. */
  #closedByUs = false
  /** `bytesSent` when the answer was complete. */
  #completeAt: number | undefined

  constructor(request: IncomingMessage, response: ServerResponse, stats: TransferStats) {
    const over = new AbortController()
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const { socket } = request
    const started = performance.now()
    this.signal = over.signal
    this.done = promise
    this.#response = response
    this.#socket = socket
    this.#stats = stats

    const onEnd = (): void => {
      if (!response.writableEnded) onClose()
      // Treat a half-closed connection as closed: HTTP clients have no other reason to end their side.
      if (!response.writableFinished) socket.destroySoon()
    }
    const onClose = (): void => {
      socket.off('end', onEnd).off('close', onClose)
      response.off('close', onClose)
      if (!over.signal.aborted && !response.writableFinished && !this.#closedByUs) {
        stats.clientClosedMs = Math.max(1, Math.round(performance.now() - started))
      }
      over.abort(connectionClosed)
      resolve(undefined)
    }
    socket.on('end', onEnd).on('close', onClose)
    response.on('close', onClose)
    // A write can race with the client's close. 'close' reports that already, so ignore the error.
    response.on('error', () => undefined)
  }

  get headSent(): boolean {
    return this.#response.headersSent
  }

  /** The whole answer has been flushed. */
  get allTaken(): boolean {
    return this.#completeAt !== undefined && this.#stats.bytesTaken >= this.#completeAt
  }

  /** Marks the answer as complete: bytes that follow do not belong to it. The methods that end an answer do this too. */
  markComplete(): void {
    this.#completeAt ??= this.#stats.bytesSent
  }

  /** Writes the status line and the headers now, before any body byte. With `untilClose`, only a FIN ends the body. */
  head(
    status: number,
    headers: Readonly<Record<string, string>> = {},
    { untilClose = false }: { readonly untilClose?: boolean } = {},
  ): void {
    this.signal.throwIfAborted()
    this.#stats.status = status
    // Makes Node send neither a length nor chunks, and close the connection after the answer.
    if (untilClose) this.#response.removeHeader('transfer-encoding')
    this.#response.writeHead(status, headers)
    this.#response.flushHeaders()
  }

  /** Writes one chunk of the body, with backpressure. */
  async write(bytes: Uint8Array): Promise<void> {
    this.signal.throwIfAborted()
    if (!this.#response.write(bytes, this.#counted(bytes))) await this.#once('drain', this.#response)
  }

  /** Ends the answer validly. `trailing` bytes follow it on the connection, although no other answer is due. */
  async end(trailing?: Uint8Array): Promise<void> {
    this.signal.throwIfAborted()
    this.markComplete()
    this.#response.end()
    if (trailing !== undefined) this.#socket.write(trailing, this.#counted(trailing))
    if (!this.#response.writableFinished) await this.#once('finish', this.#response)
  }

  /** Sends a complete answer with its `content-length`. */
  async send(
    status: number,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
    trailing?: Uint8Array,
  ): Promise<void> {
    const bytes = Buffer.from(body)
    this.head(status, { ...headers, 'content-length': String(bytes.length) })
    if (bytes.length > 0) await this.write(bytes)
    await this.end(trailing)
  }

  /** Writes bytes directly to the socket: a status line, a wrong chunk size, anything. End with `fin` or `reset` then. */
  async raw(bytes: string | Uint8Array): Promise<void> {
    this.signal.throwIfAborted()
    const buffer = Buffer.from(bytes)
    if (!this.#socket.write(buffer, this.#counted(buffer))) await this.#once('drain', this.#socket)
  }

  /** Closes the connection with a FIN, at any point of the answer. */
  fin(): void {
    this.markComplete()
    this.#closedByUs = true
    this.#socket.destroySoon()
  }

  /** Closes the connection with a RST after pending writes are flushed. */
  async reset(): Promise<void> {
    this.markComplete()
    this.#closedByUs = true
    await new Promise<void>((resolve) => {
      this.#socket.write('', () => {
        resolve()
      })
    })
    await turn()
    this.#socket.resetAndDestroy()
  }

  /** Destroys the socket, because the simulator closes. */
  destroy(): void {
    this.#closedByUs = true
    this.#socket.destroy()
  }

  /** Sends nothing more and waits until the connection is closed. */
  async hold(): Promise<void> {
    this.markComplete()
    await this.done
  }

  /** Waits for the next turn of the event loop: a disconnect is noticed, and each write is sent separately. */
  async turn(): Promise<void> {
    await turn()
    this.signal.throwIfAborted()
  }

  async sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.signal })
  }

  /** Answers a thrown error, if the head has not been sent yet; otherwise closes the connection. */
  async sendError(error: unknown, bodyOf: (rejected: RequestError) => unknown): Promise<void> {
    // The connection is closed, so there is no client to answer.
    if (this.signal.aborted || this.#closedByUs) return
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const rejected = error instanceof RequestError ? error : new RequestError(500, 'simulator_error', why)
    if (this.headSent) {
      this.fin()
      return
    }
    const headers = { 'content-type': 'application/json', ...rejected.headers }
    // Rejects only if the client disconnects meanwhile.
    await this.send(rejected.status, headers, JSON.stringify(bodyOf(rejected))).catch(() => undefined)
  }

  /** Counts bytes as sent now, and as taken once they are flushed. */
  #counted(bytes: Uint8Array): (error?: Error | null) => void {
    this.#stats.bytesSent += bytes.length
    return (error) => {
      if (error === undefined || error === null) this.#stats.bytesTaken += bytes.length
    }
  }

  async #once(event: 'drain' | 'finish', emitter: ServerResponse | Socket): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const wake = (): void => {
      resolve(undefined)
    }
    emitter.once(event, wake)
    this.signal.addEventListener('abort', wake)
    await promise
    emitter.off(event, wake)
    this.signal.removeEventListener('abort', wake)
    if (event === 'drain') this.signal.throwIfAborted()
  }
}
