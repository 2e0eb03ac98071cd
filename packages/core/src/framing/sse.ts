import type { Frame, Framing, Sink } from '../protocol.ts'
import { withoutBom } from './bom.ts'
import { checkFrame, ByteBuffer, MAX_FRAME_BYTES } from './byte-buffer.ts'
import { FrameView, utf8 } from './frame-view.ts'

const LF = 10
const CR = 13
const SPACE = 32
const COLON = 58

/**
 * Reads server-sent events as the HTML standard defines them ("Interpreting an event stream"): LF, CR and CRLF end a line, a
 * BOM at the start is removed, comments and unknown fields are skipped, the data lines of an event are joined by LF. One
 * deliberate difference: the last event is delivered even without its blank line, because servers leave that line out; the
 * dialect's end mark decides whether the answer is complete.
 *
 * Works on bytes and reads each once, however they are split into chunks. An event whose data is one line within one chunk, as
 * nearly all are, is delivered as a range of that chunk, without a copy.
 *
 * @param options.maxFrameBytes An event with more data than this throws `malformed`. @default 16 MiB
 * @param options.bareLines Delivers a line that begins with `{`, `[` or `<` as a message of its own. The standard passes it
 * over as a field of that name, but no server means one: it is JSON or HTML that something put into the stream. @default false
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function sseFraming(options: { maxFrameBytes?: number; bareLines?: boolean } = {}): Framing {
  const { maxFrameBytes = MAX_FRAME_BYTES, bareLines = false } = options
  return (out) => withoutBom(new SseDecoder(out, maxFrameBytes, bareLines))
}

class SseDecoder implements Sink<Uint8Array> {
  readonly #out: Sink<Frame>
  readonly #maxFrameBytes: number
  readonly #bareLines: boolean
  /** The data of the event so far, as a range of the chunk that has it, while it is one line. */
  readonly #frame = new FrameView()
  #isInPlace = false
  /** A copy of the data of the event so far, once it is more than one line or outlives its chunk. */
  readonly #data: ByteBuffer
  #dataLines = 0
  /** The beginning of a line that the end of the chunk cut off. */
  readonly #line: ByteBuffer
  #event: string | undefined = undefined
  /** The last line that named an event, and its name. */
  #nameLine = ''
  #name: string | undefined = undefined
  /** The last byte was a CR: an LF that follows belongs to it. */
  #afterCr = false

  constructor(out: Sink<Frame>, maxFrameBytes: number, bareLines: boolean) {
    this.#out = out
    this.#bareLines = bareLines
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
      // The blank line after every event is found without a search.
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
    // The data first: it may be in the buffer of the previous cut line, which is reused next.
    if (this.#isInPlace) this.#copyData()
    if (at < length) this.#line.append(chunk, at, length)
  }

  end(): void {
    if (this.#line.length > 0) this.#endCutLine()
    this.#dispatch()
    this.#out.end()
  }

  /** Reads a cut line that is now complete. Its bytes stay valid until the next line is cut. */
  #endCutLine(): void {
    this.#readLine(this.#line.bytes, 0, this.#line.length)
    this.#line.clear()
  }

  #readLine(bytes: Uint8Array, start: number, end: number): void {
    // Nearly every line is a "data" field: d, a, t, a, then a colon or the end of the line.
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
    // Not "event": a comment, `id`, `retry` or an unknown field.
    if (bytes[start] !== 101) {
      if (this.#bareLines && isBare(bytes[start])) this.#deliverBare(bytes, start, end)
      return
    }
    if (!this.#isSameName(bytes, start, end)) this.#readName(bytes, start, end)
    else this.#event = this.#name
  }

  /** Compares with the previous name, which nearly every event of a stream repeats. */
  #isSameName(bytes: Uint8Array, start: number, end: number): boolean {
    const line = this.#nameLine
    if (line.length !== end - start) return false
    for (let at = 0; at < line.length; at++) if (line.charCodeAt(at) !== bytes[start + at]) return false
    return true
  }

  #readName(bytes: Uint8Array, start: number, end: number): void {
    const line = utf8(bytes, start, Math.min(end, start + 256))
    if (line !== 'event' && !line.startsWith('event:')) return
    this.#event = this.#name = line.slice(6).replace(/^ /, '') || undefined
    this.#nameLine = line
  }

  #addData(bytes: Uint8Array, start: number, end: number): void {
    if (this.#dataLines++ === 0) {
      checkFrame(end - start, this.#maxFrameBytes)
      this.#pointFrameAt(bytes, start, end)
      this.#isInPlace = true
      return
    }
    if (this.#isInPlace) this.#copyData()
    this.#data.append(LINE_FEED, 0, 1)
    this.#data.append(bytes, start, end)
  }

  /** An event whose blank line is missing ends before it. */
  #deliverBare(bytes: Uint8Array, start: number, end: number): void {
    this.#dispatch()
    checkFrame(end - start, this.#maxFrameBytes)
    this.#pointFrameAt(bytes, start, end)
    this.#frame.event = undefined
    this.#out.push(this.#frame)
  }

  #pointFrameAt(buffer: Uint8Array, start: number, end: number): void {
    const frame = this.#frame
    frame.buffer = buffer
    frame.start = start
    frame.end = end
  }

  /** Copies the data before its chunk becomes invalid, or before another line is appended. */
  #copyData(): void {
    const { buffer, start, end } = this.#frame
    this.#data.append(buffer, start, end)
    this.#isInPlace = false
  }

  #dispatch(): void {
    if (this.#dataLines > 0) {
      if (!this.#isInPlace) this.#pointFrameAt(this.#data.bytes, 0, this.#data.length)
      this.#frame.event = this.#event
      this.#dataLines = 0
      this.#isInPlace = false
      this.#out.push(this.#frame)
      this.#data.clear()
    }
    this.#event = undefined
  }
}

/** `{`, `[` or `<`. */
const isBare = (byte: number | undefined): boolean => byte === 0x7b || byte === 0x5b || byte === 0x3c

const LINE_FEED = /* @__PURE__ */ Uint8Array.of(LF)
