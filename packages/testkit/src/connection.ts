import type { Socket } from 'node:net'
import { Exchange } from './exchange.ts'
import type { LoopbackBarrier } from './loopback-barrier.ts'
import type { ReceivedRequest } from './received-request.ts'

/** One client of a byte server. Reads its requests, one after another. */
export class Connection {
  /** Resolves when the connection is closed, by either side. */
  readonly closed: Promise<void>
  isClosed = false
  readonly #socket: Socket
  readonly #answer: (exchange: Exchange) => void
  #received: Buffer = Buffer.alloc(0)

  constructor(socket: Socket, barrier: LoopbackBarrier, answer: (exchange: Exchange) => void) {
    this.#socket = socket
    this.#answer = answer
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.isClosed = true
        resolve()
      })
    })
    // A reset is a close too: the event 'close' follows.
    socket.on('error', () => undefined)
    let requests = 0
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      for (let request = this.#take(); request !== undefined; request = this.#take()) {
        this.#answer(new Exchange(socket, barrier, request, this.closed, requests++))
      }
    })
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** The next request that has arrived whole. Bytes that are not HTTP never become one. */
  #take(): ReceivedRequest | undefined {
    const bytes = this.#received
    const headEnd = bytes.indexOf('\r\n\r\n')
    if (headEnd === -1) return undefined
    const [start = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n')
    const [method = '', target = '', version] = start.split(' ')
    if (version !== 'HTTP/1.1') return undefined
    const headers: Record<string, string> = {}
    for (const line of lines) {
      const colon = line.indexOf(':')
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
    }
    const end = headEnd + 4 + Number(headers['content-length'] ?? 0)
    if (bytes.length < end) return undefined
    this.#received = bytes.subarray(end)
    const path = target.replace(/^\/[^/?]*/, '')
    return {
      method,
      target,
      path,
      headers,
      body: bytes.toString('utf8', headEnd + 4, end),
      bytes: bytes.subarray(0, end),
    }
  }
}
