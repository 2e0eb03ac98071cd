import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { argumentsText, toolArguments } from '../../src/dialect/tool-arguments.ts'

const of = (input: string): Record<string, unknown> => toolArguments({ input })

test('any object is parsed', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom('', ' ', '\n'), (value, space) => {
      const json = JSON.stringify(value)
      expect(of(`${space}${json}${space}`)).toEqual(JSON.parse(json))
    }),
  )
})

test.each(['', ' ', '\n\t'])('no text (%j) means no arguments', (json) => {
  expect(of(json)).toEqual({})
})

test('the word null means no arguments', () => {
  expect(of(' null ')).toEqual({})
})

test.each(['[]', '[{}]', '7', '"text"', 'true', '{"a":', '{}}', '{"x":1}{"x":1}', 'a'])(
  'what the model wrote in place of an object is sent inside one: %s',
  (json) => {
    expect(of(json)).toEqual({ INVALID_JSON: json })
  },
)

describe('arguments from an endpoint', () => {
  test('are the text of their object, however deep it is', () => {
    expect(argumentsText({ x: 1, y: ['\u{1f30a}', null] })).toBe('{"x":1,"y":["\u{1f30a}",null]}')
    const deep = `{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    expect(argumentsText(JSON.parse(deep))).toBe(deep)
  })

  test('are kept as they are when the object is in a string', () => {
    expect(argumentsText('{ "x": 1 }')).toBe('{ "x": 1 }')
  })

  test.each([undefined, null, {}, '', ' ', 'null'])('are none: %j', (received) => {
    expect(argumentsText(received)).toBe('')
  })

  test.each([7, true, [], [{ x: 1 }], 'x', '[1]', '7', '{"x":', '{"x":1}{"x":1}'])(
    'are malformed when they are not an object: %j',
    (received) => {
      expect(() => argumentsText(received)).toThrow(expect.objectContaining({ code: 'malformed' }))
    },
  )
})
