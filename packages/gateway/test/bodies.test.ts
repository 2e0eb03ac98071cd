import { on, once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { systemClock } from '@rivulet/core/provider'
import { scriptedProvider } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { gateway } from '../src/index.ts'
import { NodeExchange } from '../src/node/node-exchange.ts'
import { CLIENTS } from './support/clients.ts'
import { whole } from './support/providers.ts'
import { SERVERS, serving } from './support/serving.ts'

const provider = scriptedProvider('acme', systemClock, () => whole)
const CODINGS: readonly [name: string, encode: (bytes: Buffer) => Buffer][] = [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
]
const chat = CLIENTS[0]?.body(true)
const json = Buffer.from(JSON.stringify(chat))

describe.each(SERVERS)('%s', (kind) => {
  const sent = async (
    body: NonNullable<RequestInit['body']>,
    coding: string,
    maxBodyBytes = 10_000,
  ): Promise<number> => {
    await using server = await serving(kind, provider, { maxBodyBytes })
    const headers = { 'content-type': 'application/json', 'content-encoding': coding }
    const response = await server.ask('/v1/chat/completions', { method: 'POST', body, headers })
    await response.text()
    return response.status
  }

  test.each(CODINGS)('a body in %s is read', async (name, encode) => {
    expect(await sent(new Uint8Array(encode(json)), name)).toBe(200)
  })

  test('codings one inside another are read in their order', async () => {
    expect(await sent(new Uint8Array(brotliCompressSync(gzipSync(json))), 'gzip, br')).toBe(200)
  })

  test('an unknown coding is a 415, and bytes in another coding a 400', async () => {
    expect(await sent(new Uint8Array(json), 'lzma')).toBe(415)
    expect(await sent(new Uint8Array(json), 'gzip')).toBe(400)
    expect(await sent(new Uint8Array([123, 0xff, 0xfe]), 'identity')).toBe(400)
  })

  test.each(CODINGS)('a body that is small in %s and large without is a 413', async (name, encode) => {
    const bomb = Buffer.from(JSON.stringify({ ...chat, metadata: { filler: 'a'.repeat(2_000_000) } }))
    expect(await sent(new Uint8Array(encode(bomb)), name)).toBe(413)
  })

  test('compressed bytes count too, though they may be nothing without compression', async () => {
    await using server = await serving(kind, provider, { maxBodyBytes: 10_000 })
    const empty = Buffer.concat(Array.from({ length: 1_000 }, () => gzipSync('')))
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const init = { method: 'POST', body: new Blob([empty]).stream(), duplex: 'half', headers } as RequestInit
    expect((await server.ask('/v1/chat/completions', init)).status).toBe(413)
  })

  test.each(CLIENTS)(
    '$name: a body above the bound is a 413, whether or not it says how long it is',
    async ({ path, body }) => {
      await using server = await serving(kind, provider, { maxBodyBytes: 10_000 })
      const large = JSON.stringify(body(true, 'a'.repeat(20_000)))
      const unsaid = new Blob([large]).stream()
      const init = {
        method: 'POST',
        body: unsaid,
        duplex: 'half',
        headers: { 'content-type': 'application/json' },
      } as RequestInit
      const statuses = [(await server.post(path(true), large)).status, (await server.ask(path(true), init)).status]
      expect(statuses).toEqual([413, 413])
    },
  )
})

describe('on a server of Node', () => {
  /** Opens a connection, and gives the exchange that is on it once `until` has happened to its request. */
  async function exchangeAfter(
    until: 'arrival' | 'close',
    sent: string,
  ): Promise<Disposable & { exchange: NodeExchange }> {
    const { promise, resolve } = Promise.withResolvers<NodeExchange>()
    const server = createServer((request, response) => {
      const exchange = new NodeExchange(request, response)
      if (until === 'arrival') resolve(exchange)
      else {
        request.once('close', () => {
          resolve(exchange)
        })
        socket.destroy()
      }
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n${sent}`)
    return {
      exchange: await promise,
      [Symbol.dispose]() {
        socket.destroy()
        server.close()
      },
    }
  }

  test('the body of a client that has left rejects, and is not waited for', async () => {
    using left = await exchangeAfter('close', 'abc')
    await expect(left.exchange.body(100)).rejects.toThrow('the client left')
  })

  test('after a body above the bound that did not say how long it is, the connection takes the next request', async () => {
    const server = gateway(provider, { maxBodyBytes: 1_000 })
    const { url, close } = await server.listen({ port: 0 })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const head = 'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n'
    const chunk = `186a0\r\n${'a'.repeat(100_000)}\r\n`
    const received = on(socket, 'data')
    let answers = ''
    const until = async (status: string): Promise<void> => {
      while (!answers.includes(status)) answers += String((await received.next()).value)
    }
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n${chunk}`)
    await until('HTTP/1.1 413')
    socket.write(`${chunk.repeat(5)}0\r\n\r\n${head}content-length: ${json.length}\r\n\r\n${json.toString()}`)
    await until('HTTP/1.1 200')
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200'])
    socket.destroy()
    await close({ drainMs: 1 })
  })

  test('a stream that is never done with being cancelled does not hold up the refusal of its body', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(new Uint8Array(1_000))
      },
      cancel: () => new Promise(() => undefined),
    })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' }
    const { fetch } = gateway(provider, { maxBodyBytes: 1_000 })
    const response = await fetch(new Request('http://localhost/v1/chat/completions', init as RequestInit))
    expect(response.status).toBe(413)
  })

  test('the pieces of a body are one, and of a longer one none is given', async () => {
    using short = await exchangeAfter('arrival', '0123456789')
    using long = await exchangeAfter('arrival', '0123456789')
    expect(Buffer.from((await short.exchange.body(10)) ?? []).toString()).toBe('0123456789')
    expect(await long.exchange.body(9)).toBeUndefined()
  })
})
