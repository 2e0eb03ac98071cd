import type { Readable, Transform } from 'node:stream'

/**
 * The body without its content codings, decoded as it comes. undici hands bodies out as they are on the wire, and some
 * proxies compress what nobody asked them to. A body that is not in the coding it names rejects.
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

async function* decoded(
  body: AsyncIterableIterator<Uint8Array>,
  codings: string[],
): AsyncGenerator<Uint8Array, undefined> {
  // Loaded when a body needs it: hardly any does.
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
        throw Object.assign(new Error(`the body is in a coding that nobody asked for: ${coding}`), {
          code: 'ERR_CODING',
        })
    }
  }
  let broke: { reason: unknown } | undefined
  /** The body, whose breaking off waits until what came before it is decoded. */
  async function* whatCame(): AsyncGenerator<Uint8Array, undefined> {
    try {
      yield* body
    } catch (reason) {
      broke = { reason }
    }
  }
  let plain: Readable = stream.Readable.from(whatCame(), { objectMode: false, highWaterMark: 64 * 1024 })
  // The coding that was put on last comes off first.
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
    // A decoder that is cut off complains too, of what was not its fault.
    throw wasBroken()?.reason ?? error
  } finally {
    plain.destroy()
    await body.return?.()
  }
  const cut = wasBroken()
  if (cut !== undefined) throw cut.reason

  /** A function, because a variable that another generator sets looks constant to the compiler. */
  function wasBroken(): { reason: unknown } | undefined {
    return broke
  }
}
