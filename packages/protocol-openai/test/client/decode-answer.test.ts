import { describe, expect, test } from 'vitest'
import { chunk, contentOf, cutOff, done, finish, message, read, say, start, stream, text } from '../support/decoding.ts'

describe('a stream', () => {
  test('is its text, with one start and one finish', () => {
    const body = stream(chunk({ role: 'assistant', content: '' }), say('Hel'), say('lo'), done())
    expect(read(body)).toEqual({ events: [start, text('Hel'), text('lo'), finish()] })
  })

  test('that names neither model nor id starts without them', () => {
    const body = stream({ choices: [{ delta: { content: 'a' } }] }, { model: '', id: '', choices: [] })
    expect(read(body).events[0]).toEqual({ type: 'start' })
  })

  test('deltas of a role, of null, of nothing, and chunks without choices have no text', () => {
    const body = stream(
      chunk({ role: 'assistant' }),
      chunk({ content: null }),
      chunk({}),
      { choices: [] },
      {},
      { choices: [null] },
      done(),
    )
    expect(contentOf(read(body))).toEqual([])
  })

  test.each([
    ['reasoning_content', { reasoning_content: 'hm' }],
    ['reasoning', { reasoning: 'hm' }],
    ['both fields', { reasoning_content: 'hm', reasoning: 'hm' }],
  ])('reasoning is read from %s, along with text', (_name, delta) => {
    const body = stream(chunk({ ...delta, content: null }), say('a'), done())
    expect(contentOf(read(body))).toEqual([{ type: 'reasoning', text: 'hm' }, text('a')])
  })

  test('reasoning and text in one delta: reasoning first', () => {
    expect(contentOf(read(stream(chunk({ content: 'a', reasoning: 'hm' }), done())))).toEqual([
      { type: 'reasoning', text: 'hm' },
      text('a'),
    ])
  })

  test('only the first choice is read', () => {
    const body = stream(
      {
        choices: [
          { index: 0, delta: { content: 'a' } },
          { index: 1, delta: { content: 'b' } },
        ],
      },
      done(),
    )
    expect(contentOf(read(body))).toEqual([text('a')])
  })
})

describe('an answer in one piece', () => {
  test('gives the same events', () => {
    expect(read(message({ content: 'Hello' }), 'application/json')).toEqual({
      events: [start, text('Hello'), finish()],
    })
  })

  test('is read whatever its content type, on one line or on many', () => {
    const pretty = JSON.stringify(JSON.parse(message({ content: 'Hello' })), null, 2)
    for (const type of ['application/json', 'text/event-stream', 'text/plain', '']) {
      expect(read(pretty, type)).toEqual({ events: [start, text('Hello'), finish()] })
    }
  })

  test('is complete without a reason', () => {
    expect(read(message({ content: 'Hello' }, null), 'application/json').events.at(-1)).toEqual(finish())
  })

  test('may come as an event, with or without an end mark', () => {
    for (const body of [stream(message({ content: 'a' })), cutOff(message({ content: 'a' }))]) {
      expect(read(body)).toEqual({ events: [start, text('a'), finish()] })
    }
  })

  test('has reasoning and tool calls too', () => {
    const calls = [{ id: '1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }]
    const { events } = read(
      message({ content: null, reasoning_content: 'hm', tool_calls: calls }, 'tool_calls'),
      'application/json',
    )
    expect(events).toEqual([
      start,
      { type: 'reasoning', text: 'hm' },
      { type: 'tool-call', id: '1', name: 'f' },
      { type: 'tool-input', id: '1', text: '{"a":1}' },
      finish('tool-calls'),
    ])
  })

  test('with a message on each line is a stream too', () => {
    const body = [say('a'), say('b'), done()].map((line) => JSON.stringify(line)).join('\n')
    expect(read(body, 'application/x-ndjson')).toEqual({ events: [start, text('a'), text('b'), finish()] })
  })
})

test.each([
  ['stop', 'stop'],
  ['end_turn', 'stop'],
  ['eos', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['content_filter', 'content-filter'],
  ['something new', 'other'],
] as const)('finish_reason "%s" is %s', (reason, expected) => {
  expect(read(stream(say('a'), done(reason))).events.at(-1)).toEqual(finish(expected))
})

describe('usage', () => {
  const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }
  const reported = { inputTokens: 3, outputTokens: 4, source: 'reported' }
  const usageOf = (body: string, type?: string): unknown => {
    const end = read(body, type).events.at(-1)
    return end?.type === 'finish' ? end.usage : undefined
  }

  test('in a last chunk of its own, without choices', () => {
    expect(usageOf(stream(say('a'), done(), { choices: [], usage }))).toEqual(reported)
  })

  test('in every chunk: the last one counts, and is emitted once', () => {
    const counting = (tokens: number): object => ({ ...say('a'), usage: { ...usage, completion_tokens: tokens } })
    const { events } = read(stream(counting(1), counting(2), counting(2), { ...done(), usage }))
    expect(events.filter((event) => 'usage' in event)).toHaveLength(1)
    expect(usageOf(stream(counting(1), counting(2), counting(2)))).toEqual({ ...reported, outputTokens: 2 })
  })

  test('in one piece', () => {
    const body = JSON.stringify({ ...(JSON.parse(message({ content: 'a' })) as object), usage })
    expect(usageOf(body, 'application/json')).toEqual(reported)
  })

  test('with cached and reasoning tokens', () => {
    const details = { prompt_tokens_details: { cached_tokens: 2 }, completion_tokens_details: { reasoning_tokens: 1 } }
    expect(usageOf(stream(done(), { usage: { ...usage, ...details } }))).toEqual({
      ...reported,
      cachedTokens: 2,
      reasoningTokens: 1,
    })
  })

  test.each([
    ['absent', undefined],
    ['null', null],
    ['empty', {}],
    ['as strings', { prompt_tokens: '3', completion_tokens: 'NaN' }],
    ['a list', []],
  ])('%s is no usage: never NaN', (_name, given) => {
    expect(usageOf(stream(done(), { choices: [], usage: given }))).toBeUndefined()
  })

  test('an infinite number is no usage', () => {
    const body = stream(done(), '{"choices":[],"usage":{"prompt_tokens":1e999,"completion_tokens":4}}')
    expect(usageOf(body)).toEqual({ ...reported, inputTokens: 0 })
  })

  test('one count without the other is kept', () => {
    expect(usageOf(stream(done(), { usage: { completion_tokens: 4 } }))).toEqual({ ...reported, inputTokens: 0 })
  })

  test('a later null does not erase it', () => {
    expect(usageOf(stream({ ...say('a'), usage }, { ...done(), usage: null }))).toEqual(reported)
  })
})
