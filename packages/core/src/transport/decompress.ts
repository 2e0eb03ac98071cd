import type { Readable, Transform } from 'node:stream'

/**
 * Decodes the content codings of a body as it arrives. undici delivers bodies as they are on the wire, and some proxies
 * compress unasked. A body that is not in the coding that it names rejects.
 */
export function decompress(
  body: AsyncIterableIterator<Uint8Array>,
  contentEncoding: string | undefined,
): AsyncIterable<Uint8Array> {
  const codings = (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity')
  return codings.length === 0 ? body : decoded(body, codings)
}

/** One coding inside another costs a decoder each, and a response may name thousands (CVE-2026-22036): as many as undici takes. */
const MAX_CODINGS = 5

const codingError = (message: string): Error => Object.assign(new Error(message), { code: 'ERR_CODING' })

async function* decoded(
  body: AsyncIterableIterator<Uint8Array>,
  codings: string[],
): AsyncGenerator<Uint8Array, undefined> {
  if (codings.length > MAX_CODINGS) {
    throw codingError(`more than ${MAX_CODINGS} content codings: ${codings.length}`)
  }
  // Loaded on demand, because hardly any body needs it.
  const [zlib, stream] = await Promise.all([import('node:zlib'), import('node:stream')])
  const decoderOf = (coding: string): Transform => {
    switch (coding) {
      case 'gzip':
      case 'x-gzip':
        return zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH })
      case 'deflate':
        return zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH })
      case 'br':
        return zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH })
      case 'zstd':
        return zlib.createZstdDecompress()
      default:
        throw codingError(`unsupported content-encoding: ${coding.slice(0, 100)}`)
    }
  }
  let failure: { reason: unknown } | undefined
  /** The body, but a failure is stored until everything before it has been decoded. */
  async function* withoutFailure(): AsyncGenerator<Uint8Array, undefined> {
    try {
      yield* body
    } catch (reason) {
      failure = { reason }
    }
  }
  let plain: Readable = stream.Readable.from(withoutFailure(), { objectMode: false, highWaterMark: 64 * 1024 })
  // The coding that was applied last is removed first.
  for (const coding of codings.reverse()) {
    const decoder = decoderOf(coding)
    const source = plain
    source.on('error', (error) => decoder.destroy(error))
    decoder.on('close', () => source.destroy())
    plain = source.pipe(decoder)
  }
  try {
    for await (const chunk of plain) yield chunk as Uint8Array
  } catch (error) {
    // A decoder whose input breaks off fails too: report the cause.
    throw bodyFailure()?.reason ?? error
  } finally {
    plain.destroy()
    await body.return?.()
  }
  const broken = bodyFailure()
  if (broken !== undefined) throw broken.reason

  /** A function, because the compiler does not see that another generator assigns the variable. */
  function bodyFailure(): { reason: unknown } | undefined {
    return failure
  }
}
