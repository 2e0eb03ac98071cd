import type { Frame } from '../protocol.ts'

/**
 * The one frame object of a framing, set to each message in turn: a stream of a million messages allocates one object.
 */
export class FrameView implements Frame {
  event: string | undefined = undefined
  buffer: Uint8Array = EMPTY
  start = 0
  end = 0

  text(from = this.start, to = this.end): string {
    return utf8(this.buffer, from, to)
  }
}

const EMPTY = /* @__PURE__ */ new Uint8Array(0)

// `ignoreBOM` keeps U+FEFF inside an answer: only the framing removes one, at the start of the body.
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })

/** A range of bytes as text; invalid UTF-8 becomes U+FFFD. */
export function utf8(bytes: Uint8Array, start: number, end: number): string {
  // Node's Buffer decodes a range in one native call; a view for TextDecoder costs more than the decoding.
  return 'utf8Slice' in bytes
    ? (bytes as Buffer & { utf8Slice(start: number, end: number): string }).utf8Slice(start, end)
    : decoder.decode(bytes.subarray(start, end))
}

const encoder = /* @__PURE__ */ new TextEncoder()

/** Text as UTF-8. */
export function bytesOf(text: string): Uint8Array {
  // Node's Buffer allocates a short one from its pool, in a tenth of the time.
  return typeof Buffer === 'undefined' ? encoder.encode(text) : Buffer.from(text)
}

/** A character for each byte, as `btoa` takes it. */
export function byteText(bytes: Uint8Array): string {
  let text = ''
  // A function takes so many arguments in every runtime.
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return text
}
