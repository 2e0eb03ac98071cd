import type { Frame, Framing, Sink } from '../protocol.ts'
import { withoutBom } from './bom.ts'
import { checkFrame, ByteBuffer, MAX_FRAME_BYTES } from './byte-buffer.ts'
import { FrameView } from './frame-view.ts'

const LF = 10
const CR = 13

/**
 * Reads one message per line, as in JSON Lines: LF or CRLF ends a line, empty lines are skipped, the last line needs no line
 * end. Removes a BOM at the start.
 *
 * @param options.maxFrameBytes A longer line throws `malformed`. @default 16 MiB
 */
export function ndjsonFraming(options: { maxFrameBytes?: number } = {}): Framing {
  return (out) => withoutBom(new LineDecoder(out, options.maxFrameBytes ?? MAX_FRAME_BYTES))
}

class LineDecoder implements Sink<Uint8Array> {
  readonly #out: Sink<Frame>
  readonly #maxFrameBytes: number
  readonly #frame = new FrameView()
  readonly #line: ByteBuffer

  constructor(out: Sink<Frame>, maxFrameBytes: number) {
    this.#out = out
    this.#maxFrameBytes = maxFrameBytes
    this.#line = new ByteBuffer(maxFrameBytes)
  }

  push(chunk: Uint8Array): void {
    let at = 0
    for (;;) {
      const end = chunk.indexOf(LF, at)
      if (end === -1) break
      if (this.#line.length > 0) {
        this.#line.append(chunk, at, end)
        this.#deliver(this.#line.bytes, 0, this.#line.length)
        this.#line.clear()
      } else {
        this.#deliver(chunk, at, end)
      }
      at = end + 1
    }
    if (at < chunk.length) this.#line.append(chunk, at, chunk.length)
  }

  end(): void {
    if (this.#line.length > 0) this.#deliver(this.#line.bytes, 0, this.#line.length)
    this.#out.end()
  }

  #deliver(bytes: Uint8Array, from: number, to: number): void {
    const end = to > from && bytes[to - 1] === CR ? to - 1 : to
    if (end <= from) return
    checkFrame(end - from, this.#maxFrameBytes)
    this.#frame.buffer = bytes
    this.#frame.start = from
    this.#frame.end = end
    this.#out.push(this.#frame)
  }
}
