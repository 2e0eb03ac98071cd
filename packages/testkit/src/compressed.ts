import { once } from 'node:events'
import { constants, createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib'

export type Coding = 'gzip' | 'br' | 'zstd' | 'deflate'

export const CODINGS: readonly Coding[] = ['gzip', 'br', 'zstd', 'deflate']

/** The decoder is under test, so the fastest encoding will do: at its default quality, Brotli takes 20 ms to set up. */
const fastBrotli = () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })

const encoders = {
  gzip: { open: createGzip, flush: constants.Z_SYNC_FLUSH },
  deflate: { open: createDeflate, flush: constants.Z_SYNC_FLUSH },
  br: { open: fastBrotli, flush: constants.BROTLI_OPERATION_FLUSH },
  zstd: { open: createZstdCompress, flush: constants.ZSTD_e_flush },
} as const

/**
 * The parts of a body in a content coding. Each part is flushed, so that it can be decoded when it has arrived, as by a
 * server that flushes after each event. The last part holds the end of the coding.
 */
export async function compressed(coding: Coding, parts: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const { open, flush } = encoders[coding]
  const encoder = open()
  const pieces: Uint8Array[] = []
  let came: Uint8Array[] = []
  encoder.on('data', (chunk: Uint8Array) => came.push(chunk))
  const take = (): void => {
    pieces.push(Buffer.concat(came))
    came = []
  }
  for (const part of parts.slice(0, -1)) {
    encoder.write(part)
    await new Promise<void>((resolve) => {
      encoder.flush(flush, resolve)
    })
    take()
  }
  encoder.end(parts.at(-1))
  await once(encoder, 'end')
  take()
  return pieces
}
