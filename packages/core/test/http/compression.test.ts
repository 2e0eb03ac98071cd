import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  createZstdCompress,
  gzipSync,
} from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { collect } from '../../src/reading/collect.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { acme, failure, hello, textEvent, transports } from '../support/providers.ts'
import { END, text } from '../support/plain.ts'
import { closed, serve, deferred } from '../support/servers.ts'

/** Each coding as a server uses it for a stream, with a flush after each event. */
const codings = [
  ['gzip', () => createGzip()],
  ['x-gzip', () => createGzip()],
  ['deflate', () => createDeflate()],
  ['br', () => createBrotliCompress()],
  ['zstd', () => createZstdCompress()],
] as const

const flushOf = (coding: string): number => {
  if (coding === 'br') return constants.BROTLI_OPERATION_FLUSH
  return coding === 'zstd' ? constants.ZSTD_e_flush : constants.Z_SYNC_FLUSH
}

describe.each(transports)('over %s', (name, open) => {
  const at = (url: string) => acme(url, { transport: open() }).stream(hello)

  test.each(codings)(
    'a body in %s is read as it arrives: the first event before the body ends',
    async (coding, create) => {
      const rest = deferred()
      const server = await serve((response) => {
        response.writeHead(200, { 'content-encoding': coding })
        const encoder = create()
        encoder.pipe(response)
        encoder.write(text('first'))
        encoder.flush(flushOf(coding))
        void rest.promise.then(() => encoder.end(text(' and last') + END))
      })
      const texts: string[] = []
      for await (const event of at(server.url)) {
        if (event.type !== 'text') continue
        texts.push(event.text)
        // Only now does the server continue.
        rest.resolve()
      }
      expect(texts).toEqual(['first', ' and last'])
    },
  )

  test.each(codings)('a body in %s that breaks off is truncated, with the partial answer', async (coding, create) => {
    const half = await flushed(create(), coding, text('half'))
    const server = await serve((response) => {
      response.writeHead(200, { 'content-encoding': coding })
      response.write(half, () => response.destroy())
    })
    const error = await failure(collect(at(server.url)), 'truncated')
    // The decoder of fetch may drop what it has not decoded yet, which is outside our control.
    if (name === 'undici') expect(error.partial?.text).toBe('half')
  })

  test.each(['gzip', 'deflate', 'br', 'zstd'])('a body that names %s and is not in it is malformed', async (coding) => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-encoding': coding }).end(text('plain') + END)
    })
    const error = await failure(collect(at(server.url)), 'malformed')
    expect(error.retryable).toBe(true)
  })

  test('two codings are decoded in turn', async () => {
    const body = brotliCompressSync(gzipSync(text('a') + END))
    const server = await serve((response) => response.writeHead(200, { 'content-encoding': 'gzip, br' }).end(body))
    expect((await collect(at(server.url))).text).toBe('a')
  })

  test('five codings are decoded, more are malformed, and none of them is begun', async () => {
    for (const codings of [5, 6, 1_500]) {
      let body: string | Buffer = text('a') + END
      for (let coding = 0; coding < Math.min(codings, 6); coding++) body = gzipSync(body)
      const server = await serve((response) =>
        response
          .writeHead(200, { 'content-encoding': Array.from({ length: codings }, () => 'gzip').join(', ') })
          .end(body),
      )
      if (codings <= 5) expect((await collect(at(server.url))).text).toBe('a')
      else await failure(collect(at(server.url)), name === 'undici' ? 'malformed' : 'network')
    }
  })

  test('identity is not a coding', async () => {
    const server = await serve((response) =>
      response.writeHead(200, { 'content-encoding': 'identity' }).end(text('a') + END),
    )
    expect((await collect(at(server.url))).text).toBe('a')
  })

  test('the end mark ends the answer even if the connection stays open, and the connection is closed', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const encoder = createGzip()
      encoder.pipe(response)
      encoder.write(text('a') + END)
      encoder.flush()
    })
    expect((await collect(at(server.url))).text).toBe('a')
    await closed(server.sockets[0])
  })

  test('an error body in gzip is read', async () => {
    const body = gzipSync('{"error":{"message":"what happened"}}')
    const server = await serve((response) => response.writeHead(500, { 'content-encoding': 'gzip' }).end(body))
    const error = await failure(collect(at(server.url)), 'overloaded')
    expect(error.message).toBe('acme: HTTP 500: what happened')
  })

  test('a reader that stops in the middle closes the connection', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const encoder = createGzip()
      encoder.pipe(response)
      encoder.write(text('a'))
      encoder.flush()
    })
    for await (const event of at(server.url)) {
      if (event.type !== 'text') continue
      expect(event).toEqual(textEvent('a'))
      break
    }
    await closed(server.sockets[0])
  })
})

/** The bytes that a server has sent when it has flushed this text in a coding. */
async function flushed(
  encoder: ReturnType<(typeof codings)[number][1]>,
  coding: string,
  content: string,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  encoder.on('data', (chunk: Buffer) => chunks.push(chunk))
  encoder.write(content)
  await new Promise<void>((resolve) => {
    encoder.flush(flushOf(coding), resolve)
  })
  await eventLoopTurn()
  return Buffer.concat(chunks)
}
