import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { askAndRead, providerAt } from '../ask.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, readAll, within } from '../reading.ts'

/** The URL of a port that was free a moment ago, with no server on it. */
export async function deadUrl(): Promise<string> {
  const server = createServer()
  const url = await listening(server)
  server.close()
  await once(server, 'close')
  return url
}

/** A server without TLS, which answers a handshake with plain HTTP. */
async function plainServer(): Promise<{ url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  })
  const url = await listening(server)
  return {
    url,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return `http://127.0.0.1:${address.port}`
}

export const connecting: readonly Law[] = [
  {
    name: 'a failure to connect is a network error with its cause',
    rows: [1],
    async run(context) {
      await using plain = await plainServer()
      const urls: Record<string, string> = {
        'a refused connection': await deadUrl(),
        'a TLS error': plain.url.replace('http:', 'https:'),
        // A resolver may take seconds to find a host unknown.
        ...(context.thorough && { 'an unknown host': 'http://nowhere.invalid' }),
      }
      for (const [what, url] of Object.entries(urls)) {
        const stream = providerAt(context, url).stream(context.subject.request)
        const error = chatErrorOf(await within(context.patienceMs, what, readAll(stream)), what)
        assert.equal(error.code, 'network', `${what}: ${error.message}`)
        assert.ok(error.retryable, `${what}: error.retryable`)
        assert.ok(error.cause instanceof Error, `${what}: error.cause`)
      }
      return `network, with a cause: ${Object.keys(urls).join(', ')}`
    },
  },
  {
    name: 'a connection that ends before the response head is a network error, and the request is sent once',
    rows: [6],
    async run(context) {
      for (const end of ['fin', 'reset'] as const) {
        const what = `${end} before the response head`
        const read = await askAndRead(context, what, async (exchange) => {
          if (end === 'fin') exchange.fin()
          else await exchange.reset()
        })
        assert.equal(chatErrorOf(read, what).code, 'network', what)
        assert.equal(read.play.exchanges.length, 1, `${what}: how many requests`)
      }
      return 'network'
    },
  },
]
