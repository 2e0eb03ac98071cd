import { describe, expect, test } from 'vitest'
import { decode } from '../../src/client/decode-answer.ts'
import type { ChatQuirks } from '../../src/index.ts'
import { chunk, contentOf, cutOff, done, finish, message, read, say, start, stream, text } from '../support/decoding.ts'

const knowing = (body: string, quirks: ChatQuirks, type?: string) => read(body, type, (emit) => decode(emit, quirks))
const think = (words: string, rest: object = {}) => ({ type: 'reasoning', text: words, ...rest })

describe('a refusal', () => {
  test('is text, and the finish reason says that it is a refusal', () => {
    const body = stream(
      chunk({ role: 'assistant', content: null, refusal: '' }),
      chunk({ refusal: 'I ' }),
      chunk({ refusal: 'can’t.' }),
      done(),
    )
    expect(read(body)).toEqual({ events: [start, text('I '), text('can’t.'), finish('content-filter')] })
  })

  test('in one piece is text too, as a field and as a part', () => {
    for (const fields of [{ content: null, refusal: 'No.' }, { content: [{ type: 'refusal', refusal: 'No.' }] }]) {
      expect(read(message(fields), 'application/json')).toEqual({
        events: [start, text('No.'), finish('content-filter')],
      })
    }
  })

  test('replaces content: after content it is not emitted', () => {
    expect(read(stream(say('a'), chunk({ refusal: 'No.' }), done())).events).toEqual([start, text('a'), finish()])
  })
})

describe('content in parts', () => {
  test('gives thoughts and text', () => {
    const parts = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }, { type: 'reference' }], closed: true },
      { type: 'text', text: 'a' },
      { type: 'reference', reference_ids: [1] },
      null,
    ]
    expect(contentOf(read(stream(chunk({ content: parts }), done())))).toEqual([think('hm'), text('a')])
    expect(contentOf(read(message({ content: parts }), 'application/json'))).toEqual([think('hm'), text('a')])
  })
})

describe('details of thoughts', () => {
  const detail = (fields: object): object => chunk({ reasoning_details: [{ type: 'reasoning.text', ...fields }] })

  test('are emitted once, though another field repeats their text', () => {
    const body = stream(chunk({ reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] }), done())
    expect(contentOf(read(body))).toEqual([think('hm')])
  })

  test('end with a signature, which keeps the other fields', () => {
    const about = { format: 'f', index: 0 }
    const body = stream(
      detail({ text: 'a', ...about }),
      detail({ text: 'b', ...about }),
      detail({ signature: 's', ...about }),
      say('c'),
      done(),
    )
    expect(contentOf(read(body))).toEqual([
      think('a'),
      think('b'),
      think('', { signature: '{"type":"reasoning.text","format":"f","index":0,"signature":"s"}' }),
      text('c'),
    ])
  })

  test('a summary, then a sealed thought', () => {
    const body = stream(
      chunk({ reasoning_details: [{ type: 'reasoning.summary', summary: 'hm', id: null }] }),
      chunk({ reasoning: null, reasoning_details: [{ type: 'reasoning.encrypted', data: 'gAAA' }] }),
      done(),
    )
    expect(contentOf(read(body))).toEqual([think('hm'), think('', { sealed: 'gAAA' })])
  })

  test('of an unknown type leave the text to the other field', () => {
    const body = stream(chunk({ reasoning: 'hm', reasoning_details: [{ type: 'reasoning.dance' }] }), done())
    expect(contentOf(read(body))).toEqual([think('hm')])
  })
})

describe('thoughts that go back are kept whole', () => {
  const quirks: ChatQuirks = { thoughts: { origin: 'acme', as: 'reasoning_content' } }
  const hm = chunk({ reasoning_content: 'hm' })

  test.each([
    ['text', [hm, say('a'), done()], [think('hm'), think('', { signature: '' }), text('a')]],
    ['the end', [hm, done()], [think('hm'), think('', { signature: '' })]],
    [
      'a tool call',
      [hm, chunk({ tool_calls: [{ index: 0, id: '1', function: { name: 'f' } }] }), done()],
      [think('hm'), think('', { signature: '' }), { type: 'tool-call', id: '1', name: 'f' }],
    ],
    [
      'text in between, also on the fast path',
      [say('a'), say('b'), hm, say('c'), done()],
      [text('a'), text('b'), think('hm'), think('', { signature: '' }), text('c')],
    ],
  ])('by an end mark: before %s', (_name, chunks, expected) => {
    expect(contentOf(knowing(stream(...chunks), quirks))).toEqual(expected)
  })

  test('thoughts that never go back have no end mark', () => {
    expect(contentOf(read(stream(hm, say('a'), done())))).toEqual([think('hm'), text('a')])
  })
})

describe('an answer that failed at its endpoint', () => {
  test.each(['error', 'insufficient_system_resource'])('has the finish_reason "%s"', (reason) => {
    const { events, failure } = read(stream(say('a'), done(reason)))
    expect(events).toEqual([start, text('a')])
    expect(failure).toMatchObject({ code: 'overloaded' })
  })

  test('may have an error in its choice', () => {
    const body = stream(say('a'), chunk({}, { finish_reason: 'error', error: { code: 429, message: 'slow down' } }))
    expect(read(body).failure).toEqual({ code: 'rate-limited', message: 'the endpoint reports: slow down' })
  })

  test('may have an error beside its choices', () => {
    const body = cutOff(say('a'), { ...chunk({}), x_groq: { id: 'r', error: 'over capacity' } })
    expect(read(body).failure).toMatchObject({ code: 'overloaded' })
    expect(read(stream(say('a'), { ...chunk({}), x_groq: { id: 'r', error: null } }, done())).failure).toBeUndefined()
  })

  test('has the code of a matching quirk', () => {
    const quirks: ChatQuirks = {
      errors: [
        { status: 400, pattern: /risk/, code: 'bad-request' },
        { pattern: /risky words/i, code: 'content-filter' },
      ],
    }
    const body = cutOff({ error: { message: 'Risky Words', type: 'invalid_request_error' } })
    expect(knowing(body, quirks).failure).toMatchObject({ code: 'content-filter' })
    expect(read(body).failure).toMatchObject({ code: 'bad-request' })
  })

  test('includes the message of the provider upstream of a router', () => {
    const error = { message: 'Provider returned error', code: 502, metadata: { raw: 'Bad gateway' } }
    expect(read(cutOff({ error })).failure?.message).toBe('the endpoint reports: Provider returned error: Bad gateway')
  })
})

describe('usage', () => {
  const usageOf = (...chunks: object[]): unknown => {
    const end = read(stream(...chunks)).events.at(-1)
    return end?.type === 'finish' ? end.usage : undefined
  }
  const reported = { inputTokens: 3, outputTokens: 4, source: 'reported' }
  const base = { prompt_tokens: 3, completion_tokens: 4 }

  test('has cached tokens under their other name', () => {
    expect(usageOf({ ...done(), usage: { ...base, prompt_cache_hit_tokens: 2 } })).toEqual({
      ...reported,
      cachedTokens: 2,
    })
  })

  test('adds reasoning that was counted outside of the answer, as the total shows', () => {
    const details = { completion_tokens_details: { reasoning_tokens: 10 } }
    expect(usageOf({ ...done(), usage: { ...base, total_tokens: 17, ...details } })).toEqual({
      ...reported,
      outputTokens: 14,
      reasoningTokens: 10,
    })
    const within = { prompt_tokens: 3, completion_tokens: 14, total_tokens: 17, ...details }
    expect(usageOf({ ...done(), usage: within })).toEqual({ ...reported, outputTokens: 14, reasoningTokens: 10 })
  })

  test('is read beside the choices', () => {
    expect(usageOf(say('a'), { ...done(), x_groq: { id: 'r', usage: base } })).toEqual(reported)
  })
})

test('a filtered answer that ends inside a call is filtered, not truncated', () => {
  const body = stream(
    chunk({ tool_calls: [{ index: 0, id: '1', function: { name: 'f', arguments: '{"a' } }] }),
    done('content_filter'),
  )
  expect(read(body).events.at(-1)).toEqual(finish('content-filter'))
})
