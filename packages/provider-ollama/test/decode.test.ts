import { decoded, type Decoded } from '@rivulet/testkit'
import { detectFraming } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { decode } from '../src/decode.ts'

const read = (body: string | readonly Uint8Array[], contentType = 'application/x-ndjson'): Decoded =>
  decoded(body, detectFraming(contentType), decode)
const lines = (...all: object[]): string => all.map((line) => `${JSON.stringify({ model: 'm', ...line })}\n`).join('')
const say = (message: object) => ({ message: { role: 'assistant', ...message }, done: false })
const done = (more: object = { done_reason: 'stop' }) => ({
  message: { role: 'assistant', content: '' },
  done: true,
  ...more,
})
const call = (args?: unknown, id?: unknown, name: unknown = 'f') =>
  say({ content: '', tool_calls: [{ id, function: { name, arguments: args } }] })
/** The events without the start. */
const eventsOf = (...all: object[]): unknown[] => read(lines(...all)).events.slice(1)
const finish = (reason: string) => ({ type: 'finish', reason })
const text = (words: string) => ({ type: 'text', text: words })

describe('a call', () => {
  test('may come before the last line, or in it', () => {
    const expected = [
      { type: 'tool-call', id: 'a', name: 'f' },
      { type: 'tool-input', id: 'a', text: '{"x":1}' },
      finish('tool-calls'),
    ]
    expect(eventsOf(call({ x: 1 }, 'a'), done())).toEqual(expected)
    expect(eventsOf({ ...call({ x: 1 }, 'a'), done: true })).toEqual(expected)
  })

  test.each(['stop', 'load', '', null, 'tool_calls', 'STOP'])(
    'ends as tool-calls with the reason %j',
    (done_reason) => {
      expect(eventsOf(call(), done({ done_reason })).at(-1)).toEqual(finish('tool-calls'))
    },
  )

  test.each([
    ['length', 'length'],
    ['LENGTH', 'length'],
    ['content_filter', 'content-filter'],
  ])('ends early with the reason %s: as %s', (done_reason, reason) => {
    expect(eventsOf(call(), done({ done_reason })).at(-1)).toEqual(finish(reason))
  })

  test('has its arguments as an object, or as that object in a string', () => {
    for (const args of [{ x: 1 }, '{"x":1}']) {
      expect(eventsOf(call(args, 'a'), done())[1]).toEqual({ type: 'tool-input', id: 'a', text: '{"x":1}' })
    }
    for (const none of [{}, null, undefined, '']) {
      expect(eventsOf(call(none, 'a'), done())).toEqual([
        { type: 'tool-call', id: 'a', name: 'f' },
        finish('tool-calls'),
      ])
    }
    const deep = `{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    expect(read(lines(call('@', 'a'), done()).replace('"@"', deep)).events[2]).toEqual({
      type: 'tool-input',
      id: 'a',
      text: deep,
    })
  })

  test.each([[[1]], [7], ['x'], ['{"x":']])('is malformed with arguments that are no object: %j', (args) => {
    expect(read(lines(call(args), done())).failure).toMatchObject({ code: 'malformed' })
  })

  test.each(['', null, 7])('is malformed without a name: %j', (name) => {
    const failure = { code: 'malformed', message: 'a tool call has no name' }
    expect(read(lines(call({}, 'a', name), done())).failure).toEqual(failure)
    expect(read(lines(say({ tool_calls: [{}] }), done())).failure).toEqual(failure)
  })

  test.each([
    [
      ['a', 'a', 'a'],
      ['a', 'a_1', 'a_2'],
    ],
    [
      [undefined, '', 'a'],
      ['call_202611_0', 'call_202611_1', 'a'],
    ],
  ])('with one of the ids %j has an id of its own', (given, expected) => {
    const body = lines(...given.map((id) => ({ created_at: '2026-11', ...call({}, id) })), done())
    expect(read(body).events.flatMap((event) => (event.type === 'tool-call' ? [event.id] : []))).toEqual(expected)
  })
})

describe('a call without an id', () => {
  const idOf = (created_at: unknown): unknown => read(lines({ created_at, ...call() }, done())).events[1]

  test.each([
    ['2026-11-20T10:25:00.1Z', 'call_202611201025001_0'],
    ['', 'call__0'],
    [undefined, 'call__0'],
    [7, 'call__0'],
  ])('is named after the time when the answer began: %j', (time, id) => {
    expect(idOf(time)).toMatchObject({ id })
  })

  test('is named after the first time, not its own', () => {
    const body = lines({ created_at: '1', ...say({ content: 'one' }) }, { created_at: '2', ...call() }, done())
    expect(read(body).events[2]).toMatchObject({ id: 'call_1_0' })
  })
})

describe('an answer', () => {
  test.each([
    ['m', { model: 'm' }],
    ['', {}],
    [7, {}],
    [undefined, {}],
  ])('of the model %j names it unless it is empty, and begins once', (model, named) => {
    const body = lines({ model, ...say({ content: 'one' }) }, { model, ...done() })
    expect(read(body).events).toStrictEqual([{ type: 'start', ...named }, text('one'), finish('stop')])
  })

  test.each([
    [
      { prompt_eval_count: 2, eval_count: 3 },
      { inputTokens: 2, outputTokens: 3 },
    ],
    [{ prompt_eval_count: 2 }, { inputTokens: 2, outputTokens: 0 }],
    [{ eval_count: 3 }, { inputTokens: 0, outputTokens: 3 }],
    [
      { prompt_eval_count: null, eval_count: 0 },
      { inputTokens: 0, outputTokens: 0 },
    ],
  ])('counts tokens: %j', (counts, counted) => {
    expect(eventsOf(say({ content: 'one' }), done(counts)).at(-1)).toEqual({
      ...finish('stop'),
      usage: { ...counted, source: 'reported' },
    })
  })

  test.each([{}, { prompt_eval_count: '2', eval_count: null }, { eval_count: 1.5 }])(
    'has no usage without a count: %j',
    (counts) => {
      expect(eventsOf(say({ content: 'one' }), done(counts)).at(-1)).toStrictEqual(finish('stop'))
    },
  )

  test('counts the lines that are not JSON objects, and passes over lists and heartbeats', () => {
    const body = `${lines(say({ content: 'one' }))}working\n7\n[]\n[1]\n\n : alive\n${lines(done())}`
    expect(read(body).events.at(-1)).toEqual({ ...finish('stop'), skipped: 2 })
  })

  test('has begun with a message or with done, and is truncated then', () => {
    for (const line of [say({ content: '' }), { message: {} }, { done: false }, { done: false, message: null }]) {
      expect(read(lines(line))).toEqual({
        events: [{ type: 'start', model: 'm' }],
        failure: { code: 'truncated', message: 'the answer broke off before its last line' },
      })
    }
  })

  test.each([{ status: 'ok' }, { message: 'hello' }, { message: null }])(
    'is malformed when no line has a message: %j',
    (line) => {
      expect(read(lines(line))).toEqual({
        events: [],
        failure: { code: 'malformed', message: 'the answer has no message of this dialect' },
      })
    },
  )

  test('may end in a line without a message', () => {
    expect(eventsOf(say({ content: 'one' }), { done: true })).toEqual([text('one'), finish('stop')])
    expect(eventsOf(say({ content: 'one' }), { done: 'true' }, { done: 1 }, done())).toEqual([
      text('one'),
      finish('stop'),
    ])
  })
})

describe('a thought', () => {
  const thought = (words: string) => ({ type: 'reasoning', text: words })

  test('goes on over lines with an empty text', () => {
    const messages = [say({ content: '', thinking: 'h' }), say({ content: '' }), say({ content: '', thinking: 'm' })]
    expect(eventsOf(...messages, done())).toEqual([thought('h'), thought('m'), finish('stop')])
  })

  test('may come before a call', () => {
    expect(eventsOf(say({ thinking: 'hm' }), call({}, 'a'), say({ content: 'one' }), done())).toEqual([
      thought('hm'),
      { type: 'tool-call', id: 'a', name: 'f' },
      text('one'),
      finish('tool-calls'),
    ])
  })

  test.each(['', null, 7, undefined])('says nothing with %j, and neither does a text', (none) => {
    expect(eventsOf(say({ content: none, thinking: none }), done())).toEqual([finish('stop')])
  })
})

test.each([[null], ['f'], [{}], [[null, 'f', 7]]])('calls that are none are passed over: %j', (tool_calls) => {
  expect(eventsOf(say({ content: 'one', tool_calls }), done())).toEqual([text('one'), finish('stop')])
})

describe('a line', () => {
  test('may have a thought and words, and null for its content', () => {
    const thought = [{ type: 'reasoning', text: 'hm' }, text('one'), finish('stop')]
    expect(eventsOf(say({ content: 'one', thinking: 'hm' }), done())).toEqual(thought)
    expect(eventsOf(say({ content: null, thinking: 'hm' }), say({ content: 'one' }), done())).toEqual(thought)
  })

  test.each([
    ['stop', 'stop'],
    ['Stop', 'stop'],
    ['', 'stop'],
    ['null', 'stop'],
    [null, 'stop'],
    ['LENGTH', 'length'],
    ['load', 'other'],
    ['constructor', 'other'],
  ])('with the done_reason %j ends the answer as %s', (done_reason, reason) => {
    expect(eventsOf(say({ content: 'one' }), done({ done_reason }))).toEqual([text('one'), finish(reason)])
  })

  test.each(['error', 'aborted'])('with the done_reason %s is a failure', (done_reason) => {
    expect(read(lines(say({ content: 'one' }), done({ done_reason }))).failure).toMatchObject({ code: 'overloaded' })
  })

  test.each([
    [{ error: 'model "x" not found' }, 'not-found'],
    [{ error: { message: 'busy', code: 503 } }, 'overloaded'],
    [{ StatusCode: 429, error: 'too many requests' }, 'rate-limited'],
    [{ detail: 'busy' }, 'overloaded'],
  ])('that is an error is that error, also after words: %j', (error, code) => {
    for (const before of [[], [say({ content: 'one' })]]) {
      const body = [...before.map((line) => JSON.stringify(line)), JSON.stringify(error)].join('\n')
      expect(read(body).failure).toMatchObject({ code })
    }
  })

  test('that is cut, or the lack of a last one, is truncated', () => {
    const body = lines(say({ content: 'one' }), say({ content: 'two' }))
    for (let at = body.indexOf('\n') + 1; at <= body.length; at++) {
      expect(read(body.slice(0, at)).failure).toMatchObject({ code: 'truncated' })
    }
  })
})

test('an error event of a gateway is the error in its words', () => {
  expect(read('event: error\ndata: Rate limit reached for requests\n\n', 'text/event-stream').failure).toEqual({
    code: 'rate-limited',
    message: 'the endpoint reports: Rate limit reached for requests',
  })
})

test('an answer is the same wherever its bytes are cut', () => {
  const sent = Buffer.from(lines(say({ thinking: 'hm 🌊' }), say({ content: 'one "ü"' }), call({ x: 'é' }), done()))
  const whole = read([sent])
  expect(whole.failure).toBeUndefined()
  for (let at = 1; at < sent.length; at++) expect(read([sent.subarray(0, at), sent.subarray(at)])).toEqual(whole)
})
