import type { Sink } from '../protocol.ts'

const BOM = /* @__PURE__ */ Uint8Array.of(0xef, 0xbb, 0xbf)

/** Takes a byte order mark off the beginning of a body, wherever the body is cut. */
export function withoutBom(out: Sink<Uint8Array>): Sink<Uint8Array> {
  /** How many bytes of a mark have been taken off; all of them once the body has begun. */
  let taken = 0
  let begun = false
  return {
    push(chunk) {
      if (begun) {
        out.push(chunk)
        return
      }
      let at = 0
      while (at < chunk.length && taken < BOM.length && chunk[at] === BOM[taken]) {
        at++
        taken++
      }
      if (taken < BOM.length && at < chunk.length) {
        // Not a mark after all: what looked like one is part of the body.
        begun = true
        if (taken > at) out.push(BOM.subarray(0, taken - at))
        out.push(chunk)
      } else if (taken === BOM.length) {
        begun = true
        if (at < chunk.length) out.push(chunk.subarray(at))
      }
    },
    end() {
      if (!begun && taken > 0 && taken < BOM.length) out.push(BOM.subarray(0, taken))
      out.end()
    },
  }
}
