import { describe, expect, test } from 'vitest'
import {
  block,
  delta,
  done,
  eventsOf,
  failureOf,
  finish,
  native,
  piece,
  read,
  say,
  sse,
  start,
  stop,
  text,
  tool,
} from '../support/decoding.ts'

describe('a second message_start', () => {
  test('is another answer once the reader has content: malformed', () => {
    for (const content of [say('one'), delta(0, { type: 'thinking_delta', thinking: 'Hm.' }), block(0, tool())]) {
      expect(failureOf(content, start(), say('TWO'), stop('end_turn'), done)).toMatchObject({
        code: 'malformed',
        message: 'a second answer begins within the first',
        events: [{}],
      })
    }
  })

  test('is another answer as a document, too', () => {
    const whole = { ...start().message, stop_reason: 'end_turn' }
    expect(failureOf(say('one'), whole)).toMatchObject({ code: 'malformed', events: [text('one')] })
  })

  test('before any content is a new beginning', () => {
    const messages = [block(0, { type: 'text', text: '' }), start({}), say('TWO')]
    expect(eventsOf(...messages, stop('end_turn', {}), done).slice(-2)).toEqual([text('TWO'), finish('stop')])
  })
})

describe('the end', () => {
  test.each(['', ' ', 'null', 'NONE', null, undefined, 7])('with %j as its reason is a stop', (reason) => {
    expect(eventsOf(say('one'), stop(reason, {}), done)).toEqual([text('one'), finish('stop')])
  })

  test.each(['', 'null', null])('keeps a reason that %j follows', (none) => {
    expect(eventsOf(say('one'), stop('max_tokens', {}), stop(none, {}), done).at(-1)).toEqual(finish('length'))
  })

  test.each([
    ['END_TURN', 'stop'],
    ['stop', 'stop'],
    ['Max_Tokens', 'length'],
    ['length: 7', 'length'],
    ['Refusal', 'content-filter'],
    ['content_filter', 'content-filter'],
    ['sensitive', 'content-filter'],
    ['constructor', 'other'],
  ] as const)('with the reason %s is read as %s', (reason, expected) => {
    expect(eventsOf(say('one'), stop(reason, {}), done).at(-1)).toEqual(finish(expected))
  })

  test.each(['error', 'network_error', 'abort'])('with the reason %s is a failure', (reason) => {
    expect(failureOf(say('one'), stop(reason), done)).toMatchObject({ code: 'overloaded', events: [text('one')] })
  })

  test('of an answer that never began is malformed', () => {
    expect(read(sse(done)).failure).toEqual({ code: 'malformed', message: 'message_stop arrived without an answer' })
  })

  test('of an answer without its message_start is an end', () => {
    expect(read(sse(say('one'), stop('end_turn', {}), done)).events).toEqual([text('one'), finish('stop')])
    expect(read(sse(say('one'))).failure).toMatchObject({ code: 'truncated' })
  })

  test.each([[], [stop('end_turn')], [stop(null)]])('without message_stop is truncated: %j', (...last) => {
    expect(failureOf(say('one'), ...last)).toMatchObject({ code: 'truncated', events: [text('one')] })
  })
})

describe('usage', () => {
  const usageOf = (...all: object[]): unknown => {
    const [first = {}, ...more] = all
    const messages = more.map((usage) => stop('end_turn', usage))
    return read(sse(start(first), say('one'), ...messages, done)).events.at(-1)
  }

  test('is cumulative: a later smaller count is no news', () => {
    const first = {
      input_tokens: 25,
      cache_read_input_tokens: 10,
      cache_creation_input_tokens: 5,
      output_tokens: 1,
      output_tokens_details: { thinking_tokens: 4 },
    }
    const zeros = {
      input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
      output_tokens: 9,
      output_tokens_details: { thinking_tokens: 0 },
    }
    const usage = { inputTokens: 40, outputTokens: 9, cachedTokens: 10, reasoningTokens: 4, source: 'reported' }
    expect(usageOf(first, zeros)).toMatchObject({ usage })
    expect(usageOf(zeros, first)).toMatchObject({ usage })
  })

  test.each([
    { input_tokens: '9' },
    { input_tokens: null },
    { output_tokens: Infinity },
    { input_tokens: 0 },
    null,
    'many',
  ])('that counts nothing is absent: %j', (usage) => {
    expect(usageOf({}, usage as object)).not.toHaveProperty('usage')
  })

  test('may be of the input, or of the output alone', () => {
    expect(usageOf({ input_tokens: 7 })).toMatchObject({ usage: { inputTokens: 7, outputTokens: 0 } })
    expect(usageOf({}, { output_tokens: 7 })).toMatchObject({ usage: { inputTokens: 0, outputTokens: 7 } })
  })
})

describe('an error event', () => {
  test.each(['error', 'Error', 'ERROR'])('in words (%s) is the error in those words, also first', (name) => {
    const words = `event: ${name}\ndata: Rate limit reached for requests\n\n${sse(done)}`
    for (const before of ['', sse(start(), say('one'))]) {
      expect(read(before + words).failure).toEqual({
        code: 'rate-limited',
        message: 'the endpoint reports: Rate limit reached for requests',
      })
    }
  })

  test('is an error without its name, also after content', () => {
    const busy = 'data: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n'
    for (const before of ['', sse(start(), say('one'))]) {
      expect(read(before + busy + sse(done)).failure).toEqual({
        code: 'overloaded',
        message: 'the endpoint reports: busy',
      })
    }
  })

  test('is an error whatever its data: empty, or JSON of another form', () => {
    expect(read('event: error\ndata:\n\n').failure).toMatchObject({ code: 'overloaded' })
    expect(read('event: error\ndata: {"type":"overloaded_error","message":"busy"}\n\n').failure).toEqual({
      code: 'overloaded',
      message: 'the endpoint reports: busy',
    })
  })
})

test('a block of an unknown type is given whole, with its deltas; what is no block is passed over', () => {
  const messages = [
    block(0, { type: 'compaction', content: '' }),
    delta(0, { type: 'compaction_delta', content: 'so far' }),
    piece('{"x":1}'),
    block(1, null as unknown as object),
    delta(1, null as unknown as object),
    say('one', 1),
  ]
  expect(eventsOf(...messages, stop('end_turn', {}), done)).toEqual([
    native({ type: 'compaction', content: 'so far', input: { x: 1 } }),
    text('one'),
    finish('stop'),
  ])
})
