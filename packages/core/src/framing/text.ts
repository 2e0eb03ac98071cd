import { ChatError } from '../errors.ts'
import type { Framing } from '../protocol.ts'
import { withoutBom } from './bom.ts'
import { ByteBuffer } from './byte-buffer.ts'
import { FrameView } from './frame-view.ts'

/**
 * Reads the body as the text of the answer: UTF-8, delivered as it arrives. A character that is split between chunks waits for
 * its other bytes. Removes a BOM at the start. A body that ends inside a character throws `truncated`.
 */
export function textFraming(): Framing {
  return (out) => {
    const frame = new FrameView()
    /** The first bytes of a character that the last chunk cut off. */
    const head = new ByteBuffer(4)
    let needed = 0
    const deliver = (bytes: Uint8Array, start: number, end: number): void => {
      if (end <= start) return
      frame.buffer = bytes
      frame.start = start
      frame.end = end
      out.push(frame)
    }
    return withoutBom({
      push(chunk) {
        let at = 0
        if (head.length > 0) {
          // Only continuation bytes (10xxxxxx) can complete it; any other byte shows that it is invalid UTF-8.
          while (head.length < needed && at < chunk.length && ((chunk[at] ?? 0) & 0xc0) === 0x80) {
            head.append(chunk, at, ++at)
          }
          if (head.length < needed && at === chunk.length) return
          deliver(head.bytes, 0, head.length)
          head.clear()
        }
        const end = wholeCharactersEnd(chunk, at)
        deliver(chunk, at, end)
        if (end < chunk.length) {
          needed = lengthOf(chunk[end] ?? 0)
          head.append(chunk, end, chunk.length)
        }
      },
      end() {
        if (head.length > 0) throw new ChatError('truncated', 'the answer ends inside a character')
        out.end()
      },
    })
  }
}

/** The end of the last whole character in the bytes. */
function wholeCharactersEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.length
  for (let at = end - 1; at >= from && at >= end - 3; at--) {
    const byte = bytes[at] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    return lengthOf(byte) > end - at ? at : end
  }
  return end
}

/** The length in bytes of a character that begins with this byte (RFC 3629, 3). */
function lengthOf(byte: number): number {
  if (byte >= 0xc2 && byte < 0xe0) return 2
  if (byte >= 0xe0 && byte < 0xf0) return 3
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 1
}
