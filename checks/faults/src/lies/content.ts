import type { Dice } from './dice.ts'

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** Words, and what looks like a mark of some framing or dialect and is text all the same. */
const WORDS = [
  'so ',
  'the river ',
  'runs',
  ' on',
  '. ',
  'a',
  'Ünder ',
  '日本',
  '🌊',
  '👩‍👧',
  '\n',
  '\n\n',
  '\t',
  '  ',
  '"',
  '\\',
  '\\n',
  '{',
  '}',
  ',',
  'null',
  'data: ',
  '[DONE]',
  '{"error":"no"}',
  'event: error\n\n',
  '\u2028',
  '\u0085',
  '\u0000',
  '<html>',
] as const

const NAMES = ['search', 'read_file', 'write_file', 'get_weather', 'f'] as const
const KEYS = ['q', 'path', 'city', 'a b', 'näme', '"', 'x'] as const

/** A piece of a text; never empty. */
export const wordsOf = (roll: Dice): string => Array.from({ length: 1 + roll.int(3) }, () => roll.pick(WORDS)).join('')

export const nameOf = (roll: Dice): string => roll.pick(NAMES)

/** The arguments of a call. */
export function argumentsOf(roll: Dice, depth = 0): JsonObject {
  if (roll.chance(0.15)) return {}
  const keys = Array.from({ length: 1 + roll.int(3) }, () => roll.pick(KEYS))
  return Object.fromEntries(keys.map((key) => [key, valueOf(roll, depth)]))
}

function valueOf(roll: Dice, depth: number): Json {
  switch (roll.int(depth > 1 ? 5 : 7)) {
    case 0:
      return roll.int(1000) / 8
    case 1:
      return null
    case 2:
      return roll.chance(0.5)
    case 3:
    case 4:
      return wordsOf(roll)
    case 5:
      return [valueOf(roll, depth + 1), valueOf(roll, depth + 1)]
    default:
      return argumentsOf(roll, depth + 1)
  }
}

/** Cuts a text into pieces that are not empty, at any place but inside a surrogate pair. */
export function cutAnywhere(text: string, roll: Dice, most = 4): string[] {
  const letters = Array.from(text)
  const places = Array.from({ length: roll.int(most) }, () => roll.int(letters.length + 1)).sort((a, b) => a - b)
  let from = 0
  const pieces = [...places, letters.length].map((to) => letters.slice(from, (from = to)).join(''))
  // A piece that is the word null alone is an oddity, and has its own name.
  return pieces.includes('null') ? [text] : pieces.filter((piece) => piece !== '')
}

/** Cuts pieces again between the halves of their surrogate pairs, as servers do that count in UTF-16 units. */
export function cutInsideLetters(pieces: readonly string[]): string[] {
  return pieces.flatMap((piece) => piece.split(/(?<=[\ud800-\udbff])(?=[\udc00-\udfff])/))
}
