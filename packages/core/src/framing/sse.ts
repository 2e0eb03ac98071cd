import type { Frame, Framing, Sink } from '../protocol.ts'
import { withoutBom } from './bom.ts'
import { checkFrame, ByteBuffer, MAX_FRAME_BYTES } from './byte-buffer.ts'
import { FrameView, utf8 } from './frame-view.ts'

const LF = 10
const CR = 13
const SPACE = 32
const COLON = 58

/**
 * Server-sent events, as the HTML standard has them ("Interpreting an event stream"): LF, CR and CRLF end a line, a BOM
 * at the start is taken off, comments and unknown fields are passed over, the data lines of an event are joined by LF.
 * Differs in one point, on purpose: an event that the end of the body cuts off from its blank line is delivered,
 * because servers leave that line out; whether the answer is whole is for the dialect's end mark to say.
 *
 * Works on bytes and never looks at one twice, however they are cut. An event whose data is one line within one chunk,
 * which is nearly all of them, is delivered as a range of that chunk: nothing is copied.
 *
 * @param options.maxFrameBytes An event with more data than this throws `malformed`. @default 16 MiB
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function sseFraming(options: { maxFrameBytes?: number } = {}): Framing {
  return (out) => withoutBom(new SseDecoder(out, options.maxFrameBytes ?? MAX_FRAME_BYTES))
}

class SseDecoder implements Sink<Uint8Array> {
  readonly #out: Sink<Frame>
  readonly #maxFrameBytes: number
  /** The data of the event so far, while it is one line and the bytes that hold it are at hand: a range of them. */
  readonly #frame = new FrameView()
  #inPlace = false
  /** The data of the event so far, when it is more than one line or outlived its chunk. */
  readonly #data: ByteBuffer
  #dataLines = 0
  /** The line that the end of the chunk cut. */
  readonly #line: ByteBuffer
  #event: string | undefined = undefined
  /** The last line that named an event, and its name. */
  readonly #nameLine = new ByteBuffer(256)
  #name: string | undefined = undefined
  /** The last byte was a CR: a LF that follows belongs to it. */
  #afterCr = false

  constructor(out: Sink<Frame>, maxFrameBytes: number) {
    this.#out = out
    this.#maxFrameBytes = maxFrameBytes
    this.#line = new ByteBuffer(maxFrameBytes)
    this.#data = new ByteBuffer(maxFrameBytes)
  }

  push(chunk: Uint8Array): void {
    const length = chunk.length
    let at = 0
    if (this.#afterCr && at < length) {
      this.#afterCr = false
      if (chunk[at] === LF) at++
    }
    let cr = chunk.indexOf(CR, at)
    while (at < length) {
      // The blank line behind every event is seen without a search.
      let end = chunk[at] === LF ? at : chunk.indexOf(LF, at)
      let next = end + 1
      if (cr !== -1 && (end === -1 || cr < end)) {
        end = cr
        next = cr + 1
        if (next === length) this.#afterCr = true
        else if (chunk[next] === LF) next++
        cr = chunk.indexOf(CR, next)
      }
      if (end === -1) break
      if (this.#line.length > 0) {
        this.#line.append(chunk, at, end)
        this.#endCutLine()
      } else if (end === at) {
        this.#dispatch()
      } else {
        this.#readLine(chunk, at, end)
      }
      at = next
    }
    // The data first: it may lie in the line before this one, whose room is used again.
    if (this.#inPlace) this.#keepData()
    if (at < length) this.#line.append(chunk, at, length)
  }

  end(): void {
    if (this.#line.length > 0) this.#endCutLine()
    this.#dispatch()
    this.#out.end()
  }

  /** The cut line is whole. Its bytes stay as they are until another is cut. */
  #endCutLine(): void {
    this.#readLine(this.#line.bytes, 0, this.#line.length)
    this.#line.clear()
  }

  #readLine(bytes: Uint8Array, start: number, end: number): void {
    // "data", the field that nearly every line has: d, a, t, a, then a colon or the end of the line.
    if (
      bytes[start] === 100 &&
      bytes[start + 1] === 97 &&
      bytes[start + 2] === 116 &&
      bytes[start + 3] === 97 &&
      (end === start + 4 || bytes[start + 4] === COLON) &&
      end >= start + 4
    ) {
      let from = Math.min(start + 5, end)
      if (from < end && bytes[from] === SPACE) from++
      this.#addData(bytes, from, end)
      return
    }
    if (bytes[start] !== 101) return // not "event": a comment, `id`, `retry` or a field that nobody knows
    if (!this.#isLastName(bytes, start, end)) this.#readName(bytes, start, end)
    else this.#event = this.#name
  }

  /** Nearly every event of a stream has the name of the one before it. */
  #isLastName(bytes: Uint8Array, start: number, end: number): boolean {
    const { length, bytes: last } = this.#nameLine
    if (length === 0 || length !== end - start) return false
    for (let at = 0; at < length; at++) if (last[at] !== bytes[start + at]) return false
    return true
  }

  #readName(bytes: Uint8Array, start: number, end: number): void {
    const line = utf8(bytes, start, Math.min(end, start + 256))
    if (line !== 'event' && !line.startsWith('event:')) return
    this.#event = this.#name = line.slice(6).replace(/^ /, '') || undefined
    this.#nameLine.clear()
    if (end - start <= 256) this.#nameLine.append(bytes, start, end)
  }

  #addData(bytes: Uint8Array, start: number, end: number): void {
    if (this.#dataLines++ === 0) {
      checkFrame(end - start, this.#maxFrameBytes)
      this.#point(bytes, start, end)
      this.#inPlace = true
      return
    }
    if (this.#inPlace) this.#keepData()
    this.#data.append(LINE_FEED, 0, 1)
    this.#data.append(bytes, start, end)
  }

  #point(buffer: Uint8Array, start: number, end: number): void {
    const frame = this.#frame
    frame.buffer = buffer
    frame.start = start
    frame.end = end
  }

  /** What the data lies in is about to go, or more is to follow it: it is copied. */
  #keepData(): void {
    const { buffer, start, end } = this.#frame
    this.#data.append(buffer, start, end)
    this.#inPlace = false
  }

  #dispatch(): void {
    if (this.#dataLines > 0) {
      if (!this.#inPlace) this.#point(this.#data.bytes, 0, this.#data.length)
      this.#frame.event = this.#event
      this.#dataLines = 0
      this.#inPlace = false
      this.#out.push(this.#frame)
      this.#data.clear()
    }
    this.#event = undefined
  }
}

const LINE_FEED = /* @__PURE__ */ Uint8Array.of(LF)
