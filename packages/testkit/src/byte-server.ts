import { once } from 'node:events'
import { createServer } from 'node:net'
import { Connection } from './connection.ts'
import type { Exchange, Script } from './exchange.ts'
import { LoopbackBarrier } from './loopback-barrier.ts'

/** A TCP server on loopback that sends exactly the bytes of its scripts. */
export interface ByteServer extends AsyncDisposable {
  /** `http://127.0.0.1:49152` */
  readonly url: string
  /** Every connection that was opened, oldest first. The list is live. */
  readonly connections: readonly Connection[]
  /** Answers the requests to a base URL of its own with the script. Any number of scripts may be played at a time. */
  play(script: Script): Play
  /** Ends every connection and stops listening. */
  close(): Promise<void>
}

export interface Play {
  readonly baseUrl: string
  /** The requests that arrived, oldest first. The list is live. */
  readonly exchanges: readonly Exchange[]
  /** Resolves with the first request when all of it has arrived. */
  readonly first: Promise<Exchange>
}

/**
 * Starts a server of raw bytes. There are no timeouts: a script that has nothing more to send leaves its client waiting.
 *
 * @example
 * await using server = await byteServer()
 * const play = server.play(async (exchange) => {
 *   await exchange.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHel')
 *   exchange.fin() // two bytes too early
 * })
 */
export async function byteServer(): Promise<ByteServer> {
  const plays = new Map<string, { script: Script; begin: (exchange: Exchange) => void }>()
  const connections: Connection[] = []
  const answer = (exchange: Exchange): void => {
    const play = plays.get(exchange.request.target.split(/[/?]/, 2)[1] ?? '')
    play?.begin(exchange)
    // A script that throws is a mistake in a test: its rejection is left unhandled, and every runner reports it.
    void play?.script(exchange)
  }
  const barrier = await LoopbackBarrier.shared()
  const server = createServer({ noDelay: true }, (socket) => connections.push(new Connection(socket, barrier, answer)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  // A server on a TCP port has an address object; the other types are for pipes and closed servers.
  if (address === null || typeof address === 'string') throw new Error('The server has no address')
  const url = `http://127.0.0.1:${address.port}`

  const close = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const connection of connections) connection.destroy()
    await closed
  }
  return {
    url,
    connections,
    play(script) {
      const name = `play-${plays.size + 1}`
      const exchanges: Exchange[] = []
      const { promise: first, resolve } = Promise.withResolvers<Exchange>()
      const begin = (exchange: Exchange): void => {
        exchanges.push(exchange)
        resolve(exchange)
      }
      plays.set(name, { script, begin })
      return { baseUrl: `${url}/${name}`, exchanges, first }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
