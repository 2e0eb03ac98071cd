import type { Frame } from '../protocol.ts'

/**
 * The fast path of a dialect of JSON messages. Nearly every message of a stream differs from the one before it only in
 * its text:
 *
 *     {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}
 *     {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}      }
 *
 * What stands before and behind that text is the *envelope*. It is learnt from a message that was parsed in full; one with
 * the same envelope, whose text needs no unescaping, says nothing new but that text, and is read without `JSON.parse`,
 * which is most of what reading a stream costs. Anything else takes the full parse. Spaces before the last brace are
 * padding (Anthropic hides the length of its tokens so) and no part of the envelope.
 */
export class Envelope {
  readonly #textOf: (message: unknown) => unknown
  #prefix: Uint8Array = NOTHING
  /** Without the last brace. */
  #suffix: Uint8Array = NOTHING
  #suffixLength = 0
  /** Messages in a row that were parsed in full. When the envelope changes with every message, learning it is in vain. */
  #misses = 0
  /** Whether the last frame was of this envelope, whatever its text. */
  #matched = false

  /** @param textOf Takes the text out of a parsed message; anything but a string when it has none. */
  constructor(textOf: (message: unknown) => unknown) {
    this.#textOf = textOf
  }

  /** Where the text begins in a frame of this envelope; -1 when it is not of it, or its text needs unescaping. */
  textStart({ buffer, start, end }: Frame): number {
    const prefix = this.#prefix
    const suffix = this.#suffix
    this.#matched = false
    if (prefix.length === 0 || buffer[end - 1] !== BRACE) return -1
    let last = end - 1
    while (buffer[last - 1] === SPACE) last--
    const from = start + prefix.length
    const to = last - suffix.length
    if (to < from || !isAt(buffer, start, prefix) || !isAt(buffer, to, suffix)) return -1
    this.#matched = true
    this.#misses = 0
    this.#suffixLength = end - to
    for (let at = from; at < to; at++) {
      const byte = buffer[at] ?? 0
      // A quote would end the string, a backslash escapes, and control characters are not JSON.
      if (byte === QUOTE || byte === BACKSLASH || byte < SPACE) return -1
    }
    return from
  }

  /** How many bytes stand behind the text of the frame that was matched last. */
  get suffixLength(): number {
    return this.#suffixLength
  }

  /** Learns from a message that was parsed in full and that says nothing but `text`. */
  learn(message: string, text: string): void {
    // The envelope was right, and only its text had an escape.
    if (this.#matched) return
    // Doubling pauses: a stream whose envelope never repeats pays for a few lessons and not for one a message.
    this.#misses++
    if ((this.#misses & (this.#misses - 1)) !== 0) return
    // Readers trim more than JSON allows for white space.
    const json = message.trim()
    const quoted = JSON.stringify(text)
    const at = json.lastIndexOf(`:${quoted}`)
    if (at === -1 || !json.endsWith('}')) return
    const prefix = json.slice(0, at + 2)
    const suffix = json.slice(at + quoted.length)
    // The proof that this is where the text stands, and not the same words in another field: they must be others.
    const proof = text === PROOF ? `other ${PROOF}` : PROOF
    if (this.#read(`${prefix}${proof}${suffix}`) !== proof || this.#read(json) !== text) return
    this.#prefix = encoder.encode(prefix)
    this.#suffix = encoder.encode(suffix.replace(/ *\}$/, ''))
  }

  #read(json: string): unknown {
    return this.#textOf(JSON.parse(json))
  }
}

const NOTHING = /* @__PURE__ */ new Uint8Array(0)
const PROOF = 'text of the message'
const SPACE = 32
const QUOTE = 34
const BACKSLASH = 92
const BRACE = 125
const encoder = /* @__PURE__ */ new TextEncoder()

/** Whether the bytes stand in the buffer at this place. */
function isAt(buffer: Uint8Array, at: number, bytes: Uint8Array): boolean {
  // Node's comparison is one native call, half the cost of a loop over the 200 bytes of a usual envelope.
  if ('compare' in buffer) return (buffer as Buffer).compare(bytes, 0, bytes.length, at, at + bytes.length) === 0
  for (let index = bytes.length - 1; index >= 0; index--) if (buffer[at + index] !== bytes[index]) return false
  return true
}
