import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { LoopbackBarrier } from './loopback-barrier.ts'
import type { ReceivedRequest } from './received-request.ts'

/** What a byte server does with a request. */
export type Script = (exchange: Exchange) => Promise<void> | void

/** One request at a byte server, and the means to answer it. */
export class Exchange {
  readonly request: ReceivedRequest
  /** Resolves when the connection is closed, by either side. */
  readonly closed: Promise<void>
  /** How many requests came before this one on the same connection: above 0, the connection was kept alive. */
  readonly earlier: number
  /** Bytes that were handed to the kernel: not all of them have reached the client. */
  bytesSent = 0
  readonly #socket: Socket
  readonly #barrier: LoopbackBarrier

  constructor(
    socket: Socket,
    barrier: LoopbackBarrier,
    request: ReceivedRequest,
    closed: Promise<void>,
    earlier: number,
  ) {
    this.#socket = socket
    this.#barrier = barrier
    this.request = request
    this.closed = closed
    this.earlier = earlier
  }

  get isClosed(): boolean {
    return this.#socket.closed
  }

  /**
   * Sends bytes as they are. Waits while the client reads slowly, and then until the bytes have arrived, so that each
   * write is a read of its own. Resolves with `false` when the client has closed the connection.
   */
  async write(bytes: Uint8Array | string): Promise<boolean> {
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    const sent = new Promise<boolean>((resolve) => {
      this.#socket.write(buffer, (error) => {
        resolve(!error)
      })
    })
    // A write to a closed socket calls back late, or with an error: the close is known first.
    if (!(await Promise.race([sent, this.closed.then(() => false)]))) return false
    this.bytesSent += buffer.length
    await this.#barrier.pass()
    return true
  }

  /** Ends the connection cleanly (FIN), at whatever point of the answer. */
  fin(): void {
    this.#socket.end()
  }

  /** Breaks the connection (RST), after what was written has arrived. */
  async reset(): Promise<void> {
    await turn()
    this.#socket.resetAndDestroy()
  }
}
