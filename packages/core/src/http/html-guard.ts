import { ChatError } from '../errors.ts'
import { ByteBuffer } from '../framing/byte-buffer.ts'
import { utf8 } from '../framing/frame-view.ts'
import type { Sink } from '../protocol.ts'

/** Enough for an excerpt of 200 characters of up to four bytes. */
const EXCERPT_BYTES = 800
/** Enough for `<!doctype html` and some white space before it. */
const DECIDING_BYTES = 64
const LESS_THAN = 0x3c
const DELETE = 0x7f
const HTML = /^<(!doctype\s+html|html|head|body)\b/i
/** White space and a BOM may precede a page; a part of a BOM is U+FFFD. */
const MAYBE_HTML = /^\s*\ufffd?(<|$)/

/**
 * Inspects the beginning of a body before its framing. A login page or an error page with status 200, whatever its content
 * type, is not an answer in any dialect: the guard throws `malformed` before the framing sees one byte of it. Keeps the first
 * characters for error messages.
 */
export class HtmlGuard implements Sink<Uint8Array> {
  readonly #out: Sink<Uint8Array>
  readonly #head = new ByteBuffer(EXCERPT_BYTES)
  /** The chunks that may begin an HTML page; `undefined` once that is decided. */
  #held: Uint8Array[] | undefined = []

  constructor(out: Sink<Uint8Array>) {
    this.#out = out
  }

  get isEmpty(): boolean {
    return this.#head.length === 0
  }

  /** The beginning of the body, in one line. */
  excerpt(): string {
    return this.#beginning(EXCERPT_BYTES).replaceAll(/\s+/g, ' ').trim()
  }

  push(chunk: Uint8Array): void {
    if (this.#head.length < EXCERPT_BYTES) {
      this.#head.append(chunk, 0, Math.min(chunk.length, EXCERPT_BYTES - this.#head.length))
    }
    if (this.#held === undefined) {
      this.#out.push(chunk)
      return
    }
    this.#held.push(chunk)
    const first = this.#head.bytes[0] ?? 0
    // Nearly every answer begins with a letter or a brace, and needs no expression.
    if ((first > LESS_THAN && first < DELETE) || !MAYBE_HTML.test(this.#beginning(DECIDING_BYTES))) this.#release()
    else if (this.#head.length >= DECIDING_BYTES) this.#decide()
  }

  end(): void {
    if (this.#held !== undefined) this.#decide()
    this.#out.end()
  }

  #beginning(bytes: number): string {
    return utf8(this.#head.bytes, 0, Math.min(this.#head.length, bytes))
  }

  #decide(): void {
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
}
