import { ChatError } from '../errors.ts'
import { ByteBuffer } from '../framing/byte-buffer.ts'
import { utf8 } from '../framing/frame-view.ts'
import type { Sink } from '../protocol.ts'

/** Enough for an excerpt of 200 characters. */
const KEPT_BYTES = 800
/** `<!doctype html` and a little white space before it. */
const HTML_BYTES = 64
const HTML = /^\s*<(!doctype\s+html|html|head|body)\b/i
const LESS_THAN = 60

/**
 * Stands before the framing and looks at how the body begins. A login page or an error page, with status 200 and
 * whatever content type, is no answer in any dialect: it throws `malformed` before one byte of it is read as one. Keeps
 * the first characters, for messages.
 */
export class HtmlGuard implements Sink<Uint8Array> {
  readonly #out: Sink<Uint8Array>
  readonly #head = new ByteBuffer(KEPT_BYTES)
  /** Chunks that may be the beginning of a page. */
  #held: Uint8Array[] | undefined = []

  constructor(out: Sink<Uint8Array>) {
    this.#out = out
  }

  get isEmpty(): boolean {
    return this.#head.length === 0
  }

  /** How the body begins, in one line. */
  excerpt(): string {
    return utf8(this.#head.bytes, 0, this.#head.length).replaceAll(/\s+/g, ' ').trim()
  }

  push(chunk: Uint8Array): void {
    if (this.#head.length < KEPT_BYTES) {
      this.#head.append(chunk, 0, Math.min(chunk.length, KEPT_BYTES - this.#head.length))
    }
    if (this.#held === undefined) {
      this.#out.push(chunk)
      return
    }
    this.#held.push(chunk)
    if (!this.#mayBePage()) this.#release()
    else if (this.#head.length >= HTML_BYTES) this.#judge()
  }

  end(): void {
    if (this.#held !== undefined) this.#judge()
    this.#out.end()
  }

  #judge(): void {
    if (HTML.test(this.excerpt())) {
      throw new ChatError('malformed', 'the answer is an HTML page, not a chat answer. Check baseUrl')
    }
    this.#release()
  }

  #release(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const chunk of held) this.#out.push(chunk)
  }

  #mayBePage(): boolean {
    const bytes = this.#head.bytes
    for (let at = 0; at < this.#head.length; at++) {
      const byte = bytes[at] ?? 0
      // White space and the bytes of a BOM may stand before a page.
      if (byte <= 32 || byte >= 0xbb) continue
      return byte === LESS_THAN
    }
    return true
  }
}
