import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ownHosts } from './guard.ts'
import { refusal } from './refusal.ts'
import { send } from './send.ts'
import type { River } from './river.ts'
import { route } from './routes.ts'

/** The page's server, listening. */
export interface DemoServer extends AsyncDisposable {
  /** `http://127.0.0.1:4000` */
  readonly url: string
  readonly port: number
  /** Ends every answer and stops listening. */
  close(): Promise<void>
}

/** Loopback alone: whoever reaches this server can spend what the environment's credentials pay for. */
const HOST = '127.0.0.1'
/** How many ports are tried when one is taken. */
const TRIES = 50

/**
 * Serves the page and its API on loopback.
 *
 * @param options.port Where to listen; the next free one when it is taken, any when it is 0.
 */
export async function demoServer(river: River, options: { port: number }): Promise<DemoServer> {
  const server = createServer({ requestTimeout: 30_000 })
  const port = await listen(server, options.port)
  const hosts = ownHosts(port)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response)
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const left = new AbortController()
    response.on('close', () => {
      left.abort(new Error('The reader has left.'))
    })
    // A write that races with the reader's leaving: 'close' tells it too.
    response.on('error', () => undefined)
    try {
      await send(await route(request, { river, hosts, signal: left.signal }), request, response)
    } catch (error) {
      if (left.signal.aborted) return
      // The status is out: only a broken connection still tells that something is wrong.
      if (response.headersSent) response.destroy()
      else
        await send(refusal(500, 'internal', error instanceof Error ? error.message : String(error)), request, response)
    }
  }

  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= shut(server))
  return { url: `http://${HOST}:${port}`, port, close, [Symbol.asyncDispose]: close }
}

async function listen(server: Server, wanted: number): Promise<number> {
  for (let port = wanted; ; port++) {
    try {
      server.listen(port, HOST)
      await once(server, 'listening')
      break
    } catch (error) {
      if (!isTaken(error) || port - wanted >= TRIES || port >= 65_535) throw error
    }
  }
  const address = server.address()
  // A server on a TCP port has an address object; the other types are for pipes and closed servers.
  if (address === null || typeof address === 'string') throw new Error('The server has no address.')
  return address.port
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

async function shut(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
