import { decompress } from '@rivulet/core/decompress'
import type { Exchange } from '../exchange.ts'
import { Refused } from './refused.ts'

/** What `decompress()` of core can undo. */
const CODINGS = ['gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'identity']

/**
 * The text of a JSON body. Its bound holds before and after decompression.
 *
 * @throws Refused 415 for another type or coding, 413 above the bound, 400 for bytes that are not what they are said to be.
 */
export async function readBody(exchange: Exchange, maxBytes: number): Promise<string> {
  const { 'content-type': type = '', 'content-encoding': coding, 'content-length': length } = exchange.headers
  if (!/^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw new Refused(415, 'the content type of the body must be application/json')
  }
  const unknown = coding?.split(',').find((name) => !CODINGS.includes(name.trim().toLowerCase()))
  if (unknown !== undefined) {
    throw new Refused(415, `the content encoding must be one of ${CODINGS.join(', ')}`, {
      'accept-encoding': 'gzip, br, zstd',
    })
  }
  if (Number(length) > maxBytes) throw tooLong(maxBytes)
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of decompress(bounded(exchange.body(), maxBytes), coding)) {
      size += chunk.length
      if (size > maxBytes) throw tooLong(maxBytes)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof Refused || exchange.left.aborted) throw error
    throw new Refused(400, 'the body is not in the coding that its content-encoding names')
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(joined(chunks, size))
  } catch {
    throw new Refused(400, 'the body must be UTF-8')
  }
}

/** As many bytes as may come: what is compressed counts too. */
async function* bounded(
  body: AsyncIterableIterator<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, undefined> {
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw tooLong(maxBytes)
    yield chunk
  }
}

const tooLong = (maxBytes: number): Refused => new Refused(413, `the body has more than ${maxBytes} bytes: send less`)

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks
  if (first !== undefined && chunks.length === 1) return first
  const all = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
