import assert from 'node:assert/strict'
import { ChatError } from '@rivulet/core'
import {
  detectFraming,
  type Frame,
  type Framing,
  jsonFraming,
  ndjsonFraming,
  sseFraming,
  textFraming,
} from '@rivulet/core/provider'
import type { Stream } from './streams.ts'

/** Small, so that many streams reach it. No piece is longer, as no read of a socket exceeds the default bound. */
const BOUND_BYTES = 512
const WIDE_BYTES = 64 * 1024

type Make = (contentType: string, maxFrameBytes: number) => Framing

export const FRAMINGS: Readonly<Record<string, Make>> = {
  sse: (_type, maxFrameBytes) => sseFraming({ maxFrameBytes }),
  ndjson: (_type, maxFrameBytes) => ndjsonFraming({ maxFrameBytes }),
  json: (_type, maxFrameBytes) => jsonFraming({ maxFrameBytes }),
  text: () => textFraming(),
  detect: (type, maxFrameBytes) => detectFraming(type.split(';', 1)[0] ?? '', { maxFrameBytes }),
}

interface Framed {
  frames: { event: string | undefined; text: string }[]
  longest: number
  /** The code of the `ChatError` at the end. */
  code: string | undefined
}

/** Frames a body. @throws every error that is not a `ChatError`. */
function framed(framing: Framing, pieces: readonly Uint8Array[]): Framed {
  const found: Framed = { frames: [], longest: 0, code: undefined }
  const sink = framing({
    push(frame: Frame) {
      found.longest = Math.max(found.longest, frame.end - frame.start)
      found.frames.push({ event: frame.event, text: frame.text() })
    },
    end: () => undefined,
  })
  try {
    for (const piece of pieces) sink.push(piece)
    sink.end()
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    found.code = error.code
  }
  return found
}

const small = (piece: Uint8Array): Uint8Array[] => {
  const parts: Uint8Array[] = []
  for (let at = 0; at < piece.length; at += BOUND_BYTES) parts.push(piece.subarray(at, at + BOUND_BYTES))
  return parts
}

/** The laws of a framing that hold for every stream. @throws when one is broken. */
export function checkFraming(name: string, { contentType, pieces }: Stream): void {
  const make = FRAMINGS[name]
  assert.ok(make, `no framing ${name}`)
  const whole = Buffer.concat(pieces)
  const bounded = framed(make(contentType, BOUND_BYTES), pieces.flatMap(small))
  assert.ok(bounded.longest <= BOUND_BYTES, `${name}: a frame of ${bounded.longest} bytes`)
  assert.ok(
    bounded.frames.length <= whole.length + 1,
    `${name}: ${bounded.frames.length} frames of ${whole.length} bytes`,
  )
  const cut = framed(make(contentType, WIDE_BYTES), pieces)
  const uncut = framed(make(contentType, WIDE_BYTES), [whole])
  if (name === 'text') {
    const joined = ({ frames }: Framed): string => frames.map((frame) => frame.text).join('')
    assert.equal(joined(cut), joined(uncut), `${name}: a cut changes the text`)
  } else assert.deepEqual(cut.frames, uncut.frames, `${name}: a cut changes the frames`)
  assert.equal(cut.code, uncut.code, `${name}: a cut changes how it ends`)
}
