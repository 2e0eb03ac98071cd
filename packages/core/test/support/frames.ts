import fc from 'fast-check'
import type { Framing } from '../../src/protocol.ts'

export interface SeenFrame {
  event: string | undefined
  data: string
}

/**
 * What a framing makes of a body that comes in these chunks. Each chunk is overwritten once it was pushed, as a
 * transport may do with its buffers: what a framing keeps of it, it must have copied.
 */
export function framesOf(framing: Framing, chunks: readonly Uint8Array[]): SeenFrame[] {
  const seen: SeenFrame[] = []
  let ended = 0
  const sink = framing({
    push: (frame) => seen.push({ event: frame.event, data: frame.text() }),
    end: () => ended++,
  })
  for (const chunk of chunks) {
    const lent = Buffer.from(chunk)
    sink.push(lent)
    lent.fill('*')
  }
  sink.end()
  if (ended !== 1) throw new Error(`end() was passed on ${ended} times`)
  return seen
}

export const dataOf = (framing: Framing, chunks: readonly Uint8Array[]): string[] =>
  framesOf(framing, chunks).map(({ data }) => data)

/** The bytes cut into pieces of these sizes, again and again. */
export function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

/** Sizes for {@link cut}: single bytes, a few, empty chunks in between, everything at once. */
export const sizes: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constant([1]),
  fc.constant([100_000]),
  fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 8 }).map((some) => [...some, 1]),
)

export const bytesOf = (text: string): Uint8Array => Buffer.from(text)

/** Bytes as a text: UTF-8 with U+FFFD for what is none, and no BOM taken off. */
export const textOfBytes = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
