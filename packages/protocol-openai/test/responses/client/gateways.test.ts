import { describe, expect, test } from 'vitest'
import { decode } from '../../../src/responses/client/decode-answer.ts'
import { read as readAs } from '../../support/decoding.ts'
import { added, call, completed, created, delta, done, event, input, message, response } from './events.ts'

const read = (body: string, type?: string) => readAs(body, type, decode)

/** The text and the calls of an answer, or the code of its failure. */
function meaningOf(body: string, type?: string): unknown {
  const { events, failure } = read(body, type)
  if (failure !== undefined) return failure.code
  const text = events.map((one) => (one.type === 'text' ? one.text : '')).join('')
  const calls = events.flatMap((one) => (one.type === 'tool-call' ? [one.name] : []))
  return [text, ...calls]
}

describe('a final response that repeats only some of the items', () => {
  const one = delta('one ') + done(message('one '))
  const two = delta('two', 1) + done(message('two'), 1)
  const f = done(call('{"x":1}', { call_id: 'a' }), 2)
  const g = done(call('{"y":2}', { call_id: 'b', name: 'g' }), 3)

  test.each([
    ['the first text', [message('one ')]],
    ['the last text', [message('two')]],
    ['a text without its spaces', [message('one'), message('two')]],
    ['one call', [call('{"y":2}', { call_id: 'b', name: 'g' })]],
    ['a text and a call', [message('two'), call('{"x":1}', { call_id: 'a' })]],
  ])('is as good as one that repeats all, when each has ended: %s', (_name, output) => {
    expect(meaningOf(created + one + two + f + g + completed(output))).toEqual(['one two', 'f', 'g'])
  })

  test('is malformed when it leaves out one that has not ended, or changes one', () => {
    expect(meaningOf(one + delta('two', 1) + completed([message('one ')]))).toBe('malformed')
    expect(meaningOf(delta('one ') + two + completed([message('two')]))).toBe('malformed')
    expect(meaningOf(one + two + completed([message('on')]))).toBe('malformed')
    expect(meaningOf(one + two + completed([message('three')]))).toBe('malformed')
    expect(
      meaningOf(added(call(''), 0) + input('{}') + g + completed([call('{"y":2}', { call_id: 'b', name: 'g' })])),
    ).toBe('malformed')
  })

  test('may have 20,000 items', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => delta('x ', index) + done(message('x '), index)).join('')
    const output = Array.from({ length: 20_000 }, () => message('x'))
    expect(meaningOf(many + completed(output))).toEqual(['x '.repeat(20_000)])
  })
})

describe('a text that only one place has', () => {
  const part = { type: 'output_text', text: 'one' }

  test.each([
    [
      'the beginning of a part',
      event('response.content_part.added', { output_index: 0, content_index: 0, part }) + completed(),
    ],
    ['the beginning of an item', added(message('one')) + completed()],
    ['the text of the response', completed([], { output_text: 'one' })],
  ])('is read: %s', (_name, body) => {
    expect(meaningOf(body)).toEqual(['one'])
  })

  test('is not said twice', () => {
    expect(meaningOf(added(message('one')) + delta('one') + completed([], { output_text: 'one' }))).toEqual(['one'])
  })

  test('is read from a document', () => {
    const document = { id: 'resp_1', object: 'response', status: 'completed', output: [], output_text: 'one' }
    expect(meaningOf(JSON.stringify(document), 'application/json')).toEqual(['one'])
  })
})

test('the arguments may have their fields in another order at the end', () => {
  const body = added(call('')) + input('{"x":1,"y":[2]}') + done(call('{"y": [2], "x": 1}')) + completed()
  expect(meaningOf(body)).toEqual(['', 'f'])
})

describe('an answer is whole', () => {
  test('when its status says that the client has tools to run', () => {
    const fields = { status: 'requires_action', output: [call('{}')] }
    expect(meaningOf(created + event('response.completed', response(fields)))).toEqual(['', 'f'])
    expect(meaningOf(JSON.stringify(response(fields).response), 'application/json')).toEqual(['', 'f'])
  })

  test('at response.done', () => {
    expect(meaningOf(created + delta('one') + event('response.done', response()))).toEqual(['one'])
    const failed = response({ status: 'failed', error: { code: 'server_error', message: 'x' } })
    expect(meaningOf(created + delta('one') + event('response.done', failed))).toBe('overloaded')
  })
})

test('usage may have the names of chat completions', () => {
  const usage = { prompt_tokens: 3, completion_tokens: 4 }
  expect(read(delta('one') + completed([], { usage })).events.at(-1)).toMatchObject({
    usage: { inputTokens: 3, outputTokens: 4 },
  })
})
