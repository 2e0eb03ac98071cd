import type { Frame } from '../protocol.ts'
import { bytesOf } from './frame-view.ts'

/** What a message says that is a piece of text and nothing else. */
export interface PieceOfText {
  text: string
  /** Strings of the message that mean nothing and are others in the next: a time, padding. */
  noise?: readonly string[] | undefined
}

/**
 * The fast path of a dialect of JSON messages. Nearly every message of a stream differs from the one before it only in its
 * text, and in what means nothing:
 *
 *     {"created_at":"10:25:00.1","message":{"content":"Hel"},"done":false}
 *     {"created_at":"10:25:00.23","message":{"content":"lo"},"done":false}
 *
 * What stands between those is the *envelope*. It is learnt from a message that was parsed in full; one with the same envelope
 * says nothing new but its text, and that is read without `JSON.parse`, which is most of what reading a stream costs. A text
 * with escapes is parsed alone. Anything else takes the full parse. Spaces before the last brace are padding (Anthropic hides
 * the length of its tokens so) and no part of the envelope.
 */
export class Envelope {
  readonly #read: (message: unknown) => PieceOfText | undefined
  /** What stands before, between and behind the strings that are others in each message; the last without its brace. */
  #literals: readonly Uint8Array[] = []
  /** Which of those strings is the text. */
  #textAt = 0
  /** Messages in a row that were parsed in full. When the envelope changes with every message, learning it is in vain. */
  #misses = 0

  /** @param read What a parsed message says, when that is a piece of text and nothing else that matters. */
  constructor(read: (message: unknown) => PieceOfText | undefined) {
    this.#read = read
  }

  /** The text of a frame of this envelope; `undefined` when it is not of it. */
  textOf(frame: Frame): string | undefined {
    const { buffer, end } = frame
    const literals = this.#literals
    const last = literals.length - 1
    if (last < 1) return undefined
    let at = frame.start
    let from = 0
    let plain = 0
    let to = 0
    for (let index = 0; index <= last; index++) {
      const literal = literals[index] ?? NOTHING
      const behind = at + literal.length
      if (behind >= end || !isAt(buffer, at, literal)) return undefined
      at = behind
      if (index === last) break
      const first = at
      at = plainEnd(buffer, at, end)
      if (index !== this.#textAt) continue
      from = first
      plain = at
      if (buffer[at] === BACKSLASH) at = closingQuote(buffer, at, end)
      to = at
    }
    while (buffer[at] === SPACE) at++
    if (at !== end - 1 || buffer[at] !== BRACE) return undefined
    const text = to === plain ? frame.text(from, to) : unescaped(frame.text(from - 1, to + 1))
    if (text !== undefined) this.#misses = 0
    return text
  }

  /** Learns from a message that was parsed in full. Gives whether from now on the envelope is this message's. */
  learn(json: string, message: unknown): boolean {
    const said = this.#read(message)
    // Nothing is like a message without text: it names the role, or what comes next.
    if (said === undefined || said.text === '') return false
    // Doubling pauses: a stream whose envelope never repeats pays for a few lessons and not for one a message.
    this.#misses++
    if ((this.#misses & (this.#misses - 1)) !== 0) return false
    const { text, noise = [] } = said
    const cut = cutAt(json.trim(), [text, ...noise])
    if (cut === undefined) return false
    const { literals, order } = cut
    // The proof that this is where they stand, and not the same words in other fields: they must be others.
    const proof = [text, ...noise].map((word, index) => proofOf(index, word))
    const proven = this.#read(parsed(literals.map((part, at) => part + (proof[order[at] ?? -1] ?? '')).join('')))
    if (proven === undefined) return false
    if ([proven.text, ...(proven.noise ?? [])].some((word, index) => word !== proof[index])) return false
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
/** Up to here a loop is quicker than the way into a native call. */
const SHORT = 128

/** Another word in place of a message's. */
function proofOf(index: number, word: string): string {
  const proof = `word ${index} of the message`
  return proof === word ? `${proof}, too` : proof
}

/** A message without these strings: what stands around them, and which of them stands behind each part. */
function cutAt(json: string, words: readonly string[]): { literals: string[]; order: number[] } | undefined {
  if (!json.endsWith('}')) return undefined
  const places = words
    .map((word, index) => {
      const quoted = JSON.stringify(word)
      // With a space behind the colon, as Python writes it, or without.
      const at = Math.max(json.lastIndexOf(`:${quoted}`) + 2, json.lastIndexOf(`: ${quoted}`) + 3)
      return { index, from: at, to: at + quoted.length - 2 }
    })
    .sort((one, other) => one.from - other.from)
  const literals: string[] = []
  let behind = 0
  for (const { from, to } of places) {
    // Not found, or two words found in one place.
    if (from < 3 || from < behind) return undefined
    literals.push(json.slice(behind, from))
    behind = to
  }
  return { literals: [...literals, json.slice(behind)], order: places.map(({ index }) => index) }
}

/** Whether the bytes stand in the buffer at this place. */
function isAt(buffer: Uint8Array, at: number, bytes: Uint8Array): boolean {
  const { length } = bytes
  // Node's comparison is one native call, half the cost of a loop over the 200 bytes of a usual envelope.
  if (length > SHORT && 'compare' in buffer) {
    return (buffer as Buffer).compare(bytes, 0, length, at, at + length) === 0
  }
  for (let index = length - 1; index >= 0; index--) if (buffer[at + index] !== bytes[index]) return false
  return true
}

/** How far a string is read as it stands: to its end, an escape, or a byte that JSON has no place for. */
function plainEnd(buffer: Uint8Array, from: number, end: number): number {
  let at = from
  for (; at < end; at++) {
    const byte = buffer[at] ?? 0
    if (byte === QUOTE || byte === BACKSLASH || byte < SPACE) break
  }
  return at
}

/** The end of a string with escapes. */
function closingQuote(buffer: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && buffer[at] !== QUOTE) at += buffer[at] === BACKSLASH ? 2 : 1
  return at
}

function unescaped(json: string): string | undefined {
  const text = parsed(json)
  return typeof text === 'string' ? text : undefined
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
