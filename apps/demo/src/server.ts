import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { gateway } from '@rivulet/gateway'
import { ownHosts } from './guard.ts'
import { errorResponse } from './error-response.ts'
import { pageScripts } from './scripts.ts'
import { send } from './send.ts'
import type { Backend } from './backend.ts'
import { route } from './routes.ts'

/** A running server for the page. */
export interface DemoServer extends AsyncDisposable {
  /** `http://127.0.0.1:4000` */
  readonly url: string
  readonly port: number
  /** Aborts every answer and stops listening. */
  close(): Promise<void>
}

/** Loopback only: every client of this server can use the paid credentials in the environment. */
const HOST = '127.0.0.1'
/** The number of ports to try if one is in use. */
const TRIES = 50

/**
 * Serves the page and its API on loopback.
 *
 * @param options.port The port; if it is in use, the next free one. 0 picks any free port.
 */
export async function demoServer(backend: Backend, options: { port: number }): Promise<DemoServer> {
  // A page that can't be made fails here, and not in the browser.
  await pageScripts()
  const server = createServer({ requestTimeout: 30_000 })
  const port = await listen(server, options.port)
  const hosts = ownHosts(port)
  const forClients = gateway(backend.river)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response)
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const disconnected = new AbortController()
    response.on('close', () => {
      disconnected.abort(new Error('The client disconnected.'))
    })
    // A write can race with the client's disconnect. 'close' reports that already.
    response.on('error', () => undefined)
    try {
      await send(
        await route(request, { backend, gateway: forClients, hosts, signal: disconnected.signal }),
        request,
        response,
      )
    } catch (error) {
      if (disconnected.signal.aborted) return
      // The status is sent already: only a broken connection can still signal the error.
      if (response.headersSent) response.destroy()
      else
        await send(
          errorResponse(500, 'internal', error instanceof Error ? error.message : String(error)),
          request,
          response,
        )
    }
  }

  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= closeServer(server))
  return { url: `http://${HOST}:${port}`, port, close, [Symbol.asyncDispose]: close }
}

async function listen(server: Server, firstPort: number): Promise<number> {
  for (let port = firstPort; ; port++) {
    try {
      server.listen(port, HOST)
      await once(server, 'listening')
      break
    } catch (error) {
      if (!isPortInUse(error) || port - firstPort >= TRIES || port >= 65_535) throw error
    }
  }
  const address = server.address()
  // A server on a TCP port has an address object; the other types are for pipes and closed servers.
  if (address === null || typeof address === 'string') throw new Error('The server has no address.')
  return address.port
}

const isPortInUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
