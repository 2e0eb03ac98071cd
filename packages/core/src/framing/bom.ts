import type { Sink } from '../protocol.ts'

const BOM = /* @__PURE__ */ Uint8Array.of(0xef, 0xbb, 0xbf)

/** Removes a byte order mark from the beginning of a body, however the body is split into chunks. */
export function withoutBom(out: Sink<Uint8Array>): Sink<Uint8Array> {
  /** How many bytes of a mark have matched so far. */
  let matched = 0
  let begun = false
  return {
    push(chunk) {
      if (begun) {
        out.push(chunk)
        return
      }
      let at = 0
      while (at < chunk.length && matched < BOM.length && chunk[at] === BOM[matched]) {
        at++
        matched++
      }
      if (matched < BOM.length && at < chunk.length) {
        // Not a mark after all: the bytes that matched are part of the body.
        begun = true
        if (matched > at) out.push(BOM.subarray(0, matched - at))
        out.push(chunk)
      } else if (matched === BOM.length) {
        begun = true
        if (at < chunk.length) out.push(chunk.subarray(at))
      }
    },
    end() {
      if (!begun && matched > 0 && matched < BOM.length) out.push(BOM.subarray(0, matched))
      out.end()
    },
  }
}
