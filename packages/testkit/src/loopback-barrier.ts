import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/**
 * A connection of this process to itself. When a byte has gone through it, everything written before has arrived too: on
 * loopback, the writes of one process arrive in order, however late a busy kernel delivers them, and whatever in this
 * process waited for them has been woken.
 */
export class LoopbackBarrier {
  readonly #near: Socket
  readonly #far: Socket
  readonly #waiting: (() => void)[] = []

  private constructor(near: Socket, far: Socket) {
    this.#near = near
    this.#far = far
    far.on('data', (bytes: Buffer) => {
      for (const resolve of this.#waiting.splice(0, bytes.length)) resolve()
    })
    for (const socket of [near, far]) socket.on('error', () => undefined)
  }

  static async open(): Promise<LoopbackBarrier> {
    const server = createServer({ noDelay: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    // A server on a TCP port has an address object; the other types are for pipes and closed servers.
    if (address === null || typeof address === 'string') throw new Error('The server has no address')
    const near = connect({ port: address.port, host: '127.0.0.1', noDelay: true })
    const [far] = (await once(server, 'connection')) as [Socket]
    server.close()
    return new LoopbackBarrier(near, far)
  }

  /** Resolves when everything written before has arrived; at once when the barrier is closed. */
  pass(): Promise<void> {
    if (this.#near.destroyed) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#near.write('.')
    })
  }

  close(): void {
    this.#near.destroy()
    this.#far.destroy()
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
