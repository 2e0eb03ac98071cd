import type { Usage } from '@rivulet/core'
import { type Frame, isErrorBody, isRecord, jsonStringEnd } from '@rivulet/core/provider'
import { isNativePart, NATIVE_METADATA } from '../wire-part.ts'
import { firstCandidate } from './candidate.ts'
import { readUsage } from './usage.ts'

/**
 * The fast path of a stream, in which nearly every chunk repeats the one before with another text and other counts:
 *
 *     {"candidates":[{"content":{"parts":[{"text":"Hel"}]}}],"usageMetadata":{"promptTokenCount":9,"totalTokenCount":10}}
 *     {"candidates":[{"content":{"parts":[{"text":"lo"}]}}],"usageMetadata":{"promptTokenCount":9,"totalTokenCount":11}}
 *
 * The bytes before the text, and after it between the numbers, are learnt from a chunk that was parsed in full. A chunk with
 * the same bytes there differs only in its text and its counts, so only those are read: `JSON.parse` would cost more than
 * everything else together. A text with escapes is parsed on its own; the last counts become usage on request. Any other
 * chunk is parsed in full.
 */
export class RepeatedChunk {
  /** Whether the learnt chunk is a thought. */
  isThought = false
  /** The id of the answer in the learnt chunk. */
  responseId: unknown
  #prefix: Uint8Array = NOTHING
  /** The JSON from the quote that ends the text on, cut at each number. */
  #pieces: readonly string[] = []
  #pieceBytes: readonly Uint8Array[] = []
  /** The numbers between the pieces, in the current chunk. */
  #numbers: number[] = []
  /** Those of the last chunk that matched. */
  #counts: number[] = []
  #hasCounts = false
  /** The learnt chunk up to the text. */
  #before = ''
  /** Consecutive chunks that did not match. Learning is useless when every chunk differs. */
  #misses = 0

  /** The text of a chunk that differs from the learnt one only in text and counts; otherwise `undefined`. */
  textOf(frame: Frame): string | undefined {
    const { buffer, start, end } = frame
    const from = start + this.#prefix.length
    if (from === start || from >= end || !isAt(buffer, start, this.#prefix)) return undefined
    const plain = plainEnd(buffer, from, end)
    const to = buffer[plain] === BACKSLASH ? closingQuote(buffer, plain, end) : plain
    if (!this.#matchesAfter(buffer, to, end)) return undefined
    const text = to === plain ? frame.text(from, to) : parsed(frame.text(from - 1, to + 1))
    if (typeof text !== 'string') return undefined
    this.#misses = 0
    this.#hasCounts = true
    const last = this.#counts
    this.#counts = this.#numbers
    this.#numbers = last
    return text
  }

  /** The usage of the chunks that matched since the last call; `undefined` when there were none. */
  takeUsage(): Usage | undefined {
    if (!this.#hasCounts) return undefined
    this.#hasCounts = false
    const counts = this.#counts
    const chunk = parsed(
      this.#before + this.#pieces.map((piece, at) => `${at === 0 ? '' : counts[at - 1]}${piece}`).join(''),
    )
    return isRecord(chunk) ? readUsage(chunk.usageMetadata) : undefined
  }

  /** Learns from a chunk that was parsed in full. Call {@link takeUsage} before. */
  learn(json: string, chunk: unknown): void {
    const learnt = textOnly(chunk)
    if (learnt === undefined) return
    // Doubling pauses: a stream without repetition pays for a few lessons and not for one per chunk.
    this.#misses++
    if ((this.#misses & (this.#misses - 1)) !== 0) return
    const { text } = learnt
    const quoted = JSON.stringify(text)
    // With a space after the colon, as the endpoint writes it, or without.
    const at = Math.max(json.lastIndexOf(`:${quoted}`) + 1, json.lastIndexOf(`: ${quoted}`) + 2)
    if (at < 2) return
    const before = json.slice(0, at + 1)
    const after = json.slice(at + quoted.length)
    // Prove that this is the text and not an equal value of another field: replacing it must change the text.
    const proof = text === PROOF ? `other ${PROOF}` : PROOF
    const proven = textOnly(parsed(`${before}${proof}"${after}`))
    if (proven?.text !== proof) return
    const [first = '', ...others] = cutAtCounts(after)
    this.isThought = proven.isThought
    this.responseId = isRecord(chunk) ? chunk.responseId : undefined
    this.#before = before
    this.#prefix = encoder.encode(before)
    this.#pieces = [`"${first}`, ...others]
    this.#pieceBytes = this.#pieces.map((piece) => encoder.encode(piece))
  }

  /** Whether everything after the text matches, numbers aside, which it notes. */
  #matchesAfter(buffer: Uint8Array, from: number, end: number): boolean {
    const pieces = this.#pieceBytes
    let at = from
    for (let index = 0; index < pieces.length; index++) {
      if (index > 0) {
        const first = at
        let number = 0
        for (let byte = buffer[at] ?? 0; byte >= ZERO && byte <= NINE; byte = buffer[++at] ?? 0)
          number = number * 10 + byte - ZERO
        // JSON has no numbers with leading zeros, and one with more digits would not be exact.
        if (at === first || at - first > MAX_DIGITS || buffer[first] === ZERO) return false
        this.#numbers[index - 1] = number
      }
      const piece = pieces[index] ?? NOTHING
      if (at + piece.length > end || !isAt(buffer, at, piece)) return false
      at += piece.length
    }
    return at === end
  }
}

/** The text of a chunk that has a text, counts and nothing else. */
function textOnly(chunk: unknown): { text: string; isThought: boolean } | undefined {
  if (!isRecord(chunk) || isErrorBody(chunk) || !Array.isArray(chunk.candidates)) return undefined
  // Another candidate beside the first, or in its place, is not for the reader.
  const candidate = chunk.candidates.length === 1 ? firstCandidate(chunk.candidates) : undefined
  if (candidate === undefined || typeof candidate.finishReason === 'string') return undefined
  const parts: unknown = isRecord(candidate.content) ? candidate.content.parts : undefined
  const part: unknown = Array.isArray(parts) && parts.length === 1 ? parts[0] : undefined
  if (!isRecord(part) || typeof part.text !== 'string' || isRecord(part.functionCall)) return undefined
  if (isNativePart(part) || NATIVE_METADATA.some((name) => isRecord(candidate[name]))) return undefined
  if (typeof part.thoughtSignature === 'string' && part.thoughtSignature !== '') return undefined
  return { text: part.text, isThought: part.thought === true }
}

/**
 * JSON cut at its counts, which are in its usage: other numbers, such as a candidate's index, are no counts. Zero is not cut
 * out, because it does not replace what was counted before.
 */
function cutAtCounts(json: string): string[] {
  const pieces: string[] = []
  const usage = json.lastIndexOf('"usageMetadata"')
  let from = 0
  if (usage === -1) return [json]
  const tokens = /"|-?\d[\d.eE+-]*/g
  tokens.lastIndex = usage
  for (let found = tokens.exec(json); found !== null; found = tokens.exec(json)) {
    const { 0: token, index } = found
    if (token === '"') tokens.lastIndex = jsonStringEnd(json, index + 1)
    if (!/^[1-9]\d{0,14}$/.test(token)) continue
    pieces.push(json.slice(from, index))
    from = index + token.length
  }
  return [...pieces, json.slice(from)]
}

const NOTHING = /* @__PURE__ */ new Uint8Array(0)
const PROOF = 'text of the message'
/** The digits of a number that is always exact. */
const MAX_DIGITS = 15
const SPACE = 32
const QUOTE = 34
const ZERO = 48
const NINE = 57
const BACKSLASH = 92
const encoder = /* @__PURE__ */ new TextEncoder()

/** Whether the buffer has these bytes at `at`. Compares from the end, where a mismatch is most likely. */
function isAt(buffer: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let index = bytes.length - 1; index >= 0; index--) if (buffer[at + index] !== bytes[index]) return false
  return true
}

/** Where a string stops being plain: at its end, an escape, or a byte that JSON does not allow. */
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
