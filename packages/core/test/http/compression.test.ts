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
import { settled } from '../support/settled.ts'
import { acme, failure, hello, said, transports } from '../support/providers.ts'
import { END, text } from '../support/plain.ts'
import { closed, serve, signalled } from '../support/servers.ts'

/** Each coding as a server uses it for a stream: it flushes behind each event. */
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
    'a body in %s is read as it comes: the first event before the body ends',
    async (coding, create) => {
      const rest = signalled()
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
        // Only now does the server go on.
        rest.resolve()
      }
      expect(texts).toEqual(['first', ' and last'])
    },
  )

  test.each(codings)('a body in %s that breaks off is truncated, with what came', async (coding, create) => {
    const half = await flushed(create(), coding, text('half'))
    const server = await serve((response) => {
      response.writeHead(200, { 'content-encoding': coding })
      response.write(half, () => response.destroy())
    })
    const error = await failure(collect(at(server.url)), 'truncated')
    // A decoder of fetch may be cut off with what it has not decoded yet: that is not ours.
    if (name === 'undici') expect(error.partial?.text).toBe('half')
  })

  test.each(['gzip', 'deflate', 'br', 'zstd'])(
    'a body that is not in %s, which it names, is malformed',
    async (coding) => {
      const server = await serve((response) => {
        response.writeHead(200, { 'content-encoding': coding }).end(text('plain') + END)
      })
      const error = await failure(collect(at(server.url)), 'malformed')
      expect(error.retryable).toBe(true)
    },
  )

  test('two codings come off in turn', async () => {
    const body = brotliCompressSync(gzipSync(text('a') + END))
    const server = await serve((response) => response.writeHead(200, { 'content-encoding': 'gzip, br' }).end(body))
    expect((await collect(at(server.url))).text).toBe('a')
  })

  test('identity is none', async () => {
    const server = await serve((response) =>
      response.writeHead(200, { 'content-encoding': 'identity' }).end(text('a') + END),
    )
    expect((await collect(at(server.url))).text).toBe('a')
  })

  test('the end mark ends the answer, though the connection stays open; and the connection is closed', async () => {
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

  test('a reader that leaves in the middle closes the connection', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const encoder = createGzip()
      encoder.pipe(response)
      encoder.write(text('a'))
      encoder.flush()
    })
    for await (const event of at(server.url)) {
      if (event.type !== 'text') continue
      expect(event).toEqual(said('a'))
      break
    }
    await closed(server.sockets[0])
  })
})

/** What a server has sent of a body in a coding when it has flushed so many words. */
async function flushed(
  encoder: ReturnType<(typeof codings)[number][1]>,
  coding: string,
  words: string,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  encoder.on('data', (chunk: Buffer) => chunks.push(chunk))
  encoder.write(words)
  await new Promise<void>((resolve) => {
    encoder.flush(flushOf(coding), resolve)
  })
  await settled()
  return Buffer.concat(chunks)
}
