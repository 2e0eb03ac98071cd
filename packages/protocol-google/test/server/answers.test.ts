import { ChatError, type ChatEvent } from '@rivulet/core'
import { readSeal } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { read } from '../support/decoding.ts'
import { answerOf, ask, chunksOf, hello, thinking, written } from '../support/server.ts'

const start: ChatEvent = { type: 'start', provider: 'acme', model: 'acme-1' }
const text = (words: string): ChatEvent => ({ type: 'text', text: words })
const finish: ChatEvent = { type: 'finish', reason: 'stop' }
const call = (id: string, ...pieces: string[]): ChatEvent[] => [
  { type: 'tool-call', id, name: 'f' },
  ...pieces.map((piece): ChatEvent => ({ type: 'tool-input', id, text: piece })),
]
const partsOf = (events: readonly ChatEvent[], body: object = hello): unknown[] =>
  chunksOf(written(answerOf(ask(body)), [start, ...events])).map((chunk) => {
    const [candidate] = (chunk as { candidates: { content?: { parts: unknown[] } }[] }).candidates
    return candidate?.content?.parts[0] ?? candidate
  })

describe('an answer as events', () => {
  test('has a chunk for each piece of text, and the reason and the usage in the last one', () => {
    const writer = answerOf(ask(hello))
    const usage = { inputTokens: 9, outputTokens: 7, cachedTokens: 4, reasoningTokens: 5, source: 'reported' } as const
    const body = written(writer, [start, text('Hel'), text('"lo"'), { ...finish, usage }])
    expect(writer.contentType).toBe('text/event-stream')
    const about = { modelVersion: 'alias', responseId: 'r1' }
    const said = (words: string, reason?: string) => [
      { content: { parts: [{ text: words }], role: 'model' }, ...(reason && { finishReason: reason }), index: 0 },
    ]
    expect(chunksOf(body)).toEqual([
      { candidates: said('Hel'), ...about },
      { candidates: said('"lo"'), ...about },
      {
        candidates: said('', 'STOP'),
        usageMetadata: {
          promptTokenCount: 9,
          cachedContentTokenCount: 4,
          candidatesTokenCount: 2,
          thoughtsTokenCount: 5,
          totalTokenCount: 16,
        },
        ...about,
      },
    ])
  })

  test.each([
    ['tool-calls', 'STOP'],
    ['length', 'MAX_TOKENS'],
    ['content-filter', 'SAFETY'],
    ['other', 'OTHER'],
  ] as const)('that ends as %s says %s', (reason, word) => {
    expect(written(answerOf(ask(hello)), [start, { type: 'finish', reason }])).toContain(`"finishReason":"${word}"`)
  })

  test('has calls whole and in order, each as soon as its arguments are, with long numbers as they came', () => {
    const writer = answerOf(ask(hello))
    expect(written(writer, [start, ...call('a', '{"n":123456')])).toBe('')
    expect(writer.write([{ type: 'tool-input', id: 'a', text: '78901234567890}' }])).toContain(
      '"args":{"n":12345678901234567890}',
    )
    expect(partsOf([...call('a', '{"x":', '1}'), ...call('b'), ...call('c', '{}'), finish]).slice(0, 3)).toEqual([
      { functionCall: { id: 'a', name: 'f', args: { x: 1 } } },
      { functionCall: { id: 'b', name: 'f', args: {} } },
      { functionCall: { id: 'c', name: 'f', args: {} } },
    ])
  })

  test.each(['{"x":', '[1]', 'x', '{x}'])(
    'fails at a call with the arguments %s: it must not run with others',
    (input) => {
      const writer = answerOf(ask(hello))
      expect(() => writer.write([start, ...call('a', input), finish])).toThrow(
        expect.objectContaining({ code: 'malformed' }) as Error,
      )
    },
  )

  test.each([{ alt: 'sse' }, {}])(
    'that its limit ended inside of a call has the rest, without the call: %j',
    (query) => {
      const cut: ChatEvent[] = [...call('a', '{"x":'), { type: 'finish', reason: 'length' }]
      const body = written(answerOf(ask(hello, { query })), [start, { type: 'text', text: 'Hm.' }, ...cut])
      expect(body).toContain('"text":"Hm."')
      expect(body).toContain('"finishReason":"MAX_TOKENS"')
      expect(body).not.toContain('functionCall')
    },
  )

  test('has thoughts only when the client asks for them, and their signatures always', () => {
    const thoughts: ChatEvent[] = [
      { type: 'reasoning', text: 'Hm.' },
      { type: 'reasoning', text: ' So.', signature: 's' },
    ]
    expect(partsOf(thoughts, thinking)).toEqual([
      { text: 'Hm.', thought: true },
      { text: ' So.', thought: true, thoughtSignature: 's' },
    ])
    expect(partsOf(thoughts)).toEqual([{ text: '', thought: true, thoughtSignature: 's' }])
  })

  test('has signatures with what they sign, and the parts of its own dialect', () => {
    const value = { executableCode: { code: '1' } }
    const groundingMetadata = { webSearchQueries: ['rivers'] }
    expect(
      partsOf([
        { type: 'text', text: 'Yes.', signature: 's1' },
        { type: 'tool-call', id: 'a', name: 'f', signature: 's2' },
        { type: 'native', dialect: 'gemini', value },
        { type: 'native', dialect: 'gemini', value: { groundingMetadata } },
        { type: 'native', dialect: 'anthropic-messages', value: { type: 'compaction' } },
        finish,
      ]).slice(0, -1),
    ).toEqual([
      { text: 'Yes.', thoughtSignature: 's1' },
      value,
      { groundingMetadata, index: 0 },
      { functionCall: { id: 'a', name: 'f', args: {} }, thoughtSignature: 's2' },
    ])
  })

  test('is kept open by blank lines: clients that read `data: ` alone wait for ever after a comment', () => {
    expect(answerOf(ask(hello)).ping()).toBe('\n\n')
  })
})

test('a call may come in 200,000 pieces, and need not be JSON to be counted', () => {
  const writer = answerOf(ask(hello))
  const pieces = Array.from({ length: 200_000 }, (): ChatEvent => ({ type: 'tool-input', id: 'a', text: 'x' }))
  expect(writer.write([start, ...call('a')]) + writer.write(pieces)).toBe('')
})

describe('an answer in another form', () => {
  const events: ChatEvent[] = [
    start,
    text('Hel'),
    text('lo'),
    ...call('a', '{"x":1}'),
    { ...finish, reason: 'tool-calls' },
  ]

  test('is a list that comes in pieces, with white space between them while it waits', () => {
    const writer = answerOf(ask(hello, { query: {} }))
    expect(writer.contentType).toBe('application/json')
    const body = writer.ping() + events.map((event) => writer.write([event]) + writer.ping()).join('')
    const texts = (JSON.parse(body) as { candidates: [{ content: { parts: [{ text: string }] } }] }[]).map(
      ({ candidates: [{ content }] }) => content.parts[0].text,
    )
    expect(texts).toEqual(['Hel', 'lo', undefined, ''])
  })

  test('is one document when the client does not stream, and nothing before it', () => {
    const writer = answerOf(ask(hello, { method: 'generateContent' }))
    expect(written(writer, events.slice(0, -1)) + writer.ping()).toBe('')
    expect(JSON.parse(writer.write(events.slice(-1)))).toEqual({
      candidates: [
        {
          content: {
            parts: [{ text: 'Hello' }, { functionCall: { id: 'a', name: 'f', args: { x: 1 } } }],
            role: 'model',
          },
          finishReason: 'STOP',
          index: 0,
        },
      ],
      modelVersion: 'alias',
      responseId: 'r1',
    })
  })

  test.each([{ alt: 'sse' }, {}])('is read by our client as it was written: %j', (query) => {
    const body = written(answerOf(ask(hello, { query })), events)
    const type = query.alt === 'sse' ? 'text/event-stream' : 'application/json'
    expect(read(body, type).events).toEqual([
      { type: 'start', model: 'alias', id: 'r1' },
      ...events.slice(1, -1),
      { type: 'finish', reason: 'tool-calls' },
    ])
  })
})

describe('signatures of several authors', () => {
  const sealing = (body: object = thinking) => answerOf(ask(body, {}, { seal: true }))

  test('are written with their author, and read back', () => {
    const events: ChatEvent[] = [
      start,
      { type: 'reasoning', text: 'Hm.', signature: 's0' },
      { type: 'reasoning', text: '', sealed: 'secret', id: 'rs_1' },
      { type: 'text', text: 'Yes.', signature: 's1' },
      { type: 'tool-call', id: 'a', name: 'f', signature: 's2' },
      finish,
    ]
    const chunks = chunksOf(written(sealing(), events)) as { candidates: [{ content: { parts: object[] } }] }[]
    const parts = chunks.slice(0, -1).flatMap(({ candidates: [{ content }] }) => content.parts)
    const seals = parts.map((part) =>
      'thoughtSignature' in part ? readSeal(String(part.thoughtSignature)) : undefined,
    )
    const author = { provider: 'acme', model: 'acme-1' }
    expect(seals).toEqual([
      { ...author, value: 's0' },
      { ...author, value: 'secret', id: 'rs_1' },
      { ...author, value: 's1' },
      { ...author, value: 's2' },
    ])
    const contents = [...hello.contents, { role: 'model', parts }]
    expect(ask({ contents }, {}, { seal: true }).request.messages[1]).toEqual({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm.', signature: 's0' },
        { type: 'reasoning', text: '', sealed: 'secret', id: 'rs_1' },
        { type: 'text', text: 'Yes.', signature: 's1' },
        { type: 'tool-call', id: 'a', name: 'f', input: '{}', signature: 's2' },
      ],
      origin: author,
    })
  })

  test('are written into frames that would have passed', () => {
    const data = '{"candidates":[{"content":{"parts":[{"text":"Yes.","thoughtSignature":"s1"}]}}],"responseId":"R1"}'
    const raw: ChatEvent = { type: 'raw', dialect: 'gemini', label: 'as-is', data }
    const body = sealing().write([raw, start, { type: 'text', text: 'Yes.', signature: 's1' }])
    expect(body).toContain('rvl1.')
    expect(body).not.toContain('"s1"')
  })
})

describe('a failure', () => {
  const error = new ChatError('overloaded', 'acme: busy', { retryAfterMs: 1_500 })

  test('in a stream is an error chunk, and no end that looks whole', () => {
    for (const before of [[], [start], [start, text('Half')]]) {
      const writer = answerOf(ask(hello))
      const body = written(writer, before) + writer.fail(error)
      expect(body).not.toContain('finishReason')
      expect(read(body).failure).toMatchObject({
        code: 'overloaded',
        message: expect.stringContaining('busy') as string,
      })
      expect([writer.fail(error), writer.ping(), writer.write([text('more'), finish])]).toEqual(['', '', ''])
    }
  })

  test('in a list closes the list', () => {
    const writer = answerOf(ask(hello, { query: {} }))
    const body = written(writer, [start, text('Half')]) + writer.fail(error)
    expect(JSON.parse(body)).toMatchObject([{ candidates: [{}] }, { error: { code: 503, status: 'UNAVAILABLE' } }])
  })

  test('before the answer has a status, words, and the wait', () => {
    expect(ask(hello).error(error)).toEqual({
      status: 503,
      headers: { 'content-type': 'application/json', 'retry-after': '2' },
      body: expect.stringContaining('"retryDelay":"1.5s"') as string,
    })
    expect(ask(hello).error(new TypeError('topK must be above 0.'))).toMatchObject({ status: 400 })
    const { status, body } = ask(hello).error(new Error('secret'))
    expect([status, body]).toEqual([500, '{"error":{"code":500,"message":"the server failed","status":"INTERNAL"}}'])
  })

  test('that refuses the prompt is an answer without candidates, in the form that the client reads', () => {
    const refused = new ChatError('content-filter', 'acme: no')
    const whole = ask(hello, { method: 'generateContent' }).error(refused)
    const feedback = { promptFeedback: { blockReason: 'SAFETY', blockReasonMessage: 'acme: no' } }
    expect([whole.status, JSON.parse(whole.body)]).toEqual([200, feedback])
    const streamed = ask(hello).error(refused)
    expect(streamed.headers['content-type']).toBe('text/event-stream')
    expect(read(streamed.body).failure).toEqual({
      code: 'content-filter',
      message: 'the endpoint refuses the prompt: acme: no',
    })
    expect(JSON.parse(ask(hello, { query: {} }).error(refused).body)).toEqual([feedback])
  })
})

describe('a break', () => {
  const restart: ChatEvent = { type: 'restart', from: 'a', reason: 'truncated', message: 'it broke off' }
  const resume: ChatEvent = { ...restart, type: 'resume' }

  test('that restarts the answer fails once the client has content, and is unseen before', () => {
    const writer = answerOf(ask(hello))
    writer.write([start, text('Half')])
    expect(() => writer.write([restart])).toThrow(expect.objectContaining({ code: 'truncated' }) as Error)
    const unseen = [start, ...call('a', '{"x"'), restart, start, text('Whole.'), finish]
    expect(read(written(answerOf(ask(hello)), unseen)).events.slice(1)).toEqual([text('Whole.'), finish])
  })

  test('that continues the answer goes on in it', () => {
    const events = [start, text('Half'), resume, { ...start, id: 'other' } as const, text(' and half'), finish]
    expect(read(written(answerOf(ask(hello)), events)).events.slice(1)).toEqual([
      text('Half'),
      text(' and half'),
      finish,
    ])
  })

  test('in a document that restarts leaves the second answer alone', () => {
    const writer = answerOf(ask(hello, { method: 'generateContent' }))
    const body = written(writer, [start, text('Half'), restart, start, text('Whole.'), finish])
    expect(body).toContain('Whole.')
    expect(body).not.toContain('Half')
  })
})
