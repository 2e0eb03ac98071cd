import { describe, expect, test } from 'vitest'
import { SaidText } from '../../src/client/said-text.ts'

const saying = (...pieces: string[]): SaidText => {
  const said = new SaidText()
  for (const piece of pieces) said.add(piece)
  return said
}

test('a text is empty until a piece adds to it', () => {
  expect(saying().isEmpty).toBe(true)
  expect(saying('').isEmpty).toBe(true)
  expect(saying('a').isEmpty).toBe(false)
  expect(saying('\0').isEmpty).toBe(false)
})

describe('a repetition', () => {
  test.each([
    ['the same text', ['one'], 'one', ''],
    ['a text in other pieces', ['o', '', 'ne', ' two'], 'one two', ''],
    ['more than was said', ['one', ' '], 'one two', 'two'],
    ['everything, when nothing was said', [], 'one', 'one'],
    ['nothing, when nothing was said', [], '', ''],
  ])('of %s gives the rest', (_name, pieces, whole, rest) => {
    expect(saying(...pieces).restOf(whole)).toBe(rest)
  })

  test.each([
    ['is shorter', 'one', 'on'],
    ['is empty', 'one', ''],
    ['differs at the end', 'one', 'onx'],
    ['differs at the beginning', 'one', 'xne'],
    ['has the same letters in another order', 'one', 'eno'],
    ['begins later', 'one', 'a one'],
    ['lacks a NUL at the beginning', '\0one', 'one'],
  ])('that %s is malformed', (_name, said, whole) => {
    expect(() => saying(said).restOf(whole)).toThrow(
      expect.objectContaining({ code: 'malformed', message: 'the message has another text than its pieces' }),
    )
  })
})
