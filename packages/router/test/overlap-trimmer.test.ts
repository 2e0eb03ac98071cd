import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OverlapTrimmer, turnOf } from '../src/continue/overlap-trimmer.ts'

/** What is new of a text that comes in pieces, one character each unless it is said otherwise. */
function fresh(before: string, next: string, pieces: readonly string[] = Array.from(next)): string {
  const seam = new OverlapTrimmer(before)
  for (const [index, piece] of pieces.entries()) {
    const text = seam.add(piece)
    if (text !== undefined) return text + pieces.slice(index + 1).join('')
  }
  return seam.end()
}

const PROSE = 'The river rises in the hills. It runs to the sea'

describe('what is said again at the seam', () => {
  it.each([
    ['nothing', PROSE, ', and there it ends.', ', and there it ends.'],
    ['the whole text', PROSE, `${PROSE}, slowly.`, ', slowly.'],
    ['the whole text, short', 'Well', 'Well, yes.', ', yes.'],
    ['its end', PROSE, 'It runs to the sea and ends.', ' and ends.'],
    ['its end of 12 characters', PROSE, 's to the sea and ends.', ' and ends.'],
    ['white space', `${PROSE}.\n\n`, '\n\nThen', 'Then'],
    ['a part of the white space', `${PROSE}.\n`, '\n\nThen', '\nThen'],
    ['its end and the white space behind it', `${PROSE}.\n\n`, 'runs to the sea.\n\nThen', 'Then'],
    ['all of it and no more', PROSE, PROSE, ''],
  ])('%s', (_, before, next, expected) => {
    expect(fresh(before, next)).toBe(expected)
    expect(fresh(before, next, [next])).toBe(expected)
  })
})

describe('what only looks like it', () => {
  it.each([
    ['a shorter end, repeated by chance', PROSE, 'the sea of all seas', 'the sea of all seas'],
    ['a single character', '1', '1', '1'],
    ['a code fence', '`', '``js', '``js'],
    ['a rule of dashes that goes on', 'Name\n----------------', '----------------\n', '----------------\n'],
    ['a row of a table', 'x\n| --- | --- | --- |', ' --- | --- | --- |', ' --- | --- | --- |'],
    ['laughter', 'haha', 'haha', 'haha'],
    ['zeros', '0.0000000000000000', '0000000000000000', '0000000000000000'],
    ['a beginning that is left soon', PROSE, 'The river ends.', 'The river ends.'],
    ['white space where there was none', 'Hello', ' world', ' world'],
  ])('%s', (_, before, next, expected) => {
    expect(fresh(before, next)).toBe(expected)
  })
})

it('what is sent to be gone on with has no white space at its end', () => {
  expect(new OverlapTrimmer(`${PROSE} \n`).prefill).toBe(PROSE)
})

it('half a character is never at the seam', () => {
  const [high, low] = ['😀'.slice(0, 1), '😀'.slice(1)]
  expect(new OverlapTrimmer(`Hello ${high}`).prefill).toBe('Hello')
  expect(fresh('Hello ', `${low}world`)).toBe('world')
  expect(fresh('Hello ', '😀', ['😀'])).toBe('😀')
})

it('an echo of any length is compared as it comes, in time that is linear in it', () => {
  const before = Array.from({ length: 40_000 }, (_, index) => `word${index} `)
    .join('')
    .trimEnd()
  expect(fresh(before, `${before}.`)).toBe('.')
  expect(fresh(before, before.slice(0, 100_000))).toBe(before.slice(0, 100_000))
})

it('a turn that was begun is counted once, whether or not the answer says it again', () => {
  expect(turnOf('', 'Hello')).toBe('Hello')
  expect(turnOf('The answer is', ' 42')).toBe('The answer is 42')
  expect(turnOf('The answer is', 'The answer is 42')).toBe('The answer is 42')
  expect(turnOf('The answer is', 'The ans')).toBeUndefined()
})

it('whatever is said again is cut, however it comes', () => {
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
      const begun = before.trimEnd()
      // Nothing, or at least what can't be chance.
      const from = back < 12 ? begun.length : Math.max(0, begun.length - back)
      fc.pre(from === begun.length || new Set(begun.slice(from).split(' ')).size > 1)
      const next = all.slice(from)
      const pieces: string[] = []
      for (let start = 0, turn = 0; start < next.length; turn++) {
        const size = sizes[turn % Math.max(1, sizes.length)] ?? 3
        pieces.push(next.slice(start, start + size))
        start += size
      }
      const result = before + fresh(before, next, pieces)
      // A word that is really said twice in a row is the price.
      fc.pre(!/(w\d+( w\d+)*) \1/.test(all))
      expect(result).toBe(all)
    },
  )
  fc.assert(property, { numRuns: 2000 })
})
