import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCutJson, isErrorEvent, JsonFrames, jsonOrText } from '../../src/dialect/json-frames.ts'

/** JSON objects and arrays. */
const documents = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => (typeof value === 'object' && value !== null ? value : { value }))

test('a message is the object or array in a frame, whatever the white space around it', () => {
  fc.assert(
    fc.property(documents, fc.constantFrom('', ' ', '\n', '\u00a0'), (value, space) => {
      const json = JSON.stringify(value)
      expect(new JsonFrames().parse(`${space}${json}${space}`)).toEqual(JSON.parse(json))
    }),
  )
})

test('heartbeats are not messages: the frame after them is the first message', () => {
  const frames = new JsonFrames()
  for (const heartbeat of ['', ' \n', ': ping', ' :']) expect(frames.parse(heartbeat)).toBeUndefined()
  expect([frames.isEmpty, frames.skipped]).toEqual([true, 0])
  expect(() => frames.parse('Good evening')).toThrow(expect.objectContaining({ code: 'malformed' }))
  expect(frames.isEmpty).toBe(false)
})

test.each([
  ['Good evening', 'malformed'],
  ['<html>{', 'malformed'],
  ['7', 'malformed'],
  ['"text"', 'malformed'],
  ['null', 'malformed'],
  ['{"a":1}}', 'malformed'],
  ['{a:1}', 'malformed'],
  ['{a: 1', 'malformed'],
  ['{"a":', 'truncated'],
  ['[{"a":"}', 'truncated'],
])('a first message %s is %s', (text, code) => {
  expect(() => new JsonFrames().parse(text)).toThrow(expect.objectContaining({ name: 'ChatError', code }))
})

test('a later message that can not be parsed is counted, and the next one is parsed', () => {
  const frames = new JsonFrames()
  expect(frames.parse('{"a":1}')).toEqual({ a: 1 })
  for (const text of ['Good evening', '{"a":', '{"a":1}}', '7', '"text"', 'null']) {
    expect(frames.parse(text)).toBeUndefined()
  }
  expect(frames.parse('[2]')).toEqual([2])
  expect([frames.isEmpty, frames.skipped]).toEqual([false, 6])
})

describe('isCutJson', () => {
  /** Every beginning of a document is cut, and the whole document is not. */
  const law = (isCut: (text: string) => boolean) =>
    fc.property(documents, fc.constantFrom('', ' ', '\n\t'), (value, space) => {
      const json = JSON.stringify(value)
      for (let at = 1; at < json.length; at++) expect(isCut(space + json.slice(0, at))).toBe(true)
      expect(isCut(space + json)).toBe(false)
    })

  test('is true for every beginning of a document, and false for the whole', () => {
    fc.assert(law(isCutJson))
  })

  const open = (text: string): boolean => text.split(/[[{]/).length > text.split(/[\]}]/).length
  test.each<[string, (text: string) => boolean]>([
    ['that counts brackets in strings', open],
    ['that ignores escapes', (text) => open(text.replaceAll(/"[^"]*("|$)/g, ''))],
    ['that checks only the last character', (text) => !/[\]}]$/.test(text)],
  ])('the law notices a check %s', (_what, wrong) => {
    expect(() => {
      fc.assert(law(wrong), { numRuns: 10_000 })
    }).toThrow()
  })

  test.each(['', ' ', 'Good evening', '"text', '7', '<p>{', '{a', '{}', '[]', '{}}', '}{'])(
    '%j is not cut JSON',
    (text) => {
      expect(isCutJson(text)).toBe(false)
    },
  )
})

test('a frame of an event called error, in any case, is one', () => {
  const named = (event: string | undefined): boolean =>
    isErrorEvent({ event, buffer: new Uint8Array(0), start: 0, end: 0, text: () => '' })
  expect(['error', 'Error', 'ERROR'].map(named)).toEqual([true, true, true])
  expect([undefined, '', 'errors', 'error ', 'other'].map(named)).toEqual([false, false, false, false, false])
})

test.each([
  ['{"a":1}', { a: 1 }],
  [' 7 ', 7],
  ['{"a":1', '{"a":1'],
  [' upstream went away\n', 'upstream went away'],
])('%j is JSON, or else its text', (text, value) => {
  expect(jsonOrText(text)).toEqual(value)
})
