import { describe, expect, test } from 'vitest'
import type { Decoded } from '@rivulet/testkit'
import { responses } from '../../../src/index.ts'
import { read as readAs } from '../../support/decoding.ts'
import { completed, created, delta, event, finish, hello, message, response, start } from './events.ts'

const dialect = responses()
const read = (body: string): Decoded => readAs(body, undefined, (emit) => dialect.open(hello).decode(emit))

/** The whole text of an answer, or the code of its error. */
function textOf(body: string): string {
  const { events, failure } = read(created + body)
  return failure?.code ?? events.map((each) => (each.type === 'text' ? each.text : '')).join('')
}

describe('a failure', () => {
  const error = { code: 'rate_limit_exceeded', message: 'slow down' }

  test('inside response.completed is that failure, also beside an output', () => {
    for (const output of [[], [message('one')]]) {
      expect(read(created + delta('one') + completed(output, { status: 'failed', error })).failure).toMatchObject({
        code: 'rate-limited',
      })
      expect(read(created + delta('one') + completed(output, { status: 'FAILED' })).failure).toMatchObject({
        code: 'overloaded',
      })
      expect(read(created + delta('one') + completed(output, { error })).failure).toMatchObject({
        code: 'rate-limited',
      })
    }
    expect(textOf(delta('one') + completed([], { status: 'cancelled' }))).toBe('truncated')
    expect(textOf(delta('one') + completed([], { status: 'in_progress' }))).toBe('one')
  })

  test('in words is that failure, whatever the case of its event', () => {
    for (const name of ['error', 'Error']) {
      const { failure } = read(
        `${created}${delta('one')}event: ${name}\ndata: upstream: rate limit reached\n\n${completed()}`,
      )
      expect(failure).toMatchObject({
        code: 'rate-limited',
        message: expect.stringContaining('upstream: rate limit') as string,
      })
    }
    expect(read('event: error\ndata: no\n\n').failure).toMatchObject({ code: 'overloaded' })
    expect(
      read(`${created}event: error\ndata: {"detail":"slow down","code":"rate_limit_exceeded"}\n\n`).failure,
    ).toMatchObject({ code: 'rate-limited' })
  })

  test('is the first of two', () => {
    const failed = event(
      'response.failed',
      response({ status: 'failed', error: { code: 'server_error', message: 'x' } }),
    )
    expect(read(created + event('error', { error }) + failed).failure).toMatchObject({ code: 'rate-limited' })
  })

  test('is a second answer inside the answer', () => {
    expect(textOf(delta('one') + created + delta('two') + completed())).toBe('malformed')
  })

  test('is the end mark of another dialect before the end', () => {
    const script = readAs(`${created}${delta('one')}data: [DONE]\n\n${delta('two')}`, undefined, (emit) =>
      dialect.open(hello).decode(emit),
    )
    expect(script.failure).toMatchObject({ code: 'truncated' })
    expect(script.events).toEqual([start, { type: 'text', text: 'one' }])
  })
})

test.each([
  ['incomplete', { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
  [
    'incomplete for a reason in other letters',
    { status: 'Incomplete', incomplete_details: { reason: ' Content_Filter ' } },
    'content-filter',
  ],
  ['completed with the details of an end', { incomplete_details: { reason: 'length' } }, 'length'],
  ['completed with empty details', { incomplete_details: { reason: '' } }, 'stop'],
  ['incomplete without details', { status: 'incomplete', incomplete_details: null }, 'other'],
])('response.completed that is %s', (_what, fields, reason) => {
  expect(read(created + delta('one') + completed([message('one')], fields)).events.at(-1)).toEqual(finish(reason))
})
