import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toolArguments } from '../../src/dialect/tool-arguments.ts'

const of = (json: string): Record<string, unknown> => toolArguments({ id: 'call_7', name: 'f', json })

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

test.each(['[]', '[{}]', 'null', '7', '"text"', 'true', '{"a":', '{}}', 'a'])(
  '%s is refused, with the id of the call and without its text',
  (json) => {
    const message = 'the arguments of tool call "call_7" are not a JSON object. Pass the text that the model sent.'
    expect(() => of(json)).toThrow(new TypeError(message))
  },
)
