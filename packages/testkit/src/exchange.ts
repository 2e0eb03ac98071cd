import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { LoopbackBarrier } from './loopback-barrier.ts'
import type { ReceivedRequest } from './received-request.ts'

/** What a byte server does with a request. */
export type Script = (exchange: Exchange) => Promise<void> | void

/** One request at a byte server, and the hand that answers it. */
export class Exchange {
  readonly request: ReceivedRequest
  /** Settled when the connection is no more, whoever closed it. */
  readonly closed: Promise<void>
  /** How many requests came on the same connection before this one: above 0, it is a kept-alive one. */
  readonly earlier: number
  /** Bytes that left this process: the client's kernel, or the client, has taken them. */
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
   * Sends bytes as they are. Waits while the client reads slowly, and then until they have arrived, so that what was
   * written travels alone. `false`: the client has left.
   */
  async write(bytes: Uint8Array | string): Promise<boolean> {
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    const sent = new Promise<boolean>((resolve) => {
      this.#socket.write(buffer, (error) => {
        resolve(!error)
      })
    })
    // A write that a closed socket swallows calls back late or with an error: the close tells first.
    if (!(await Promise.race([sent, this.closed.then(() => false)]))) return false
    this.bytesSent += buffer.length
    await this.#barrier.pass()
    // The client, where it is in this process, reads in the turn in which the barrier was passed.
    await turn()
    return true
  }

  /** A clean end of the connection (FIN), wherever the answer is. */
  fin(): void {
    this.#socket.end()
  }

  /** A broken connection (RST), after what was written has arrived. */
  async reset(): Promise<void> {
    await turn()
    this.#socket.resetAndDestroy()
  }
}
