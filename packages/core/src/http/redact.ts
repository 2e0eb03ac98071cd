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

/** A text is read in pieces, so that what is kept of it at a time has a bound. */
const PIECE = 65_536
/** Pieces overlap by the most that a part of a secret takes, however it is written. */
const OVERLAP = 8_192

/** What the end of a text leaves of an escape, which may be one of another. */
const CUT_ESCAPE = /([%\\&][#\w]{0,6}){1,3}$/

/**
 * A 1 for each character of a text that belongs to a secret. With `isCut`, also for the beginning of a secret that the end of the
 * text cuts off.
 *
 * Nothing is compiled from a secret: V8 takes 30 ms for an expression with every way to write a key of 44 characters, half a second
 * for a token of 900, and does it again after a while.
 */
export function secretMarks(text: string, secrets: readonly string[], isCut = false): Uint8Array {
  const marks = new Uint8Array(text.length)
  // What a URL leaves as it is may look like an escape.
  const parts = secrets.flatMap(partsOf).flatMap((part) => readingsOf(part).map((reading) => reading.text))
  const bytes = parts.map((part) => byteText(bytesOf(part)))
  const plain = [...parts, ...bytes].map(folded)
  const base64 = bytes.flatMap(base64Of)
  for (let begin = 0; parts.length > 0 && begin < text.length; begin += PIECE) {
    const piece = text.slice(begin, begin + PIECE + OVERLAP)
    const isEnd = isCut && begin + piece.length === text.length
    for (const { text: read, places } of readingsOf(piece)) {
      let known: Uint32Array | undefined
      const mark = (within: string, ways: readonly string[]): void => {
        const whole = isEnd ? within.replace(CUT_ESCAPE, '') : within
        for (const way of ways) {
          const head = way.slice(0, MIN_CUT)
          for (let at = within.indexOf(head); at !== -1; at = within.indexOf(head, at + 1)) {
            const isBegun = isEnd && (way.startsWith(within.slice(at)) || way.startsWith(whole.slice(at)))
            if (!isBegun && !within.startsWith(way, at)) continue
            known ??= places()
            marks.fill(1, begin + (known[at] ?? 0), isBegun ? text.length : begin + (known[at + way.length] ?? 0))
          }
        }
      }
      mark(folded(read), plain)
      mark(read.replaceAll('-', '+').replaceAll('_', '/'), base64)
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
  /** Where each character begins in the text as it came, and where the last one ends: hardly any text has a secret. */
  places: () => Uint32Array
}

/** A byte in a URI, a character in JSON, one in HTML: its code in hexadecimal, or what else stands for it. */
const ESCAPES = [/%([\da-f]{2})/gi, /\\(?:u([\da-f]{4})|(\W))/gi, /&(?:#x([\da-f]+)|(#\d+|amp|lt|gt|quot|apos));/gi]
/** Enough for a URI in a URI in JSON in HTML, in every order. */
const MAX_READINGS = 16

/** The text as it came, and with its escapes undone: of each kind alone, because a secret may have what looks like another's. */
function readingsOf(text: string): Reading[] {
  const readings: Reading[] = [{ text, places: () => new Uint32Array(text.length + 1).map((_, at) => at) }]
  for (const reading of readings) {
    for (const escapes of ESCAPES) {
      if (readings.length === MAX_READINGS) return readings
      const plain = unescaped(reading, escapes)
      if (readings.every((other) => other.text !== plain.text)) readings.push(plain)
    }
  }
  return readings
}

function unescaped({ text, places }: Reading, escapes: RegExp): Reading {
  return {
    text: text.replaceAll(escapes, characterOf),
    places: () => {
      // An escape is one character, which begins where it does.
      const within = new Uint8Array(text.length + 1)
      for (const { 0: escape, index } of text.matchAll(escapes)) within.fill(1, index + 1, index + escape.length)
      return places().filter((_, at) => within[at] === 0)
    },
  }
}

const ENTITIES: Readonly<Partial<Record<string, string>>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function characterOf(_: string, hex: string | undefined, other: string): string {
  if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16))
  if (other.length === 1) return other
  return ENTITIES[other.toLowerCase()] ?? String.fromCharCode(Number(other.slice(1)))
}
