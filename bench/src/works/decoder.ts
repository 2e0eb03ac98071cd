import { type Frame, sseFraming } from '@rivulet/core/provider'
import type { Work } from '../contender.ts'

/**
 * The SSE decoder alone, over the same 4 MB of events repeatedly, cut into pieces of `size` bytes; `times` is the number of MB.
 * `long-event` is one event of that length, for which a quadratic decoder would take hours; it is read `LONG_EVENTS` times,
 * because the kernel's allocation for a single one varies from nothing to more than the reading.
 */

export const LONG_EVENTS = 256

const MB = 1024 * 1024
const EVENT = Buffer.from(
  'data: {"id":"chatcmpl-9tXk2LrJcQ8fYb3nV0aWs","choices":[{"index":0,"delta":{"content":" river"},"finish_reason":null}]}\n\n',
)

const BLOCKS = {
  events: Buffer.concat(Array.from({ length: Math.ceil((4 * MB) / EVENT.length) }, () => EVENT)),
  'long-event': Buffer.alloc(4 * MB, 120),
}

const cut = new Map<string, Uint8Array[]>()

/** The bytes are made once, so that only the reading is measured. */
function piecesOf(what: keyof typeof BLOCKS, size: number): Uint8Array[] {
  const key = `${what} ${size}`
  const known = cut.get(key)
  if (known !== undefined) return known
  const block = BLOCKS[what]
  const pieces: Uint8Array[] = []
  for (let at = 0; at < block.length; at += size) pieces.push(block.subarray(at, at + size))
  cut.set(key, pieces)
  return pieces
}

export const ours: Work = async ({ url, size, times }) => {
  const long = url === 'long-event'
  const pieces = piecesOf(long ? 'long-event' : 'events', size)
  let frames = 0
  let bytes = 0
  const decoder = sseFraming({ maxFrameBytes: 256 * MB })({
    push(frame: Frame) {
      frames++
      bytes += frame.end - frame.start
    },
    end: () => undefined,
  })
  for (let event = 0; event < (long ? LONG_EVENTS : 1); event++) {
    if (long) decoder.push(Buffer.from('data: '))
    for (let fed = 0; fed < times * MB;) {
      for (const piece of pieces) {
        if (fed >= times * MB) break
        decoder.push(piece)
        fed += piece.length
      }
    }
    decoder.push(Buffer.from('\n\n'))
  }
  decoder.end()
  if (bytes === 0) throw new Error('the decoder read nothing')
  return () => `${frames} frames`
}
