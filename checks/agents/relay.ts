/** A server between an agent and what answers it: it counts what the agent asks, and hands everything on as it comes. */

import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ANSWERS } from './capture.ts'

export interface Relay extends AsyncDisposable {
  url: string
  /** How many requests for an answer have come. */
  readonly asked: number
}

/**
 * @param target The address that paths are appended to.
 * @param onAsk Runs at each request for an answer, before it is handed on.
 */
export async function relay(target: string, onAsk: () => void): Promise<Relay> {
  let asked = 0
  const server = createServer((request, response) => {
    const { host } = request.headers
    // Loopback is all that an agent reaches.
    if (host !== `127.0.0.1:${port}`) return void response.writeHead(403).end()
    if (request.method === 'POST' && ANSWERS.test(request.url?.split('?')[0] ?? '')) {
      asked++
      onAsk()
    }
    handOn(request, response, target)
  })
  server.on('connect', (_request, socket) => {
    socket.on('error', () => undefined)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    url: `http://127.0.0.1:${port}`,
    get asked() {
      return asked
    },
    [Symbol.asyncDispose]: close,
  }
}

/** The end of the answer is handed on too: a reset is a reset, and a close in the middle of a body ends no body. */
function handOn(request: IncomingMessage, response: ServerResponse, target: string): void {
  const headers = { ...request.headers, host: new URL(target).host }
  const upstream = ask(`${target}${request.url ?? '/'}`, { method: request.method, headers, agent: false })
  const reset = (): void => void response.socket?.resetAndDestroy()
  upstream.on('error', reset)
  upstream.on('response', (answer) => {
    const { connection: _connection, ...own } = answer.headers
    response.writeHead(answer.statusCode ?? 502, own)
    answer.on('error', reset)
    answer.pipe(response)
  })
  response.on('close', () => upstream.destroy())
  request.on('error', () => upstream.destroy())
  request.pipe(upstream)
}
