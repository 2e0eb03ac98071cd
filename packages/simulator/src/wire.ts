import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import { Refusal } from './refusal.ts'

/** What a wire keeps account of while it writes: the recorded request itself. */
export interface Ledger {
  /** 0 until a status line was written. */
  status: number
  /** Bytes of the answer's body, before chunk framing, and bytes written raw. */
  bytesSent: number
  /** Of these, the bytes that left this process. */
  bytesTaken: number
  clientClosedMs?: number
}

/** Why `wire.signal` is aborted. One object for all: it carries nothing, and a stack for each answer costs time. */
const gone = new Error('The connection is closed')

/**
 * The answering side of one exchange. `head`, `write` and `end` are framed by Node; `raw`, `fin`, `reset` and
 * `hold` act on the socket, so that a fault can break any rule of HTTP. Every wait ends when the client leaves.
 */
export class Wire {
  /** Aborted when the exchange is over: answered, closed by the client, or cut by us. */
  readonly signal: AbortSignal
  readonly done: Promise<void>
  readonly #response: ServerResponse
  readonly #socket: Socket
  readonly #ledger: Ledger
  /** The end came from this side, so it is not the client that left. */
  #cutByUs = false
  /** How much had been sent when the answer was whole. */
  #wholeAt: number | undefined

  constructor(request: IncomingMessage, response: ServerResponse, ledger: Ledger) {
    const over = new AbortController()
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const { socket } = request
    const started = performance.now()
    this.signal = over.signal
    this.done = promise
    this.#response = response
    this.#socket = socket
    this.#ledger = ledger

    const onEnd = (): void => {
      if (!response.writableEnded) onClose()
      // A client that closes its sending half has left: HTTP over TCP has no other use for it.
      if (!response.writableFinished) socket.destroySoon()
    }
    const onClose = (): void => {
      socket.off('end', onEnd).off('close', onClose)
      response.off('close', onClose)
      if (!over.signal.aborted && !response.writableFinished && !this.#cutByUs) {
        ledger.clientClosedMs = Math.max(1, Math.round(performance.now() - started))
      }
      over.abort(gone)
      resolve(undefined)
    }
    socket.on('end', onEnd).on('close', onClose)
    response.on('close', onClose)
    // A write that races with the client's close is told to us by 'close'; the error adds nothing.
    response.on('error', () => undefined)
  }

  get headSent(): boolean {
    return this.#response.headersSent
  }

  /** Everything up to the end of the answer has left this process. */
  get allTaken(): boolean {
    return this.#wholeAt !== undefined && this.#ledger.bytesTaken >= this.#wholeAt
  }

  /** Nothing that follows belongs to the answer: a reader may leave now. What ends an answer says so by itself. */
  complete(): void {
    this.#wholeAt ??= this.#ledger.bytesSent
  }

  /** Writes the status line and the headers now, before any body byte. With `untilClose`, only a FIN ends the body. */
  head(
    status: number,
    headers: Readonly<Record<string, string>> = {},
    { untilClose = false }: { readonly untilClose?: boolean } = {},
  ): void {
    this.signal.throwIfAborted()
    this.#ledger.status = status
    // Node takes this as a wish for neither a length nor chunks, and closes behind the answer.
    if (untilClose) this.#response.removeHeader('transfer-encoding')
    this.#response.writeHead(status, headers)
    this.#response.flushHeaders()
  }

  /** One chunk of the body. Waits while the client reads slowly. */
  async write(bytes: Uint8Array): Promise<void> {
    this.signal.throwIfAborted()
    if (!this.#response.write(bytes, this.#counted(bytes))) await this.#once('drain', this.#response)
  }

  /** Ends the answer as HTTP says. `behind` are bytes that follow it on the connection, where no answer is due. */
  async end(behind?: Uint8Array): Promise<void> {
    this.signal.throwIfAborted()
    this.complete()
    this.#response.end()
    if (behind !== undefined) this.#socket.write(behind, this.#counted(behind))
    if (!this.#response.writableFinished) await this.#once('finish', this.#response)
  }

  /** A whole answer in one piece, with its `content-length`. */
  async send(
    status: number,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
    behind?: Uint8Array,
  ): Promise<void> {
    const bytes = Buffer.from(body)
    this.head(status, { ...headers, 'content-length': String(bytes.length) })
    if (bytes.length > 0) await this.write(bytes)
    await this.end(behind)
  }

  /** Bytes on the socket as they are: a status line, a wrong chunk size, anything. After it, end with `fin` or `reset`. */
  async raw(bytes: string | Uint8Array): Promise<void> {
    this.signal.throwIfAborted()
    const buffer = Buffer.from(bytes)
    if (!this.#socket.write(buffer, this.#counted(buffer))) await this.#once('drain', this.#socket)
  }

  /** A clean FIN, wherever the answer is. */
  fin(): void {
    this.complete()
    this.#cutByUs = true
    this.#socket.destroySoon()
  }

  /** A RST, after what was written has left. */
  async reset(): Promise<void> {
    this.complete()
    this.#cutByUs = true
    await new Promise<void>((resolve) => {
      this.#socket.write('', () => {
        resolve()
      })
    })
    await turn()
    this.#socket.resetAndDestroy()
  }

  /** Ends the exchange without a word: the simulator closes. */
  destroy(): void {
    this.#cutByUs = true
    this.#socket.destroy()
  }

  /** Says nothing more until the connection is closed. */
  async hold(): Promise<void> {
    this.complete()
    await this.done
  }

  /** Lets the event loop go round once, so that a client that left is noticed and each write travels alone. */
  async turn(): Promise<void> {
    await turn()
    this.signal.throwIfAborted()
  }

  async sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.signal })
  }

  /** What is left to do when an exchange threw: say why, if it still can be said. */
  async failed(error: unknown, bodyOf: (refused: Refusal) => unknown): Promise<void> {
    // The client left, and whatever was waiting for it was woken: nobody is there to be told.
    if (this.signal.aborted || this.#cutByUs) return
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const refused = error instanceof Refusal ? error : new Refusal(500, 'simulator_error', why)
    if (this.headSent) {
      this.fin()
      return
    }
    const headers = { 'content-type': 'application/json', ...refused.headers }
    // Rejected only by a client that leaves meanwhile.
    await this.send(refused.status, headers, JSON.stringify(bodyOf(refused))).catch(() => undefined)
  }

  /** Counts bytes as sent now, and as taken when they have left. */
  #counted(bytes: Uint8Array): (error?: Error | null) => void {
    this.#ledger.bytesSent += bytes.length
    return (error) => {
      if (error === undefined || error === null) this.#ledger.bytesTaken += bytes.length
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
