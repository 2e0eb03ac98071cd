import { describe, expect, test } from 'vitest'
import { block, byteByByte, delta, done, end, read, say, sse, start, started, stop } from '../support/decoding.ts'

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
      usage: { inputTokens: 129, outputTokens: 50, cachedTokens: 100, reasoningTokens: 30, source: 'reported' },
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

  test('skips the blocks of the server’s own tools, with their arguments', () => {
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
      { type: 'tool-input', id: 't', json: '{"x":1}' },
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
    ['a document of another dialect', '{"status":"ok"}', 'malformed'],
    ['words', 'Hello', 'malformed'],
    ['the beginning of a document', '{"type":"message","content":[{"ty', 'truncated'],
    ['only pings', sse({ type: 'ping' }), 'malformed'],
  ])('is refused: %s', (_what, body, code) => {
    expect(read(body, 'application/json').failure).toMatchObject({ code })
  })
})
