import { ChatError } from '../errors.ts'

/** The default limit on the bytes of one frame: 16 MiB. */
export const MAX_FRAME_BYTES = 16_777_216

/** @throws ChatError `malformed` for a frame that is longer than the limit. */
export function checkFrame(length: number, maxBytes: number): void {
  if (length > maxBytes) throw new ChatError('malformed', `one message of the answer is longer than ${maxBytes} bytes`)
}

const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0)

/** Bytes that wait for the rest of their frame. Doubles when full, so that a frame in single bytes costs linear time. */
export class ByteBuffer {
  length = 0
  bytes = EMPTY
  readonly #maxBytes: number

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  append(source: Uint8Array, start: number, end: number): void {
    const length = this.length + end - start
    checkFrame(length, this.#maxBytes)
    if (length > this.bytes.length) this.#grow(length)
    if (end - start < 16) {
      // Faster than making a view of so few bytes.
      for (let at = start, to = this.length; at < end; at++, to++) this.bytes[to] = source[at] ?? 0
    } else {
      this.bytes.set(source.subarray(start, end), this.length)
    }
    this.length = length
  }

  /** Drops the bytes and keeps the capacity, unless a huge frame made it huge. */
  clear(): void {
    this.length = 0
    if (this.bytes.length > 1024 * 1024) this.bytes = EMPTY
  }

  #grow(length: number): void {
    const capacity = Math.min(Math.max(256, length, this.bytes.length * 2), this.#maxBytes)
    // A Buffer if available: it decodes a range without a view. A small one comes from Node's pool, which is cheap and keeps at
    // most 8 KB alive.
    const allocate = capacity < 2048 ? 'allocUnsafe' : 'allocUnsafeSlow'
    const grown = typeof Buffer === 'undefined' ? new Uint8Array(capacity) : Buffer[allocate](capacity)
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}
