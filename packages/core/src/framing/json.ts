import type { Framing } from '../protocol.ts'
import { withoutBom } from './bom.ts'
import { ByteBuffer, MAX_FRAME_BYTES } from './byte-buffer.ts'
import { FrameView } from './frame-view.ts'

/**
 * Reads the whole body as one message, an empty body as none. Removes a BOM at the start.
 *
 * @param options.maxFrameBytes A longer body throws `malformed`. @default 16 MiB
 */
export function jsonFraming(options: { maxFrameBytes?: number } = {}): Framing {
  return (out) => {
    const body = new ByteBuffer(options.maxFrameBytes ?? MAX_FRAME_BYTES)
    return withoutBom({
      push(chunk) {
        body.append(chunk, 0, chunk.length)
      },
      end() {
        const frame = new FrameView()
        frame.buffer = body.bytes
        frame.end = body.length
        if (frame.end > 0) out.push(frame)
        out.end()
      },
    })
  }
}
