import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OverlapTrimmer, wholeTurn } from '../src/continue/overlap-trimmer.ts'

/** What is new of a text that comes in pieces, by default of one character each. */
function fresh(before: string, next: string, pieces: readonly string[] = Array.from(next)): string {
  const trimmer = new OverlapTrimmer(before)
  for (const [index, piece] of pieces.entries()) {
    const text = trimmer.add(piece)
    if (text !== undefined) return text + pieces.slice(index + 1).join('')
  }
  return trimmer.end()
}

const NUMBERS = Array.from({ length: 1000 }, (_, index) => `w${index}`).join(' ')
const PROSE = 'The river rises in the hills. It runs to the sea'

describe('a repetition is trimmed', () => {
  it.each([
    ['nothing', PROSE, ', and there it ends.', ', and there it ends.'],
    ['the whole text', PROSE, `${PROSE}, slowly.`, ', slowly.'],
    ['the whole text, short', 'Well', 'Well, yes.', ', yes.'],
    ['its end', PROSE, 'It runs to the sea and ends.', ' and ends.'],
    ['its end of 12 characters', PROSE, 's to the sea and ends.', ' and ends.'],
    ['white space', `${PROSE}.\n\n`, '\n\nThen', 'Then'],
    ['a part of the white space', `${PROSE}.\n`, '\n\nThen', '\nThen'],
    ['its end and the white space after it', `${PROSE}.\n\n`, 'runs to the sea.\n\nThen', 'Then'],
    ['all of it and no more', PROSE, PROSE, ''],
    ['the whole text, whose beginning repeats itself', 'abababc', 'abababc!', '!'],
    ['the whole text, with a letter twice', 'abcb', 'abcb!', '!'],
    [
      'its end, which the new text goes on to repeat',
      `${PROSE}: one two, six`,
      ': one two, six'.repeat(3),
      ': one two, six'.repeat(2),
    ],
    ['white space, up to 1024 characters', `x${' '.repeat(2000)}`, `${' '.repeat(1500)}y`, `${' '.repeat(476)}y`],
    ['its end, of two words that begin alike', 'w1011 w100 w1010 w101', '0 w1010 w1011 w1000', '1 w1000'],
  ])('%s', (_, before, next, expected) => {
    expect(fresh(before, next)).toBe(expected)
    expect(fresh(before, next, [next])).toBe(expected)
  })
})

describe('what only looks like a repetition is kept', () => {
  it.each([
    ['a shorter end, repeated by chance', PROSE, 'the sea of all seas', 'the sea of all seas'],
    ['a single character', '1', '1', '1'],
    ['a code fence', '`', '``js', '``js'],
    ['a rule of dashes that continues', 'Name\n----------------', '----------------\n', '----------------\n'],
    ['a row of a table', 'x\n| --- | --- | --- |', ' --- | --- | --- |', ' --- | --- | --- |'],
    ['laughter', 'haha', 'haha', 'haha'],
    ['a text that is something twice, whose letters repeat', 'aabaaaba', 'aabaaaba', 'aabaaaba'],
    ['zeros', '0.0000000000000000', '0000000000000000', '0000000000000000'],
    ['a beginning that soon differs', PROSE, 'The river ends.', 'The river ends.'],
    ['white space where there was none', 'Hello', ' world', ' world'],
    ['an end of more than 1024 characters', NUMBERS, `${NUMBERS.slice(-2000)}.`, `${NUMBERS.slice(-2000)}.`],
    ['a part of the whole text and no more', PROSE, PROSE.slice(0, 20), PROSE.slice(0, 20)],
  ])('%s', (_, before, next, expected) => {
    expect(fresh(before, next)).toBe(expected)
  })
})

it.each([
  ['too short to be a repetition', 'sea', 'sea'],
  ['too near the end to be a repetition', 'to th', 'to th'],
  ['the end of the old text', 'runs to the sea', ''],
  ['the end of the old text and more', 'runs to the sea.', '.'],
  ['in an end that may go on', 'It runs to', undefined],
])('a new text is decided as soon as it can be: %s', (_what, piece, expected) => {
  expect(new OverlapTrimmer(PROSE).add(piece)).toBe(expected)
})

it('the prefill has no white space at its end', () => {
  expect(new OverlapTrimmer(`${PROSE} \n`).prefill).toBe(PROSE)
})

it('an answer is never joined inside a character', () => {
  const [high, low] = ['😀'.slice(0, 1), '😀'.slice(1)]
  expect(new OverlapTrimmer(`Hello ${high}`).prefill).toBe('Hello')
  expect(fresh('Hello ', `${low}world`)).toBe('world')
  expect(fresh('Hello ', '😀', ['😀'])).toBe('😀')
})

it('a repetition of any length is compared as it comes, in linear time', () => {
  const before = Array.from({ length: 40_000 }, (_, index) => `word${index} `)
    .join('')
    .trimEnd()
  expect(fresh(before, `${before}.`)).toBe('.')
  expect(fresh(before, before.slice(0, 100_000))).toBe(before.slice(0, 100_000))
})

it('a turn that the caller had begun is there once, whether or not the answer repeats it', () => {
  expect(wholeTurn('', 'Hello')).toBe('Hello')
  expect(wholeTurn('', '')).toBe('')
  expect(wholeTurn('The answer is', ' 42')).toBe('The answer is 42')
  expect(wholeTurn('The answer is', 'The answer is 42')).toBe('The answer is 42')
  expect(wholeTurn('The answer is', 'The ans')).toBeUndefined()
})

it('any repetition is trimmed, however it is cut into pieces', () => {
  const text = fc
    .array(fc.nat(9999), { minLength: 8, maxLength: 30 })
    .map((words) => words.map((n) => `w${n}`).join(' '))
  const property = fc.property(
    text,
    fc.nat(),
    fc.nat(20),
    fc.array(fc.integer({ min: 1, max: 9 })),
    (all, cut, back, sizes) => {
      const at = 4 + (cut % (all.length - 4))
      const before = all.slice(0, at)
      const prefill = before.trimEnd()
      // Nothing, or at least what can't be chance.
      const from = back < 12 ? prefill.length : Math.max(0, prefill.length - back)
      fc.pre(from === prefill.length || new Set(prefill.slice(from).split(' ')).size > 1)
      const next = all.slice(from)
      const pieces: string[] = []
      for (let start = 0, turn = 0; start < next.length; turn++) {
        const size = sizes[turn % Math.max(1, sizes.length)] ?? 3
        pieces.push(next.slice(start, start + size))
        start += size
      }
      const result = before + fresh(before, next, pieces)
      // A word that is meant twice in a row is the price.
      fc.pre(!/(w\d+( w\d+)*) \1/.test(all))
      expect(result).toBe(all)
    },
  )
  fc.assert(property, { numRuns: 2000 })
})
