import { describe, expect, test } from 'vitest'
import {
  block,
  byteByByte,
  call,
  delta,
  done,
  end,
  input,
  native,
  read,
  say,
  sse,
  start,
  started,
  stop,
  tool,
} from '../support/decoding.ts'

const text = (words: string) => ({ type: 'text', text: words })
const usage = { inputTokens: 9, outputTokens: 5, source: 'reported' }

describe('an event stream', () => {
  test('is read as documented', () => {
    const sent = sse(
      start(),
      block(0, text('')),
      { type: 'ping' },
      say('Hel'),
      say('lo!'),
      end(0),
      stop('end_turn'),
      done,
    )
    const events = [started, text('Hel'), text('lo!'), { type: 'finish', reason: 'stop', usage }]
    expect(read(sent)).toEqual({ events })
    expect(read(byteByByte(sent))).toEqual({ events })
  })

  test('is read with the endpoint’s padding of spaces', () => {
    const sent = sse(start(), say('a'), say('b'), say('c'), say('d'), stop('end_turn'), done)
    let pad = 0
    const padded = sent.replaceAll(/\}\n\n/g, () => `${' '.repeat(pad++ % 7)}}\n\n`)
    expect(read(padded)).toEqual(read(sent))
  })

  test('counts the messages that cannot be read', () => {
    const sent = `${sse(start())}data: not JSON\n\n: a comment\n\ndata: {\n\n${sse(stop('end_turn'), done)}`
    expect(read(sent).events.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage, skipped: 2 })
  })

  test('counts cached tokens as input, and takes the last count', () => {
    const first = { input_tokens: 9, cache_creation_input_tokens: 20, cache_read_input_tokens: 100, output_tokens: 1 }
    const last = { output_tokens: 50, input_tokens: null, output_tokens_details: { thinking_tokens: 30 } }
    const { events } = read(sse(start(first), stop('end_turn', last), done))
    expect(events.at(-1)).toEqual({
      type: 'finish',
      reason: 'stop',
      usage: {
        inputTokens: 129,
        outputTokens: 50,
        cachedTokens: 100,
        cacheWriteTokens: 20,
        reasoningTokens: 30,
        source: 'reported',
      },
    })
  })

  test('tells the tokens that the cache keeps for an hour', () => {
    const creation = { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 15 }
    const first = { input_tokens: 9, cache_creation_input_tokens: 20, cache_creation: creation, output_tokens: 1 }
    expect(read(sse(start(first), stop('end_turn'), done)).events.at(-1)).toMatchObject({
      usage: { inputTokens: 29, cacheWriteTokens: 20, cacheWrite1hTokens: 15 },
    })
  })

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content-filter'],
    ['pause_turn', 'other'],
    ['something_new', 'other'],
  ])('with the stop_reason %s finishes as %s', (reason, expected) => {
    expect(read(sse(start(), stop(reason), done)).events.at(-1)).toMatchObject({ type: 'finish', reason: expected })
  })

  test.each([
    ['claude-opus-5-5', 'msg_1', { model: 'claude-opus-5-5', id: 'msg_1' }],
    ['claude-opus-5-5', '', { model: 'claude-opus-5-5' }],
    ['', 'msg_1', { id: 'msg_1' }],
    [null, 7, {}],
    [7, null, {}],
    [undefined, undefined, {}],
  ])('with the model %j and the id %j names those that are not empty', (model, id, named) => {
    const begun = { type: 'message_start', message: { model, id } }
    const { events } = read(sse(begun, block(0, tool(null)), stop('tool_use'), done))
    expect(events[0]).toStrictEqual({ type: 'start', ...named })
    expect(events[1]).toMatchObject({ type: 'tool-call', id: id === 'msg_1' ? 'msg_1_0' : 'call_0' })
  })

  test('may have messages without their content', () => {
    const sent = sse(
      { type: 'message_start' },
      start(),
      say('a'),
      stop('max_tokens', {}),
      { type: 'message_delta', usage: { output_tokens: 5 } },
      { type: 'message_delta', delta: null },
      done,
    )
    expect(read(sent)).toEqual({ events: [started, text('a'), { type: 'finish', reason: 'length', usage }] })
  })

  test('has no content in lists and in messages without a type', () => {
    const sent = `${sse(start())}data: [{"type":"message_stop"}]\n\ndata: {"index":0}\n\n${sse(say('a'), done)}`
    expect(read(sent)).toEqual({
      events: [started, text('a'), { type: 'finish', reason: 'stop', usage: { ...usage, outputTokens: 1 } }],
    })
  })

  test('gives the blocks of the server’s own tools whole and in their place, with their arguments', () => {
    const sent = sse(
      start(),
      block(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"query":"x"}' }),
      end(0),
      block(1, { type: 'web_search_tool_result', tool_use_id: 's', content: [] }),
      end(1),
      block(2, text('')),
      delta(2, { type: 'citations_delta', citation: {} }),
      say('Found.', 2),
      { type: 'something_new' },
      stop('end_turn'),
      done,
    )
    expect(read(sent).events).toEqual([
      started,
      native({ type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } }),
      native({ type: 'web_search_tool_result', tool_use_id: 's', content: [] }),
      text('Found.'),
      native({ type: 'text', text: 'Found.', citations: [{}] }),
      { type: 'finish', reason: 'stop', usage },
    ])
  })

  test('reads content that a compatible server sends at the start of a block', () => {
    const sent = sse(
      start(),
      block(0, { type: 'thinking', thinking: 'Hm.', signature: 's' }),
      block(1, text('Hel')),
      say('lo', 1),
      block(2, { type: 'tool_use', id: 't', name: 'f', input: { x: 1 } }),
      stop('tool_use'),
      done,
    )
    expect(read(sent).events.slice(1, -1)).toEqual([
      { type: 'reasoning', text: 'Hm.', signature: 's' },
      text('Hel'),
      text('lo'),
      { type: 'tool-call', id: 't', name: 'f' },
      { type: 'tool-input', id: 't', text: '{"x":1}' },
    ])
  })
})

describe('an incomplete answer', () => {
  const whole = [start(), block(0, text('')), say('Hel'), end(0), stop('end_turn'), done]
  test.each([1, 2, 3, 4, 5])('is truncated, after %i messages of six', (count) => {
    expect(read(sse(...whole.slice(0, count))).failure).toMatchObject({ code: 'truncated' })
  })

  const cutCall = (reason: string): string =>
    sse(
      start(),
      block(0, { type: 'tool_use', id: 't1', name: 'f', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"city":"Be' }),
      end(0),
      stop(reason),
      done,
    )
  test('is truncated inside the arguments of a tool call', () => {
    expect(read(cutCall('tool_use')).failure).toEqual({
      code: 'truncated',
      message: 'the arguments of tool call t1 broke off',
    })
  })
  test('is not truncated when the token limit cut them', () => {
    expect(read(cutCall('max_tokens')).events.at(-1)).toMatchObject({ reason: 'length' })
  })

  test.each([
    ['a document of another dialect', '{"status":"ok"}', 'malformed', 'the answer has no message of this dialect'],
    ['words', 'Hello', 'malformed', 'the answer has no message of this dialect'],
    [
      'the beginning of a document',
      '{"type":"message","content":[{"ty',
      'truncated',
      'the answer broke off inside its first message',
    ],
    ['only pings', sse({ type: 'ping' }), 'malformed', 'the answer has no message of this dialect'],
    ['only its beginning', sse(start()), 'truncated', 'the answer broke off before message_stop'],
    ['only a text', sse(say('a')), 'truncated', 'the answer broke off before message_stop'],
  ])('is refused: %s', (_what, body, code, message) => {
    const contentType = body.startsWith('event:') ? 'text/event-stream' : 'application/json'
    expect(read(body, contentType).failure).toEqual({ code, message })
  })
})

describe('an answer in one piece', () => {
  const whole = (fields: object): string => JSON.stringify({ ...start().message, stop_reason: 'end_turn', ...fields })
  const usageAtStart = { ...usage, outputTokens: 1 }

  test('is its blocks, its reason and its usage', () => {
    const content = [{ type: 'thinking', thinking: 'Hm.', signature: 's' }, text('Hello!'), null, 'words']
    expect(read(whole({ content, stop_reason: 'max_tokens' }), 'application/json').events).toEqual([
      started,
      { type: 'reasoning', text: 'Hm.', signature: 's' },
      text('Hello!'),
      { type: 'finish', reason: 'length', usage: usageAtStart },
    ])
  })

  test('has each call with its arguments, one after the other', () => {
    const content = [tool('a', { x: 1 }), tool('b', { y: 2 })]
    expect(read(whole({ content }), 'application/json').events.slice(1, -1)).toEqual([
      call('a', 'f'),
      input('a', '{"x":1}'),
      call('b', 'f'),
      input('b', '{"y":2}'),
    ])
  })

  test.each([[[]], [null], [{}], [undefined]])('may have no content: %j', (content) => {
    expect(read(whole({ content }), 'application/json')).toEqual({
      events: [started, { type: 'finish', reason: 'stop', usage: usageAtStart }],
    })
  })
})
