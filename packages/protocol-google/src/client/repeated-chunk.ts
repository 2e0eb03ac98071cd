import type { Usage } from '@rivulet/core'
import { type Frame, isErrorBody, isRecord } from '@rivulet/core/provider'
import { readUsage } from './usage.ts'

/**
 * The fast path of a stream, in which nearly every chunk is the one before it with another text and other counts:
 *
 *     {"candidates":[{"content":{"parts":[{"text":"Hel"}]}}],"usageMetadata":{"promptTokenCount":9,"totalTokenCount":10}}
 *     {"candidates":[{"content":{"parts":[{"text":"lo"}]}}],"usageMetadata":{"promptTokenCount":9,"totalTokenCount":11}}
 *
 * What stands before the text, and behind it between the numbers, is learnt from a chunk that was parsed in full. The next
 * one with the same bytes there says nothing new but its text and its counts, and only those are read: `JSON.parse` would
 * cost more than all the rest. A text with escapes is parsed alone; of the counts, the last are made to usage when they are
 * asked for. Anything else is not known, and takes the full parse.
 */
export class RepeatedChunk {
  /** Whether the known chunk is a thought. */
  isThought = false
  #prefix: Uint8Array = NOTHING
  /** What stands from the quote that ends the text on, cut at each number. */
  #pieces: readonly string[] = []
  #pieceBytes: readonly Uint8Array[] = []
  /** The numbers between the pieces, of the chunk that is looked at. */
  #numbers: number[] = []
  /** Those of the last chunk that was known. */
  #counts: number[] = []
  #hasCounts = false
  /** The chunk that was learnt, up to the text. */
  #before = ''
  /** Chunks in a row that were not known. When each is another, learning is in vain. */
  #misses = 0

  /** The text of a chunk that is as the known one but for it and its counts; `undefined` when it is not. */
  textOf(frame: Frame): string | undefined {
    const { buffer, start, end } = frame
    const from = start + this.#prefix.length
    if (from === start || from >= end || !isAt(buffer, start, this.#prefix)) return undefined
    const plain = plainEnd(buffer, from, end)
    const to = buffer[plain] === BACKSLASH ? closingQuote(buffer, plain, end) : plain
    if (!this.#isKnownBehind(buffer, to, end)) return undefined
    const text = to === plain ? frame.text(from, to) : parsed(frame.text(from - 1, to + 1))
    if (typeof text !== 'string') return undefined
    this.#misses = 0
    this.#hasCounts = true
    const last = this.#counts
    this.#counts = this.#numbers
    this.#numbers = last
    return text
  }

  /** The usage that the chunks said which were known since it was asked for last; `undefined` when they said none. */
  takeUsage(): Usage | undefined {
    if (!this.#hasCounts) return undefined
    this.#hasCounts = false
    const counts = this.#counts
    const chunk = parsed(
      this.#before + this.#pieces.map((piece, at) => `${at === 0 ? '' : counts[at - 1]}${piece}`).join(''),
    )
    return isRecord(chunk) ? readUsage(chunk.usageMetadata) : undefined
  }

  /** Learns from a chunk that was parsed in full. Usage has been taken. */
  learn(json: string, chunk: unknown): void {
    const said = saidBy(chunk)
    if (said === undefined) return
    // Doubling pauses: a stream in which nothing is repeated pays for a few lessons and not for one a chunk.
    this.#misses++
    if ((this.#misses & (this.#misses - 1)) !== 0) return
    const { text } = said
    const quoted = JSON.stringify(text)
    // With a space behind the colon, as the endpoint writes it, or without.
    const at = Math.max(json.lastIndexOf(`:${quoted}`) + 1, json.lastIndexOf(`: ${quoted}`) + 2)
    if (at < 2) return
    const before = json.slice(0, at + 1)
    const behind = json.slice(at + quoted.length)
    // The proof that this is where the text stands, and not the same words in another field: they must be others.
    const proof = text === PROOF ? `other ${PROOF}` : PROOF
    const proven = saidBy(parsed(`${before}${proof}"${behind}`))
    if (proven?.text !== proof) return
    const [first = '', ...others] = cutAtNumbers(behind)
    this.isThought = proven.isThought
    this.#before = before
    this.#prefix = encoder.encode(before)
    this.#pieces = [`"${first}`, ...others]
    this.#pieceBytes = this.#pieces.map((piece) => encoder.encode(piece))
  }

  #isKnownBehind(buffer: Uint8Array, from: number, end: number): boolean {
    const pieces = this.#pieceBytes
    let at = from
    for (let index = 0; index < pieces.length; index++) {
      if (index > 0) {
        const first = at
        let number = 0
        for (let byte = buffer[at] ?? 0; byte >= ZERO && byte <= NINE; byte = buffer[++at] ?? 0)
          number = number * 10 + byte - ZERO
        // JSON has no number that begins with a 0, and one of more digits would not be what it says.
        if (at === first || at - first > MAX_DIGITS || (buffer[first] === ZERO && at > first + 1)) return false
        this.#numbers[index - 1] = number
      }
      const piece = pieces[index] ?? NOTHING
      if (at + piece.length > end || !isAt(buffer, at, piece)) return false
      at += piece.length
    }
    return at === end
  }
}

/** What a chunk says that is a piece of text, its counts and nothing else. */
function saidBy(chunk: unknown): { text: string; isThought: boolean } | undefined {
  if (!isRecord(chunk) || isErrorBody(chunk) || !Array.isArray(chunk.candidates)) return undefined
  const candidate: unknown = chunk.candidates[0]
  if (!isRecord(candidate) || typeof candidate.finishReason === 'string') return undefined
  const parts: unknown = isRecord(candidate.content) ? candidate.content.parts : undefined
  const part: unknown = Array.isArray(parts) && parts.length === 1 ? parts[0] : undefined
  if (!isRecord(part) || typeof part.text !== 'string' || isRecord(part.functionCall)) return undefined
  if (typeof part.thoughtSignature === 'string' && part.thoughtSignature !== '') return undefined
  return { text: part.text, isThought: part.thought === true }
}

/** What stands between the counts of a piece of JSON, which begins outside of a string. */
function cutAtNumbers(json: string): string[] {
  const pieces: string[] = []
  let from = 0
  for (const { 0: token, index } of json.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)) {
    if (!/^\d{1,15}$/.test(token)) continue
    pieces.push(json.slice(from, index))
    from = index + token.length
  }
  return [...pieces, json.slice(from)]
}

const NOTHING = /* @__PURE__ */ new Uint8Array(0)
const PROOF = 'text of the message'
/** Of a number that is exact. */
const MAX_DIGITS = 15
const SPACE = 32
const QUOTE = 34
const ZERO = 48
const NINE = 57
const BACKSLASH = 92
const encoder = /* @__PURE__ */ new TextEncoder()

/** Whether the bytes stand in the buffer at this place. From behind, where what is not known differs soonest. */
function isAt(buffer: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let index = bytes.length - 1; index >= 0; index--) if (buffer[at + index] !== bytes[index]) return false
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

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
