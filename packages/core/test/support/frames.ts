import fc from 'fast-check'
import type { Framing } from '../../src/protocol.ts'

export interface ReadFrame {
  event: string | undefined
  data: string
}

/**
 * The frames that a framing reads from these chunks. Each chunk is overwritten after its push, as a transport may do with its
 * buffers: a framing must copy what it keeps.
 */
export function framesOf(framing: Framing, chunks: readonly Uint8Array[]): ReadFrame[] {
  const frames: ReadFrame[] = []
  let ended = 0
  const sink = framing({
    push: (frame) => frames.push({ event: frame.event, data: frame.text() }),
    end: () => ended++,
  })
  for (const chunk of chunks) {
    const buffer = Buffer.from(chunk)
    sink.push(buffer)
    buffer.fill('*')
  }
  sink.end()
  if (ended !== 1) throw new Error(`end() was passed on ${ended} times`)
  return frames
}

export const dataOf = (framing: Framing, chunks: readonly Uint8Array[]): string[] =>
  framesOf(framing, chunks).map(({ data }) => data)

/** Cuts the bytes into pieces of these sizes, in rotation. */
export function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

/** Sizes for {@link cut}: single bytes, a few bytes, empty chunks in between, everything at once. */
export const sizes: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constant([1]),
  fc.constant([100_000]),
  fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 8 }).map((some) => [...some, 1]),
)

export const bytesOf = (text: string): Uint8Array => Buffer.from(text)

/** Decodes UTF-8, with U+FFFD for invalid bytes, and keeps a BOM. */
export const textOfBytes = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
