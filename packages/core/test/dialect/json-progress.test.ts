import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonProgress } from '../../src/dialect/json-progress.ts'

const after = (...pieces: string[]): JsonProgress => {
  const progress = new JsonProgress()
  for (const piece of pieces) progress.add(piece)
  return progress
}

test('a text is open until its last bracket or quote, however it is cut', () => {
  const value = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()), fc.string())
  fc.assert(
    fc.property(value, fc.nat(), (content, place) => {
      const json = JSON.stringify(content)
      const at = 1 + (place % (json.length - 1))
      const { isOpen, isWhole } = after(json.slice(0, at))
      expect([isOpen, isWhole]).toEqual([true, false])
      const end = after(json.slice(0, at), json.slice(at))
      expect([end.isOpen, end.isWhole]).toEqual([false, true])
      expect(after(...(json.match(/./gsu) ?? [])).isWhole).toBe(true)
    }),
  )
})

test.each(['', ' ', '\n\t'])('nothing has begun after %j', (text) => {
  expect([after(text).isOpen, after(text).isWhole]).toEqual([false, false])
})

test.each(['null', '7', '{}', '"a"', ' {} ', '{"a":"}"}', '{"a":"\\""}', '["\\\\"]'])('%s is whole', (text) => {
  expect(after(text).isWhole).toBe(true)
})
