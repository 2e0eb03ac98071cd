import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spliceJson } from '../../src/dialect/splice-json.ts'
import { failure } from '../support/providers.ts'

test.each([
  ['a field is set in its place', '{"b":1,"model":"a","c":[1]}', { model: 'x' }, '{"b":1,"model":"x","c":[1]}'],
  ['a new field goes to the end', '{"b":1}', { model: 'x' }, '{"b":1,"model":"x"}'],
  ['the first field of an empty object', ' { } ', { model: 'x' }, ' {"model":"x"} '],
  ['a field is taken out', '{"a":1,"b":2,"c":3}', { b: undefined }, '{"a":1,"c":3}'],
  ['the last one too', '{"a":1}', { a: undefined }, '{}'],
  ['one that is not there', '{"a":1}', { b: undefined }, '{"a":1}'],
  ['a field of another depth stays', '{"a":{"model":1},"model":2}', { model: 'x' }, '{"a":{"model":1},"model":"x"}'],
  ['a name inside a string stays', '{"a":"\\"model\\":1,{"}', { model: 'x' }, '{"a":"\\"model\\":1,{","model":"x"}'],
  ['an escaped name is the same name', '{"mod\\u0065l":1}', { model: 'x' }, '{"mod\\u0065l":"x"}'],
  ['both of a name that comes twice are set', '{"a":1,"b":2,"a":3}', { a: 9 }, '{"a":9,"b":2,"a":9}'],
  [
    'a long integer keeps its digits',
    '{"seed":12345678901234567890,"m":1}',
    { m: 2 },
    '{"seed":12345678901234567890,"m":2}',
  ],
  ['numeric keys keep their order', '{"2":0,"1":0,"m":1}', { m: 2 }, '{"2":0,"1":0,"m":2}'],
  ['an object is set', '{"o":{"a":[1,2]}}', { o: { u: true } }, '{"o":{"u":true}}'],
])('%s', (_what, text, fields, expected) => {
  expect(spliceJson(text, fields)).toBe(expected)
})

test('white space stays where it is: between the members, inside of values and around the object', () => {
  const text = '\n{\n  "list" : [ 1, { "x" : 2 } ] ,\n\t"model" : "a" ,\n  "last": true\n}\n'
  expect(spliceJson(text, { model: 'b' })).toBe(text.replace('"a"', '"b"'))
})

test.each([
  ['plain', 'x'],
  ['escaped', '\\n'],
])('a string of millions of characters, all of them %s, is passed over', (_what, piece) => {
  const long = piece.repeat(12_000_000)
  const text = spliceJson(`{"image":"${long}","model":"a"}`, { model: 'b' })
  expect(text.endsWith(`${piece}","model":"b"}`)).toBe(true)
})

const jsonObject = fc.dictionary(fc.string(), fc.jsonValue())

describe('for any object', () => {
  test('the result is that object with the fields', () => {
    fc.assert(
      fc.property(jsonObject, jsonObject, fc.constantFrom(0, 2), (object, fields, space) => {
        const text = JSON.stringify(object, undefined, space)
        const expected: unknown = JSON.parse(JSON.stringify({ ...object, ...fields }))
        expect(JSON.parse(spliceJson(text, fields))).toEqual(expected)
      }),
    )
  })

  test('equal texts give equal texts', () => {
    fc.assert(
      fc.property(jsonObject, (object) => {
        const text = JSON.stringify(object)
        expect(spliceJson(text, { model: 'x' })).toBe(spliceJson(text, { model: 'x' }))
      }),
    )
  })
})

test.each(['', '[]', '"a"', '{"a":1', '{"a', '{"\\x":1}', 'null'])(
  '%j, which is not an object, is refused',
  async (text) => {
    await failure((async () => spliceJson(text, { model: 'x' }))(), 'malformed')
  },
)
