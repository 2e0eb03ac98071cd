import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createNetServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface ServerSeen {
  url: string
  /** What was asked, in order. */
  requests: SeenRequest[]
  /** Every connection that was made, in order. */
  sockets: Socket[]
}

export interface SeenRequest {
  path: string
  /** Names and values one behind the other, as they came. */
  rawHeaders: string[]
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** An HTTP server on loopback that lives as long as the test. */
export async function serve(
  answer: (response: ServerResponse, request: IncomingMessage, body: string) => void,
): Promise<ServerSeen> {
  const seen: ServerSeen = { url: '', requests: [], sockets: [] }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const { url = '', rawHeaders, headers } = request
      seen.requests.push({ path: url, rawHeaders, headers, body })
      answer(response, request, body)
    })
  })
  server.on('connection', (socket) => {
    seen.sockets.push(socket)
    // A client that leaves may do so with a reset.
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return seen
}

/** A server that speaks bytes: `answer` is called for each request, when its body is there. */
export async function serveBytes(answer: (socket: Socket, request: string) => void): Promise<ServerSeen> {
  const seen: ServerSeen = { url: '', requests: [], sockets: [] }
  const server = createNetServer((socket) => {
    seen.sockets.push(socket)
    socket.on('error', () => undefined)
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString()
      const [head = '', body] = received.split('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (body === undefined || Buffer.byteLength(body) < length) return
      const request = received
      received = ''
      seen.requests.push({ path: head.split(' ')[1] ?? '', rawHeaders: [], headers: {}, body })
      answer(socket, request)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of seen.sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return seen
}

/** Waits until the other side has let go of the connection. */
export async function closed(socket: Socket | undefined): Promise<void> {
  if (socket === undefined) throw new Error('there never was a connection')
  // Not once(): a reset is a close too.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
}

/** A promise and what settles it. */
export function signalled<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  return Promise.withResolvers<T>()
}

/** An address at which nobody listens. */
export async function freeUrl(): Promise<string> {
  const server = createNetServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}
