import { decompress } from '@rivulet/core/decompress'
import type { Exchange } from '../exchange.ts'
import { BoundedBytes } from './bounded-bytes.ts'
import { Refused } from './refused.ts'

/** What `decompress()` of core can undo. */
const CODINGS = ['gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'identity']

const decoder = new TextDecoder('utf-8', { fatal: true })

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
  let plain: Uint8Array | undefined
  try {
    const sent = await exchange.body(maxBytes)
    plain = sent === undefined || coding === undefined ? sent : await decompressed(sent, coding, maxBytes)
  } catch (error) {
    if (exchange.left.aborted) throw error
    throw new Refused(400, 'the body is not in the coding that its content-encoding names')
  }
  if (plain === undefined) throw tooLong(maxBytes)
  try {
    return decoder.decode(plain)
  } catch {
    throw new Refused(400, 'the body must be UTF-8')
  }
}

/** `undefined` for more bytes than this. */
async function decompressed(body: Uint8Array, coding: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const bytes = new BoundedBytes(maxBytes)
  for await (const piece of decompress(once(body), coding)) {
    if (!bytes.add(piece)) return undefined
  }
  return bytes.whole()
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
  yield bytes
}

const tooLong = (maxBytes: number): Refused => new Refused(413, `the body has more than ${maxBytes} bytes: send less`)
