import { ChatError } from '../errors.ts'

/** The most bytes of one frame, unless a framing is told otherwise: 16 MiB. */
export const MAX_FRAME_BYTES = 16_777_216

/** Refuses a frame that is longer than it may be. */
export function checkFrame(length: number, maxBytes: number): void {
  if (length > maxBytes) throw new ChatError('malformed', `one message of the answer is longer than ${maxBytes} bytes`)
}

const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0)

/** Bytes that wait for the rest of their frame. Doubles when full, so that a frame cut into single bytes is linear. */
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

  /** Forgets the bytes; keeps the room, unless one huge frame made it huge. */
  clear(): void {
    this.length = 0
    if (this.bytes.length > 1024 * 1024) this.bytes = EMPTY
  }

  #grow(length: number): void {
    const room = Math.min(Math.max(256, length, this.bytes.length * 2), this.#maxBytes)
    // A Buffer where there is one: its ranges decode without a view of their own. A small one from Node's pool, which is
    // cheap and holds no more than 8 KB back.
    const allocate = room < 2048 ? 'allocUnsafe' : 'allocUnsafeSlow'
    const grown = typeof Buffer === 'undefined' ? new Uint8Array(room) : Buffer[allocate](room)
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}
