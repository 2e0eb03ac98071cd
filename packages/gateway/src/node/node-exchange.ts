import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from '../exchange.ts'
import { BoundedBytes } from '../request/bounded-bytes.ts'

/** An exchange of Node's own server. */
export class NodeExchange implements Exchange {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #abort = new AbortController()

  constructor(request: IncomingMessage, response: ServerResponse) {
    const { method = 'GET', url = '/' } = request
    const queryAt = url.indexOf('?')
    this.#request = request
    this.#response = response
    this.method = method
    this.path = queryAt === -1 ? url : url.slice(0, queryAt)
    this.query = queryAt === -1 ? {} : Object.fromEntries(new URLSearchParams(url.slice(queryAt)))
    this.headers = headersOf(request)
    response.on('close', () => {
      if (!response.writableFinished) this.#abort.abort(new DOMException('the client left', 'AbortError'))
    })
    // A client that resets its connection is one that leaves: `close` follows.
    response.on('error', () => undefined)
  }

  get left(): AbortSignal {
    return this.#abort.signal
  }

  /** By events: an iterator of the stream costs some twenty promises for each request. */
  body(maxBytes: number): Promise<Uint8Array | undefined> {
    const request = this.#request
    const bytes = new BoundedBytes(maxBytes)
    return new Promise((resolve, reject) => {
      const onLeft = (): void => {
        reject(new DOMException('the client left', 'AbortError'))
      }
      if (request.destroyed) onLeft()
      request.on('data', (piece: Uint8Array) => {
        // What is too much is read all the same, and dropped: requests may follow on the connection.
        if (!bytes.add(piece)) resolve(undefined)
      })
      request.once('end', () => {
        resolve(bytes.whole())
      })
      request.once('close', onLeft)
      request.once('error', reject)
    })
  }

  begin(status: number, headers: Readonly<Record<string, string>>): void {
    if (!this.#response.headersSent) this.#response.writeHead(status, headers)
  }

  write(text: string): Promise<void> | undefined {
    const response = this.#response
    if (text === '' || response.destroyed || response.write(text)) return undefined
    return new Promise((resolve) => {
      const taken = (): void => {
        response.off('drain', taken)
        response.off('close', taken)
        resolve()
      }
      response.on('drain', taken)
      response.on('close', taken)
    })
  }

  end(text: string): Promise<void> {
    const response = this.#response
    if (response.closed) return Promise.resolve()
    return new Promise((resolve) => {
      response.once('close', resolve)
      response.end(text)
    })
  }

  drop(): void {
    this.#response.destroy()
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return joined
}
