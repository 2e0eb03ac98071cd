import { parseJson } from '../dialect/parse-json.ts'
import type { Frame } from '../protocol.ts'
import { bytesOf } from './frame-view.ts'

/** The content of a message that carries a piece of text and nothing else. */
export interface PieceOfText {
  /** A string of the message, as it is there. */
  text: string
  /** Strings of the message that carry no meaning and differ in each message: a time, padding. */
  noise?: readonly string[] | undefined
}

/**
 * The fast path of a dialect of JSON messages. Nearly every message of a stream differs from the one before it only in its
 * text and its noise:
 *
 *     {"created_at":"10:25:00.1","message":{"content":"Hel"},"done":false}
 *     {"created_at":"10:25:00.23","message":{"content":"lo"},"done":false}
 *
 * Everything else is the *envelope*. It is learnt from a message that was parsed in full. A later message with the same
 * envelope has nothing new but its text, which is then read without `JSON.parse`, the largest cost of reading a stream. A text
 * with escapes is parsed alone; any other message is parsed in full. Spaces before the last brace are padding (Anthropic hides
 * the length of its tokens with them) and not part of the envelope.
 */
export class Envelope {
  readonly #read: (message: unknown) => PieceOfText | undefined
  /** The bytes before, between and after the strings that vary; the last without its closing brace. */
  #literals: readonly Uint8Array[] = []
  /** The index of the text among those strings. */
  #textAt = 0
  /** How many messages in a row did not match. When the envelope changes with every message, learning it is wasted work. */
  #misses = 0

  /** @param read Returns the content of a parsed message that carries a piece of text and nothing else, else `undefined`. */
  constructor(read: (message: unknown) => PieceOfText | undefined) {
    this.#read = read
  }

  /** The text of a frame that matches the envelope, else `undefined`. */
  textOf(frame: Frame): string | undefined {
    const { buffer, end } = frame
    const literals = this.#literals
    const last = literals.length - 1
    if (last < 1) return undefined
    let at = frame.start
    let from = 0
    let escapesFrom = 0
    let to = 0
    for (let index = 0; index <= last; index++) {
      const literal = literals[index] ?? NOTHING
      const literalEnd = at + literal.length
      if (literalEnd >= end || !matchesAt(buffer, at, literal)) return undefined
      at = literalEnd
      if (index === last) break
      const first = at
      at = unescapedEnd(buffer, at, end)
      if (index !== this.#textAt) continue
      from = first
      escapesFrom = at
      if (buffer[at] === BACKSLASH) at = closingQuote(buffer, at, end)
      to = at
    }
    while (buffer[at] === SPACE) at++
    if (at !== end - 1 || buffer[at] !== BRACE) return undefined
    const text = to === escapesFrom ? frame.text(from, to) : unescapeJson(frame.text(from - 1, to + 1))
    if (text !== undefined) this.#misses = 0
    return text
  }

  /** Learns from a message that was parsed in full. Returns whether its envelope is now the one to match. */
  learn(json: string, message: unknown): boolean {
    const piece = this.#read(message)
    // A message without text has an envelope of its own: it names the role, or announces what follows.
    if (piece === undefined || piece.text === '') return false
    // Learn at the 1st, 2nd, 4th, 8th … miss only, so that a stream whose envelope never repeats costs little.
    this.#misses++
    if ((this.#misses & (this.#misses - 1)) !== 0) return false
    const words = [piece.text, ...(piece.noise ?? [])]
    const split = splitAround(json.trim(), words)
    if (split === undefined) return false
    const { literals, order } = split
    this.#textAt = order.indexOf(0)
    this.#literals = literals.map((part, at) => bytesOf(at === literals.length - 1 ? part.replace(/ *\}$/, '') : part))
    return true
  }
}

const NOTHING = /* @__PURE__ */ new Uint8Array(0)
const SPACE = 32
const QUOTE = 34
const BACKSLASH = 92
const BRACE = 125
/** Up to this length a loop is faster than a native call. */
const SHORT_BYTES = 128

/**
 * Splits a message around these strings: the parts around them, and the index of the string that follows each part. Where each
 * of them occurs once, and no other string is written with escapes that `JSON.stringify` would not write, these are their
 * places and no others; otherwise it is not split.
 */
function splitAround(json: string, words: readonly string[]): { literals: string[]; order: number[] } | undefined {
  if (!json.endsWith('}')) return undefined
  const places = words
    .map((word, index) => {
      const quoted = JSON.stringify(word)
      const at = json.indexOf(quoted)
      return { index, from: at === json.lastIndexOf(quoted) ? at + 1 : 0, to: at + quoted.length - 1 }
    })
    .sort((one, other) => one.from - other.from)
  const literals: string[] = []
  let last = 0
  for (const { from, to } of places) {
    // Not found, found twice, or two strings found in one place.
    if (from <= last) return undefined
    literals.push(json.slice(last, from))
    last = to
  }
  literals.push(json.slice(last))
  // What has such an escape might be the string, written in another way.
  if (literals.some((part) => /\\[u/]/.test(part))) return undefined
  return { literals, order: places.map(({ index }) => index) }
}

/** Whether the buffer has these bytes at this offset. */
function matchesAt(buffer: Uint8Array, at: number, bytes: Uint8Array): boolean {
  const { length } = bytes
  // Node's compare() is one native call, half the cost of a loop over the 200 bytes of a usual envelope.
  if (length > SHORT_BYTES && 'compare' in buffer) {
    return (buffer as Buffer).compare(bytes, 0, length, at, at + length) === 0
  }
  for (let index = length - 1; index >= 0; index--) if (buffer[at + index] !== bytes[index]) return false
  return true
}

/** Where the unescaped part of a string ends: at its quote, an escape, or a byte that JSON forbids. */
function unescapedEnd(buffer: Uint8Array, from: number, end: number): number {
  let at = from
  for (; at < end; at++) {
    const byte = buffer[at] ?? 0
    if (byte === QUOTE || byte === BACKSLASH || byte < SPACE) break
  }
  return at
}

/** The offset of the quote that closes a string with escapes. */
function closingQuote(buffer: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && buffer[at] !== QUOTE) at += buffer[at] === BACKSLASH ? 2 : 1
  return at
}

function unescapeJson(json: string): string | undefined {
  const text = parseJson(json)
  return typeof text === 'string' ? text : undefined
}
