import { describe, expect, test } from 'vitest'
import { block, byteByByte, delta, done, end, read, say, sse, start, started, stop } from '../support/decoding.ts'

const text = (words: string) => ({ type: 'text', text: words })
const usage = { inputTokens: 9, outputTokens: 5, source: 'reported' }

describe('an event stream', () => {
  test('is read as the documentation shows it', () => {
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

  test('is read with the spaces that the endpoint pads its messages with', () => {
    const sent = sse(start(), say('a'), say('b'), say('c'), say('d'), stop('end_turn'), done)
    let pad = 0
    const padded = sent.replaceAll(/\}\n\n/g, () => `${' '.repeat(pad++ % 7)}}\n\n`)
    expect(read(padded)).toEqual(read(sent))
  })

  test('counts the messages that can not be read', () => {
    const sent = `${sse(start())}data: not JSON\n\n: a comment\n\ndata: {\n\n${sse(stop('end_turn'), done)}`
    expect(read(sent).events.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage, skipped: 2 })
  })

  test('counts the cache in the input, and believes the last count', () => {
    const first = { input_tokens: 9, cache_creation_input_tokens: 20, cache_read_input_tokens: 100, output_tokens: 1 }
    const last = { output_tokens: 50, input_tokens: null, output_tokens_details: { thinking_tokens: 30 } }
    const { events } = read(sse(start(first), stop('end_turn', last), done))
    expect(events.at(-1)).toEqual({
      type: 'finish',
      reason: 'stop',
      usage: { inputTokens: 129, outputTokens: 50, cachedTokens: 100, reasoningTokens: 30, source: 'reported' },
    })
  })

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool-calls'],
    ['refusal', 'content-filter'],
    ['pause_turn', 'other'],
    ['something_new', 'other'],
  ])('ends for the reason %s as %s', (reason, expected) => {
    expect(read(sse(start(), stop(reason), done)).events.at(-1)).toMatchObject({ type: 'finish', reason: expected })
  })

  test('passes over what the server does by itself, with its arguments', () => {
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
    expect(read(sent).events).toEqual([started, text('Found.'), { type: 'finish', reason: 'stop', usage }])
  })

  test('takes what a compatible server says at the beginning of a piece', () => {
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
      { type: 'tool-input', id: 't', json: '{"x":1}' },
    ])
  })
})

describe('an answer that is not whole', () => {
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
  test('is truncated when the arguments of a tool call broke off', () => {
    expect(read(cutCall('tool_use')).failure).toEqual({
      code: 'truncated',
      message: 'the arguments of tool call t1 broke off',
    })
  })
  test('but not when the limit cut them, which the reason says', () => {
    expect(read(cutCall('max_tokens')).events.at(-1)).toMatchObject({ reason: 'length' })
  })

  test.each([
    ['no message of this dialect', '{"status":"ok"}', 'malformed'],
    ['words', 'Hello', 'malformed'],
    ['the beginning of a document', '{"type":"message","content":[{"ty', 'truncated'],
    ['nothing but pings', sse({ type: 'ping' }), 'malformed'],
  ])('is refused: %s', (_what, body, code) => {
    expect(read(body, 'application/json').failure).toMatchObject({ code })
  })
})
