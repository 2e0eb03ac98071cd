import { expect, test } from 'vitest'
import { callsFrom, named, piece } from '../support/calls.ts'

test('a first call without an index has the index 0', () => {
  expect(callsFrom(named('f', '{"a"'), piece(':1}', { index: 0 }))).toEqual([['f', { a: 1 }]])
})

test('a name and an id that come once more begin no call without arguments', () => {
  const again = { index: 0, id: '1' }
  expect(callsFrom(named('f', '{}', again), named('f', undefined, again), again)).toEqual([['f', {}]])
  expect(callsFrom(named('f', '{}', again), named('f', undefined, again), again, piece('{"b":2}', again))).toEqual([
    ['f', {}],
    ['f', { b: 2 }],
  ])
})
