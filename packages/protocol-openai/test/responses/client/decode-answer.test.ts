import type { DecodedEvent } from '@rivulet/core/provider'
import type { Decoded } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import type { ErrorQuirk } from '../../../src/index.ts'
import { decode } from '../../../src/responses/client/decode-answer.ts'
import { read as readAs } from '../../support/decoding.ts'
import { call, completed, created, delta, done, event, finish, message, response, start } from './events.ts'

const read = (body: string, errors?: readonly ErrorQuirk[], type?: string): Decoded =>
  readAs(body, type, (emit) => decode(emit, errors))
const text = (words: string): DecodedEvent => ({ type: 'text', text: words })
const failed = (code: string, message: string): object => ({ failure: { code, message } })
const document = (fields: object): string => JSON.stringify(response(fields).response)

const BROKE_OFF = { code: 'truncated', message: 'the answer broke off before response.completed' }
const NOT_OURS = { code: 'malformed', message: 'the answer has no event of this dialect' }

describe('an answer', () => {
  test('begins with its model and its id, is said as it arrives, and ends', () => {
    expect(read(created + delta('a') + delta('b') + completed([message('ab')]))).toEqual({
      events: [start, text('a'), text('b'), finish()],
    })
  })

  test('in one document is said whole', () => {
    const body = document({ output: [message('a')] })
    expect(read(body, undefined, 'application/json')).toEqual({ events: [start, text('a'), finish()] })
  })

  test.each(['created', 'queued', 'in_progress'])('begins once, with the first of its events: %s', (type) => {
    const first = event(`response.${type}`, response())
    expect(read(first + completed()).events).toStrictEqual([start, finish()])
    const second = event('response.in_progress', response({ id: 'resp_2' }))
    expect(read(first + second + event('response.queued', response()) + completed()).events).toEqual([start, finish()])
  })

  test('without a beginning begins with nothing', () => {
    expect(read(delta('a') + completed()).events).toEqual([text('a'), finish()])
    expect(read(event('response.created') + event('response.queued', response()) + completed()).events[0]).toEqual(
      start,
    )
  })

  test('may have neither a model nor an id', () => {
    for (const nothing of [undefined, null, '', 7]) {
      const first = event('response.created', response({ model: nothing, id: nothing }))
      expect(read(first + completed()).events).toEqual([{ type: 'start' }, finish()])
    }
  })

  test('has its type in the name of an event that has none in its data', () => {
    const named = `event: response.output_text.delta\ndata: {"output_index":0,"delta":"a"}\n\n`
    expect(read(created + named + completed()).events).toEqual([start, text('a'), finish()])
    const misnamed = delta('a').replace('event: response.output_text.delta', 'event: message')
    expect(read(created + misnamed + completed()).events).toEqual([start, text('a'), finish()])
  })

  test('may have frames that are no events', () => {
    const others = 'data: [1]\n\ndata: {"foo":1}\n\ndata: :\n\n'
    expect(read(created + others + delta('a') + completed())).toEqual({ events: [start, text('a'), finish()] })
  })

  test('counts the frames that it could not read', () => {
    expect(read(`${created}data: x\n\ndata: y\n\n${completed()}`).events).toEqual([start, { ...finish(), skipped: 2 }])
  })

  test('has its usage', () => {
    const usage = { input_tokens: 3, output_tokens: 4 }
    expect(read(created + completed([], { usage })).events.at(-1)).toEqual({
      ...finish(),
      usage: { inputTokens: 3, outputTokens: 4, source: 'reported' },
    })
  })
})

describe('the ids of calls without one', () => {
  const idOf = (id: unknown): unknown => {
    const { events } = read(
      event('response.created', response({ id })) + done(call('{}', { call_id: '' })) + completed(),
    )
    return events.find(({ type }) => type === 'tool-call')
  }

  test.each([
    ['resp_1', 'call_resp_1_0'],
    ['resp-1.a', 'call_resp1a_0'],
    ['0123456789abcdefghijklmnopqrstuvwxyz', 'call_cdefghijklmnopqrstuvwxyz_0'],
    [undefined, 'call_0'],
    [7, 'call_0'],
  ])('begin with the last 24 letters and digits of the id of the answer: %s', (id, made) => {
    expect(idOf(id)).toEqual({ type: 'tool-call', id: made, name: 'f' })
  })
})

describe('the reason of the end', () => {
  const refusal = event('response.refusal.done', { output_index: 0, refusal: 'no' })

  test.each([
    ['stop', '', {}],
    ['tool-calls', done(call('{}')), {}],
    ['content-filter', refusal, {}],
    ['content-filter', refusal + done(call('{}'), 1), {}],
    ['length', done(call('{}')), { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }],
    ['length', '', { incomplete_details: { reason: 'max_output_tokens' } }],
    ['other', '', { status: 'incomplete' }],
  ])('is %s', (reason, events, fields) => {
    expect(read(created + events + completed([], fields)).events.at(-1)).toEqual(finish(reason))
  })

  test('may be said by the name of the last event', () => {
    const last = (type: string, fields: object = {}): unknown =>
      read(created + event(`response.${type}`, response(fields))).events.at(-1)
    expect(last('done')).toEqual(finish())
    expect(last('incomplete')).toEqual(finish('other'))
    expect(last('incomplete', { incomplete_details: { reason: 'content_filter' } })).toEqual(finish('content-filter'))
    expect(read(created + event('response.completed')).events.at(-1)).toEqual(finish())
    expect(read(created + event('response.done', { response: 7 })).events.at(-1)).toEqual(finish())
  })

  test('may cut a call where the answer is incomplete', () => {
    const cut = done(call('{"a"'))
    expect(read(created + cut + completed([], { status: 'incomplete' })).events.at(-1)).toEqual(finish('other'))
    expect(read(created + cut + completed()).failure?.code).toBe('truncated')
  })
})

describe('the status of the final response', () => {
  test.each(['Completed', 'in_progress', 'queued', 'requires_action', 'IN_PROGRESS', undefined, 7])(
    'may be %s at the end of an answer that began',
    (status) => {
      expect(read(created + delta('a') + completed([], { status })).events.at(-1)).toEqual(finish())
    },
  )

  test.each([
    ['cancelled', 'cancelled'],
    ['Expired', 'expired'],
  ])('that is %s is a truncated answer', (status, shown) => {
    const failure = failed('truncated', `the response ended as "${shown}"`)
    expect(read(created + completed([], { status }))).toMatchObject(failure)
  })

  test.each(['in_progress', 'queued'])('of a document may not be %s', (status) => {
    const failure = failed('truncated', `the response ended as "${status}"`)
    expect(read(document({ status }), undefined, 'application/json')).toMatchObject(failure)
  })

  test('counts less than the name of the last event', () => {
    const ending = (type: string): object => read(created + event(`response.${type}`, response()))
    expect(ending('cancelled')).toMatchObject(failed('truncated', 'the response ended as "cancelled"'))
    expect(ending('failed')).toMatchObject(failed('overloaded', 'the endpoint reports: the response failed'))
    expect(ending('incomplete')).toMatchObject({ events: [start, finish('other')] })
  })
})

describe('a failure', () => {
  const error = { code: 'rate_limit_exceeded', message: 'slow down' }
  const slowDown = failed('rate-limited', 'the endpoint reports: slow down')

  test('is read wherever it is', () => {
    expect(read(JSON.stringify({ error }), undefined, 'application/json')).toMatchObject(slowDown)
    expect(read(created + event('error', error))).toMatchObject(slowDown)
    expect(read(`${created}data: ${JSON.stringify({ error })}\n\n`)).toMatchObject(slowDown)
    expect(read(created + event('response.failed', response({ status: 'failed', error })))).toMatchObject(slowDown)
    expect(read(created + completed([], { error }))).toMatchObject(slowDown)
    expect(read(document({ status: 'failed', error }), undefined, 'application/json')).toMatchObject(slowDown)
  })

  test('may be a text', () => {
    const words = failed('overloaded', 'the endpoint reports: no luck')
    expect(read(created + completed([], { status: 'failed', error: 'no luck' }))).toMatchObject(words)
    const unnamed = failed('overloaded', 'the endpoint reports: the response failed')
    expect(read(created + completed([], { status: 'failed', error: null }))).toMatchObject(unnamed)
  })

  test('in an event named error may be in words, in letters of any case', () => {
    for (const name of ['error', 'Error', 'ERROR']) {
      for (const words of ['no luck', '"no luck"', '["no luck"]']) {
        const { failure } = read(`${created}event: ${name}\ndata: ${words}\n\n${completed()}`)
        expect(failure?.message).toMatch(/^the endpoint reports: .*no luck/)
      }
    }
    expect(read(`${created}event: error\ndata: ${JSON.stringify({ error })}\n\n`)).toMatchObject(slowDown)
    expect(read(`${created}event: other\ndata: no luck\n\n${completed()}`).events.at(-1)).toMatchObject(finish())
  })

  test('has the code that the endpoint is known to mean', () => {
    const quirk: ErrorQuirk = { pattern: /slow down/, code: 'quota' }
    expect(read(created + event('error', error), [quirk]).failure?.code).toBe('quota')
  })

  test('is a second beginning', () => {
    expect(read(created + delta('a') + created + delta('b'))).toEqual({
      events: [start, text('a')],
      ...failed('malformed', 'a second answer begins inside the answer'),
    })
  })
})

describe('an answer that does not end', () => {
  test('is truncated', () => {
    expect(read(created).failure).toEqual(BROKE_OFF)
    expect(read(delta('a')).failure).toEqual(BROKE_OFF)
    expect(read(created + delta('a')).failure).toEqual(BROKE_OFF)
    expect(read('data: {"foo":1}\n\ndata: {"foo":2}\n\n').failure).toEqual(BROKE_OFF)
    expect(read('event: response.x\ndata: {}\n\n').failure).toEqual(BROKE_OFF)
  })

  test('but has the end mark of another dialect, is truncated there', () => {
    for (const mark of ['[DONE]', ' [DONE] ', '\t[DONE]']) {
      const { events, failure } = read(`${created}${delta('a')}data: ${mark}\n\n${delta('b')}${completed()}`)
      expect({ events, failure }).toEqual({ events: [start, text('a')], failure: BROKE_OFF })
    }
  })

  test('and has nothing of this dialect, is malformed', () => {
    expect(read('').failure).toEqual(NOT_OURS)
    expect(read('data: [DONE]\n\n').failure).toEqual(NOT_OURS)
    expect(read('data: {"foo":1}\n\n').failure).toEqual(NOT_OURS)
    expect(read('data: {"object":"other"}\n\n').failure).toEqual(NOT_OURS)
    expect(read('{"foo":1}', undefined, 'application/json').failure).toEqual(NOT_OURS)
  })
})
