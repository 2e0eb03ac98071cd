/** Finds secrets wherever an endpoint may echo them, and in every way in which it may write them. */

import { bytesOf, byteText } from '../framing/frame-view.ts'

/** Replaces the secrets in a text by `***`. */
export const redact = (text: string, secrets: readonly string[]): string => masked(text, secretMarks(text, secrets))

/** As {@link redact}, for a text that was cut off: also replaces the beginning of a secret at the end of the text. */
export const redactCut = (text: string, secrets: readonly string[]): string =>
  masked(text, secretMarks(text, secrets, true))

function masked(text: string, marks: Uint8Array): string {
  if (!marks.includes(1)) return text
  return text.replaceAll(/[^]/g, (character, at: number) => {
    if (marks[at] === 0) return character
    return marks[at - 1] === 1 ? '' : '***'
  })
}

/** Fewer characters of a secret reveal little, and are the end of many texts by chance. */
const MIN_CUT = 4

/**
 * A 1 for each character of a text that belongs to a secret. With `isCut`, also for the beginning of a secret that the end of the
 * text cuts off.
 *
 * Nothing is compiled from a secret: V8 takes 30 ms for an expression with every way to write a key of 44 characters, half a second
 * for a token of 900, and does it again after a while.
 */
export function secretMarks(text: string, secrets: readonly string[], isCut = false): Uint8Array {
  const marks = new Uint8Array(text.length)
  const parts = secrets.flatMap(partsOf)
  for (const { text: read, places } of readingsOf(text)) {
    const mark = (within: string, part: string): void => {
      for (let at = within.indexOf(part); at !== -1; at = within.indexOf(part, at + part.length)) {
        marks.fill(1, places[at], places[at + part.length])
      }
    }
    const plain = folded(read)
    const base64 = read.replaceAll('-', '+').replaceAll('_', '/')
    for (const part of parts) {
      const own = folded(part)
      mark(plain, own)
      if (part.length < read.length) {
        const bytes = byteText(bytesOf(part))
        mark(plain, folded(bytes))
        for (const encoded of base64Of(bytes)) mark(base64, encoded)
      }
      for (let at = isCut ? read.length - part.length : read.length; at < read.length; at++) {
        const from = places[at] ?? text.length
        if (text.length - from >= MIN_CUT && own.startsWith(plain.slice(at))) marks.fill(1, from)
      }
    }
  }
  return marks
}

/** Longer secrets are looked for in parts: an endpoint may show the beginning alone. */
const MAX_PART = 256

/** HTTP drops white space around a header's value. */
function partsOf(secret: string): string[] {
  const trimmed = secret.trim()
  if (trimmed.length <= MAX_PART) return trimmed === '' ? [] : [...new Set([secret.slice(0, MAX_PART), trimmed])]
  const count = Math.ceil(trimmed.length / MAX_PART)
  const length = Math.ceil(trimmed.length / count)
  return Array.from({ length: count }, (_, at) => trimmed.slice(at * length, (at + 1) * length))
}

/** Without the case of letters; in a form, a plus is a space. The text keeps its length, which İ alone would change. */
const folded = (text: string): string => text.replaceAll('\u0130', 'i').toLowerCase().replaceAll('+', ' ')

/** Bytes in Base64, at each place in what was encoded: only the characters that depend on nothing else. */
const base64Of = (bytes: string): string[] =>
  // Of fewer, too little is left that occurs nowhere by chance.
  (bytes.length < 6 ? [] : [0, 1, 2]).map((before) => {
    const text = btoa('\0'.repeat(before) + bytes)
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
  })

/** A text as it can be read. */
interface Reading {
  text: string
  /** Where each character begins in the text as it came, and where the last one ends. */
  places: Uint32Array
}

/** A byte in a URI, a character in JSON, one in HTML. */
const ESCAPES = [/%[\da-f]{2}/gi, /\\(u[\da-f]{4}|\W)/gi, /&(#\d+|#x[\da-f]+|amp|lt|gt|quot|apos);/gi]
/** Enough for a URI in a URI in JSON in HTML, in every order. */
const MAX_READINGS = 16

/** The text as it came, and with its escapes undone: of each kind alone, because a secret may have what looks like another's. */
function readingsOf(text: string): Reading[] {
  const readings: Reading[] = [{ text, places: new Uint32Array(text.length + 1).map((_, at) => at) }]
  for (const reading of readings) {
    for (const escapes of ESCAPES) {
      const plain = unescaped(reading, escapes)
      const isNew = readings.every((other) => other.text !== plain.text)
      if (isNew && readings.length < MAX_READINGS) readings.push(plain)
    }
  }
  return readings
}

function unescaped({ text, places }: Reading, escapes: RegExp): Reading {
  // A character is never longer than its escape.
  const left = new Uint32Array(places.length)
  let [plain, at] = ['', 0]
  for (const { 0: escape, index } of text.matchAll(escapes)) {
    const character = characterOf(escape)
    left.set(places.subarray(at, index + character.length), plain.length)
    plain += text.slice(at, index) + character
    at = index + escape.length
  }
  left.set(places.subarray(at), plain.length)
  return { text: plain + text.slice(at), places: left }
}

const ENTITIES: Readonly<Partial<Record<string, string>>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function characterOf(escape: string): string {
  if (escape.length === 2) return escape.slice(1)
  const code = escape.replace(/^(%|\\u|&#x)/i, '0x').replaceAll(/\W/g, '')
  return ENTITIES[code.toLowerCase()] ?? String.fromCharCode(Number(code))
}
