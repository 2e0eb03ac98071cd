import type { DecodedEvent } from '@rivulet/core/provider'
import { textFraming } from '@rivulet/core/provider'
import { decoded } from '@rivulet/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../src/decode.ts'

const read = (...pieces: string[]) =>
  decoded(
    pieces.map((piece) => Buffer.from(piece)),
    textFraming(),
    decode,
  )
const textIn = (events: readonly DecodedEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('')

/** What the reader has after these pieces, before the body ends. */
function delivered(...pieces: string[]): string {
  const events: DecodedEvent[] = []
  const sink = textFraming()(decode((event) => events.push(event)))
  for (const piece of pieces) sink.push(Buffer.from(piece))
  return textIn(events)
}

const ERRORS = [
  '{"error":"model is overloaded"}',
  ' {\n  "error": {\n "message": "model is overloaded" } }\n',
  '[{"error":{"message":"model is overloaded"}}]',
  '{"error_message":"model is overloaded"}',
  '{"detail":"model is overloaded"}',
  '{"code":503,"message":"model is overloaded"}',
  '{"message":"model is overloaded","code":503}',
  '{"success":false,"message":"model is overloaded"}',
  '{"msg":"model is overloaded"}',
]

describe.each(ERRORS)('the error %j', (body) => {
  test('is an error however it is cut', () => {
    for (let at = 1; at < body.length; at++) {
      const { events, failure } = read(body.slice(0, at), body.slice(at))
      expect(events).toEqual([])
      expect(failure).toEqual({ code: 'overloaded', message: 'the endpoint reports: model is overloaded' })
    }
  })

  test.each(['.', ' and so on', '\n{}', '"'])('is text when %j follows, and is delivered at once', (more) => {
    expect(delivered(body)).toBe('')
    expect(delivered(body, more)).toBe(body + more)
    expect(read(body, more, '!').events).toEqual([
      { type: 'text', text: body + more },
      { type: 'text', text: '!' },
      { type: 'finish', reason: 'stop' },
    ])
  })
})

describe('a text', () => {
  test.each(['Hello', '{x}', '{"errands":1}', '{"name":"x"}', '[1]', '["error"]', '"error"', '{"codes"', '<p>'])(
    'that begins unlike an error is delivered at once: %j',
    (text) => {
      expect(delivered(text)).toBe(text)
    },
  )

  test.each(['{"error":"no', '{"message":"hi"}', '{"code":0}', '{"error":null}', '{"error', ' ', '{'])(
    'that is no error document in the end is the text: %j',
    (text) => {
      expect(delivered(text)).toBe('')
      expect(read(text).events).toEqual([
        { type: 'text', text },
        { type: 'finish', reason: 'stop' },
      ])
    },
  )

  test('that is empty says nothing', () => {
    expect(read().events).toEqual([{ type: 'finish', reason: 'stop' }])
  })

  test('is held back up to 64 Ki characters', () => {
    const begun = `{"error":"${'x'.repeat(64 * 1024 - 10)}`
    expect(begun).toHaveLength(64 * 1024)
    expect(delivered(begun)).toBe('')
    expect(delivered(begun, 'x')).toBe(`${begun}x`)
  })

  test('ends at quotes and braces outside of strings only', () => {
    const text = '{"error":"} \\" ]{", "list":[{"a":1}]}'
    expect(delivered(text)).toBe('')
    expect(delivered(text, '.')).toBe(`${text}.`)
  })

  test('is the same however it is cut', () => {
    const word = fc.constantFrom('{"error":"no"}', ' ', '.', '{', '}', '"', '\\', 'ü🌊', '[', ']', '{"error"', ':', '1')
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        const whole = read(words.join(''))
        const cut = read(...words)
        expect(textIn(cut.events)).toBe(textIn(whole.events))
        expect(cut.failure).toEqual(whole.failure)
        if (whole.failure === undefined) expect(textIn(whole.events)).toBe(words.join(''))
      }),
    )
  })
})

test('what is held back when the connection breaks is released, once', () => {
  const events: DecodedEvent[] = []
  const decoder = decode((event) => events.push(event))
  textFraming()(decoder).push(Buffer.from('{"error":"no'))
  decoder.release?.()
  decoder.release?.()
  expect(events).toEqual([{ type: 'text', text: '{"error":"no' }])
})

test('an error document is not released as text after it was thrown', () => {
  const events: DecodedEvent[] = []
  const decoder = decode((event) => events.push(event))
  const sink = textFraming()(decoder)
  sink.push(Buffer.from('{"error":"no"}'))
  expect(() => {
    sink.end()
  }).toThrow('the endpoint reports: no')
  decoder.release?.()
  expect(events).toEqual([])
})
