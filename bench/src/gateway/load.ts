import { connect, type Socket } from 'node:net'
import { Pool } from 'undici'
import type { Running } from './running.ts'

/** A client of one server. */
export class Load {
  readonly #pool: Pool
  readonly #target: { port: number; headers: Record<string, string> }

  constructor(port: number, headers: Record<string, string>, connections: number) {
    this.#target = { port, headers }
    this.#pool = new Pool(`http://127.0.0.1:${port}`, { connections, headersTimeout: 30_000, bodyTimeout: 30_000 })
  }

  static of({ server, where }: Running, connections: number): Load {
    return new Load(where.port, server.headers?.(where) ?? {}, connections)
  }

  /** Reads one answer. Returns its chunks, and the ms to the first byte of its body. @throws Error for one without its end. */
  async ask(model: string, onChunks: (count: number) => void = () => undefined): Promise<{ firstMs: number }> {
    const begun = performance.now()
    const { statusCode, body } = await this.#pool.request({
      path: '/v1/chat/completions',
      method: 'POST',
      headers: headersOf(this.#target.headers),
      body: bodyOf(model),
    })
    let firstMs: number | undefined
    let tail = ''
    for await (const chunk of body as AsyncIterable<Buffer>) {
      firstMs ??= performance.now() - begun
      const text = chunk.toString('latin1')
      onChunks(text.split('\ndata: ').length)
      tail = (tail + text).slice(-40)
    }
    if (statusCode !== 200 || !tail.includes('[DONE]')) throw new Error(`status ${statusCode}, which ends ${tail}`)
    return { firstMs: firstMs ?? Infinity }
  }

  /** So many times, with as many at a time as there are connections. */
  async askAll(model: string, times: number, width: number): Promise<void> {
    let left = times
    const work = async (): Promise<void> => {
      while (left-- > 0) await this.ask(model)
    }
    await Promise.all(Array.from({ length: width }, work))
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }
}

const headersOf = (own: Record<string, string>): Record<string, string> => ({
  'content-type': 'application/json',
  authorization: 'Bearer key-of-the-clients',
  ...own,
})

const bodyOf = (model: string): string =>
  JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Tell me of the river.' }] })

/** Opens a stream that stays open: resolves once its first chunk has come. */
export function opened({ server, where }: Running): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const body = bodyOf('slow-1')
  const headers = {
    host: 'localhost',
    'content-length': String(body.length),
    ...headersOf(server.headers?.(where) ?? {}),
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(where.port, '127.0.0.1', () => {
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${head.join('')}\r\n${body}`)
  })
  socket.on('data', (chunk: Buffer) => {
    if (chunk.includes('data: ')) resolve(socket)
  })
  socket.once('error', reject)
  socket.once('close', () => {
    reject(new Error(`${server.label} closed a slow stream`))
  })
  return promise
}
