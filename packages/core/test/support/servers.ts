import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createNetServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface TestServer {
  url: string
  /** The requests, in order. */
  requests: SeenRequest[]
  /** The connections, in order. */
  sockets: Socket[]
}

export interface SeenRequest {
  path: string
  /** Names and values alternating, as received. */
  rawHeaders: string[]
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** Starts an HTTP server on loopback that is closed after the test. */
export async function serve(
  answer: (response: ServerResponse, request: IncomingMessage, body: string) => void,
): Promise<TestServer> {
  const seen: TestServer = { url: '', requests: [], sockets: [] }
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
    // A client may close a connection with a reset.
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

/** Starts a server that sends raw bytes: `answer` is called for each request that is complete. */
export async function serveBytes(answer: (socket: Socket, request: string) => void): Promise<TestServer> {
  const seen: TestServer = { url: '', requests: [], sockets: [] }
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

/** Waits until the client has closed the connection. */
export async function closed(socket: Socket | undefined): Promise<void> {
  if (socket === undefined) throw new Error('there was no connection')
  // Not once(), which rejects after a reset.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
}

/** A promise and its `resolve`. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  return Promise.withResolvers<T>()
}

/** An address where no server listens. */
export async function unusedUrl(): Promise<string> {
  const server = createNetServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}
