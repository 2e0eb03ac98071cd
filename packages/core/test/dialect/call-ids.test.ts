import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CallIds } from '../../src/dialect/call-ids.ts'

const take = (given: readonly unknown[]): string[] => {
  const ids = new CallIds()
  return given.map((id) => ids.take(id, 'call'))
}

test('an id that is given once is kept', () => {
  expect(take(['b', 'a'])).toEqual(['b', 'a'])
})

test.each([undefined, null, '', 7])('a call without an id gets one of its place: %j', (none) => {
  expect(take([none, 'a', none])).toEqual(['call_0', 'a', 'call_2'])
})

test('a repeated id gets a number', () => {
  expect(take(['a', 'a', 'b', 'a'])).toEqual(['a', 'a_1', 'b', 'a_3'])
})

test('a made id is never one that was given', () => {
  expect(take(['a', 'a_1', 'a_2', 'a', 'a'])).toEqual(['a', 'a_1', 'a_2', 'a_3', 'a_4'])
  expect(take(['a', 'a_2', 'a'])).toEqual(['a', 'a_2', 'a_3'])
})

test('all ids differ, whatever is given', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'a_1', 'a_2', 'call_0', 'call_1', '', undefined)), (given) => {
      const ids = take(given)
      expect(new Set(ids).size).toBe(given.length)
      expect(ids).not.toContain('')
    }),
  )
})
