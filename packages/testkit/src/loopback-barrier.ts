import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/**
 * A connection of this process to itself. When a byte has gone through it, everything written before has arrived too: on
 * loopback, the writes of one process arrive in order, however late a busy kernel delivers them, and whatever in this
 * process waited for them has been woken.
 */
export class LoopbackBarrier {
  static #shared: Promise<LoopbackBarrier> | undefined

  readonly #near: Socket
  /** Those whose byte is under way, by the byte. */
  readonly #under: (() => void)[][] = []
  /** Those who share the next byte. */
  #next: (() => void)[] = []

  private constructor(near: Socket, far: Socket) {
    this.#near = near
    far.on('data', (bytes: Buffer) => {
      // A client in this process reads in the turn in which the byte arrived: those who waited go on in the next, together.
      const arrived = this.#under.splice(0, bytes.length).flat()
      setImmediate(() => {
        for (const resolve of arrived) resolve()
      })
    })
    for (const socket of [near, far]) {
      socket.on('error', () => undefined)
      // It keeps no process alive.
      socket.unref()
    }
  }

  /** The one of this process, opened at the first call: every server would need two sockets more. */
  static shared(): Promise<LoopbackBarrier> {
    return (this.#shared ??= this.#open())
  }

  static async #open(): Promise<LoopbackBarrier> {
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

  /** Resolves when everything written before has arrived and has been read. Those who ask in one turn share a byte. */
  pass(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#next.push(resolve) === 1) void Promise.resolve().then(this.#send)
    })
  }

  readonly #send = (): void => {
    this.#under.push(this.#next)
    this.#next = []
    this.#near.write('.', 'latin1')
  }
}
