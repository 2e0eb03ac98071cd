import { describe, expect, test } from 'vitest'
import { chunk, contentOf, cutOff, done, finish, message, read, say, start, stream, text } from '../support/decoding.ts'

const error = { error: { message: 'slow down', type: 'requests', code: 'rate_limit_exceeded' } }

describe('the end of a stream', () => {
  test('is [DONE], even without a finish_reason', () => {
    expect(read(stream(say('a')))).toEqual({ events: [start, text('a'), finish()] })
  })

  test('is also a finish_reason and a clean end of the body', () => {
    expect(read(cutOff(say('a'), done()))).toEqual({ events: [start, text('a'), finish()] })
  })

  test('without either is truncated, after the content so far', () => {
    const { events, failure } = read(cutOff(say('a'), say('b')))
    expect(events).toEqual([start, text('a'), text('b')])
    expect(failure).toMatchObject({ code: 'truncated' })
  })

  test.each(['data: [DONE]', 'data:[DONE]\n\n', 'data:  [DONE] \n\n', 'event: done\ndata: [DONE]\n\n'])(
    '%j is an end mark',
    (mark) => {
      expect(read(cutOff(say('a')) + mark).events.at(-1)).toEqual(finish())
    },
  )

  test('an answer without content is an empty answer', () => {
    expect(read(stream(done()))).toEqual({ events: [start, finish()] })
    expect(read(stream(chunk({ role: 'assistant' })))).toEqual({ events: [start, finish()] })
  })

  test.each([
    ['by itself', stream()],
    ['after an empty object', stream({})],
    ['after what was said about the prompt', stream({ choices: [], prompt_filter_results: [] })],
    ['after a choice that says nothing', stream({ choices: [{ index: 0, delta: null }] })],
    ['after another choice than the first', stream(chunk({ content: 'a' }, { index: 1 }))],
  ])('an end mark %s ends nothing: the answer is malformed', (_name, body) => {
    expect(read(body).failure).toEqual({ code: 'malformed', message: 'the answer has no message of this dialect' })
  })

  test('a body of another dialect is malformed', () => {
    for (const body of ['', ': ping\n\n', 'event: ping\n\n', 'data:\n\n']) {
      expect(read(body).failure).toMatchObject({ code: 'malformed' })
    }
    expect(read('{"status":"ok"}', 'application/json').failure).toMatchObject({ code: 'malformed' })
    expect(read('data: {"status":"ok"}\n\n').failure).toMatchObject({ code: 'malformed' })
  })

  test('an incomplete body of this dialect is truncated, with or without pings before it', () => {
    expect(read(cutOff(chunk({ role: 'assistant' }))).failure).toMatchObject({ code: 'truncated' })
    expect(read(cutOff({ ping: 1 }, { ping: 2 })).failure).toMatchObject({ code: 'truncated' })
  })
})

describe('cut JSON', () => {
  test('in the first message is truncated', () => {
    for (const body of ['data: {"id":"c1","choices":[{"del\n\n', 'data: {"id":"c\n\n', 'data: [{"a":{}\n\n']) {
      expect(read(body).failure).toMatchObject({ code: 'truncated' })
    }
  })

  test('in one piece is truncated, wherever it is cut', () => {
    const body = message({ content: 'He said "hi" \\ {[', tool_calls: [] })
    for (let length = 1; length < body.length; length++) {
      expect(read(body.slice(0, length), 'application/json').failure).toMatchObject({ code: 'truncated' })
    }
    expect(read(body, 'application/json').failure).toBeUndefined()
  })

  test('in a later message is truncated too: no end mark follows', () => {
    const whole = stream(say('a'), say('b'))
    for (let length = cutOff(say('a')).length; length < whole.length - 'DONE]\n\n'.length - 1; length++) {
      expect(read(whole.slice(0, length)).failure).toMatchObject({ code: 'truncated' })
    }
  })
})

describe('a message that is not JSON', () => {
  test.each(['hello', '{"a":1}}', '}', "{'a':1}", '<html>'])(
    'makes the answer malformed when it comes first: %s',
    (data) => {
      expect(read(`data: ${data}\n\ndata: [DONE]\n\n`).failure).toMatchObject({ code: 'malformed' })
    },
  )

  test('is skipped and counted when it comes later', () => {
    const body = stream(say('a'), 'hello', '{"half":', say('b'), '}', done())
    expect(read(body).events).toEqual([start, text('a'), text('b'), { ...finish(), skipped: 3 }])
  })

  test('is not counted when there is none', () => {
    expect(read(stream(say('a'), done())).events.at(-1)).not.toHaveProperty('skipped')
  })
})

describe('heartbeats', () => {
  test.each([
    ['a comment', ': keepalive\n\n'],
    ['a comment as data', 'data: : keepalive\n\n'],
    ['a comment of a proxy as data', 'data: :OPENROUTER PROCESSING\n\n'],
    ['empty data', 'data:\n\n'],
    ['white space as data', 'data:   \n\n'],
    ['an event without data', 'event: ping\n\n'],
    ['an id, a retry', 'id: 1\nretry: 3000\n\n'],
    ['an empty object', 'data: {}\n\n'],
  ])('%s is not part of the answer: before, inside or after it', (_name, beat) => {
    const body = beat + cutOff(say('a')) + beat + cutOff(say('b')) + beat + stream(done())
    expect(contentOf(read(body))).toEqual([text('a'), text('b')])
    expect(read(body).events.at(-1)).toEqual(finish())
  })

  test('lines may end in any way, and a message may span many', () => {
    const body = stream(say('a'), done()).replaceAll('\n', '\r\n')
    expect(contentOf(read(body))).toEqual([text('a')])
    const lines = JSON.stringify(say('a'), null, 1)
      .split('\n')
      .map((line) => `data: ${line}\n`)
      .join('')
    expect(contentOf(read(`${lines}\ndata: [DONE]\n\n`))).toEqual([text('a')])
  })
})

describe('an error', () => {
  test('that comes first has its code', () => {
    expect(read(cutOff(error))).toEqual({
      events: [],
      failure: { code: 'rate-limited', message: 'the endpoint reports: slow down' },
    })
  })

  test('after content has its code, and the content was emitted', () => {
    const { events, failure } = read(cutOff(say('a'), error, say('b')))
    expect(events).toEqual([start, text('a')])
    expect(failure).toMatchObject({ code: 'rate-limited' })
  })

  test('that is the whole body has its code', () => {
    for (const body of [JSON.stringify(error), JSON.stringify(error, null, 2), JSON.stringify([error])]) {
      expect(read(body, 'application/json').failure).toMatchObject({ code: 'rate-limited' })
    }
  })

  test('in an event named error is an error, whatever its data', () => {
    expect(read('event: error\ndata: {"message":"boom"}\n\n').failure).toEqual({
      code: 'overloaded',
      message: 'the endpoint reports: boom',
    })
  })

  test('in an event named error is an error, even if it looks like a delta', () => {
    const body = `${cutOff(say('a'), say('b'))}event: error\n${stream(say('c'))}`
    expect(read(body).failure).toMatchObject({ code: 'overloaded' })
  })

  test('that is null is not an error', () => {
    expect(read(stream({ ...say('a'), error: null }, done())).failure).toBeUndefined()
  })
})

test('content in the chunk of the finish_reason is not lost', () => {
  expect(contentOf(read(stream(chunk({ content: 'all' }, { finish_reason: 'stop' }))))).toEqual([text('all')])
})
