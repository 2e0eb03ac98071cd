import { parseJson } from '../dialect/parse-json.ts'
import type { Framing, Sink } from '../protocol.ts'
import { ByteBuffer, MAX_FRAME_BYTES } from './byte-buffer.ts'
import { jsonFraming } from './json.ts'
import { ndjsonFraming } from './ndjson.ts'
import { sseFraming } from './sse.ts'

const LF = 10

/**
 * Chooses the framing by content type and by what arrives, because servers name one and send another. A body that begins with
 * `{` or `[` is JSON whatever its content type (no line of an event stream begins so): one message per line if the content
 * type says so or if the first line is a complete value, else one document. All other bodies are server-sent events, in which
 * a bare line of JSON or HTML is a message of its own, so that an error without `data:` is not passed over.
 *
 * @param contentType Lower-case, without parameters.
 * @param options.maxFrameBytes The limit of the chosen framing. @default 16 MiB
 */
export function detectFraming(contentType: string, options: { maxFrameBytes?: number } = {}): Framing {
  return (out) => {
    /** What arrived before the framing was chosen. */
    const head = new ByteBuffer(options.maxFrameBytes ?? MAX_FRAME_BYTES)
    let chosen: Sink<Uint8Array> | undefined
    const keep = (chunk: Uint8Array): Uint8Array => {
      head.append(chunk, 0, chunk.length)
      return head.bytes.subarray(0, head.length)
    }
    return {
      push(chunk) {
        if (chosen !== undefined) {
          chosen.push(chunk)
          return
        }
        // Nearly always the first chunk decides and is not copied. Only JSON without a content type of JSON Lines waits for
        // the end of its first line; the scan resumes where it stopped.
        const scanned = head.length
        const bytes = scanned === 0 ? chunk : keep(chunk)
        chosen = choose(bytes, scanned)?.(out)
        chosen?.push(bytes)
        if (chosen !== undefined) head.clear()
        else if (scanned === 0) keep(chunk)
      },
      end() {
        if (chosen === undefined) {
          chosen = jsonFraming(options)(out)
          chosen.push(head.bytes.subarray(0, head.length))
        }
        chosen.end()
      },
    }
  }

  function choose(bytes: Uint8Array, scanned: number): Framing | undefined {
    const first = firstContentByte(bytes)
    if (first === -1) return undefined
    if (bytes[first] !== 0x7b && bytes[first] !== 0x5b) {
      return /ndjson|jsonl|json-seq/.test(contentType)
        ? ndjsonFraming(options)
        : sseFraming({ ...options, bareLines: true })
    }
    if (/ndjson|jsonl/.test(contentType)) return ndjsonFraming(options)
    const lineEnd = bytes.indexOf(LF, Math.max(first, scanned))
    if (lineEnd === -1) return undefined
    const line = new TextDecoder().decode(bytes.subarray(first, lineEnd))
    return parseJson(line) === undefined ? jsonFraming(options) : ndjsonFraming(options)
  }
}

/** The index of the first byte that is neither white space nor part of a BOM, or -1. */
function firstContentByte(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef ? 3 : 0
  while (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === LF || bytes[at] === 13) at++
  return at < bytes.length ? at : -1
}
