import { answered } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { gemini } from '../../src/index.ts'
import { acme, request } from '../support/acme.ts'
import { answer, call, chunk, decoder as decoderOf, read, reasonOf, sse, textOf } from '../support/decoding.ts'

const said = [{ text: 'Hm' }]

describe('an answer', () => {
  test.each([
    ['STOP', 'stop'],
    ['FUNCTION_CALL', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['CONTINUATION', 'length'],
    ['RECITATION', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['LANGUAGE', 'other'],
    ['SOMETHING_NEW', 'other'],
  ])('with the finishReason %s finishes as %s', (reason, expected) => {
    expect(read(answer(said, reason), 'application/json')).toEqual({
      events: [
        { type: 'start', model: 'acme-1', id: 'r1' },
        { type: 'text', text: 'Hm' },
        { type: 'finish', reason: expected },
      ],
    })
  })

  test('is malformed when the model failed to write a call, and the content so far is kept', async () => {
    const body = answer(said, 'MALFORMED_FUNCTION_CALL', { finishMessage: 'why' })
    await expect(answered({ body }, acme).resultOf(request)).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('why') as string,
      partial: { text: 'Hm' },
    })
  })

  test('gives calls without an id one that is unique to the answer', () => {
    const parts = [{ functionCall: { name: 'f', args: { x: 1 } } }, { functionCall: { name: 'g' } }]
    expect(read(answer(parts), 'application/json').events.slice(1)).toEqual([
      { type: 'tool-call', id: 'r1_0', name: 'f' },
      { type: 'tool-input', id: 'r1_0', text: '{"x":1}' },
      { type: 'tool-call', id: 'r1_1', name: 'g' },
      { type: 'finish', reason: 'tool-calls' },
    ])
  })

  test.each([
    ['acme-1', 'r1', { model: 'acme-1', id: 'r1' }],
    ['acme-1', '', { model: 'acme-1' }],
    ['', 'r1', { id: 'r1' }],
    [null, 7, {}],
    [7, null, {}],
  ])('of the model %j and the id %j names those that are not empty, once', (modelVersion, responseId, named) => {
    const more = { modelVersion, responseId }
    expect(read(sse({ text: 'Hm', more }, { reason: 'STOP', more })).events).toStrictEqual([
      { type: 'start', ...named },
      { type: 'text', text: 'Hm' },
      { type: 'finish', reason: 'stop' },
    ])
    const withCall = read(sse({ parts: [call(undefined)], reason: 'STOP', more })).events
    expect(withCall[1]).toMatchObject({ id: responseId === 'r1' ? 'r1_0' : 'call_0' })
  })

  test.each(['{"status":"ok"}', '[]', '[1]', '{"candidates":null}'])(
    'is malformed when nothing is of this dialect: %s',
    (body) => {
      expect(read(body, 'application/json')).toEqual({
        events: [],
        failure: { code: 'malformed', message: 'the answer has no message of this dialect' },
      })
    },
  )

  test('is truncated without its finishReason', () => {
    expect(read(sse({ text: 'Hm' })).failure).toEqual({
      code: 'truncated',
      message: 'the answer broke off before its finishReason',
    })
  })

  test('may end in a silence once it has a finishReason, and not before', () => {
    const decoder = decoderOf(() => undefined)
    const sink = gemini().framing('text/event-stream')(decoder)
    const mayEnd = [chunk({ text: 'Hm' }), chunk({ reason: 'STOP' })].map((piece) => {
      sink.push(Buffer.from(piece))
      return decoder.mayEnd
    })
    expect(mayEnd).toEqual([false, true])
  })

  test('has the usage of the last chunk that counts, in a chunk with other news', () => {
    const counted = (count: number): object => ({ usageMetadata: { promptTokenCount: 1, candidatesTokenCount: count } })
    const body = sse({ text: 'Hm', more: counted(2) }, { text: '.', reason: 'STOP', more: counted(3) }, { text: '!' })
    expect(read(body).events.at(-1)).toEqual({
      type: 'finish',
      reason: 'stop',
      usage: { inputTokens: 1, outputTokens: 3, source: 'reported' },
    })
  })

  test('passes over [DONE], with spaces too, and counts what else cannot be read', () => {
    const body = `${sse({ text: 'Hm', reason: 'STOP' })}data: [DONE] \n\ndata: 7\n\n${sse({ text: '!' })}`
    expect(read(body).events.at(-1)).toEqual({ type: 'finish', reason: 'stop', skipped: 1 })
  })

  test.each([[{}], [{ parts: null }], [{ parts: 'Hm' }], [{ parts: [null, 'Hm', [], {}] }], [null], ['Hm']])(
    'has no content in %j',
    (content) => {
      const body = sse({ candidate: { content } }, { text: 'one', reason: 'STOP' })
      expect(textOf(body)).toBe('one')
      expect(read(body).events).toHaveLength(3)
    },
  )

  test.each([null, 'blocked', { blockReason: 7 }])('is not refused by the feedback %j', (promptFeedback) => {
    expect(reasonOf(sse({ text: 'one', reason: 'STOP', more: { promptFeedback } }))).toBe('stop')
  })

  test('that is refused says for how long to wait', async () => {
    const error = { code: 429, message: 'slow down', details: [{ retryDelay: '2s' }] }
    const body = `${sse({ text: 'Hm' })}data: ${JSON.stringify({ error })}\n\n`
    const headers = { 'content-type': 'text/event-stream' }
    await expect(answered({ body, headers }, acme).resultOf(request)).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 2_000,
    })
  })
})

describe('a part', () => {
  /** The events of an answer with these parts, without its start and its end. */
  const eventsOf = (...parts: object[]): unknown[] => read(sse({ parts, reason: 'STOP' })).events.slice(1, -1)
  const signed = (text: string, signature: string) => ({ type: 'reasoning', text, signature })
  const signedText = (text: string, signature: string) => ({ type: 'text', text, signature })

  test('that is a thought is its text and its signature', () => {
    expect(eventsOf({ text: 'Hm.', thought: true })).toStrictEqual([{ type: 'reasoning', text: 'Hm.' }])
    expect(eventsOf({ text: 'Hm.', thought: true, thoughtSignature: 's' })).toEqual([signed('Hm.', 's')])
    expect(eventsOf({ thought: true, thoughtSignature: 's' })).toEqual([signed('', 's')])
  })

  test('that is a text has its signature with it', () => {
    expect(eventsOf({ text: 'one', thoughtSignature: 's' }, { text: 'two', thought: 'yes' })).toEqual([
      signedText('one', 's'),
      { type: 'text', text: 'two' },
    ])
    expect(eventsOf({ text: '', thoughtSignature: 's' })).toEqual([signedText('', 's')])
  })

  test('that is a call has its signature with it', () => {
    const parts = ['a', 'b', 'c'].map((id) => ({ ...call(id, 'f', {}), ...(id !== 'b' && { thoughtSignature: id }) }))
    expect(eventsOf(...parts)).toEqual([
      { type: 'tool-call', id: 'a', name: 'f', signature: 'a' },
      { type: 'tool-call', id: 'b', name: 'f' },
      { type: 'tool-call', id: 'c', name: 'f', signature: 'c' },
    ])
  })

  test.each(['', null, 7, undefined])('says nothing with %j for its text and its signature', (none) => {
    for (const thought of [true, undefined]) {
      expect(eventsOf({ text: none, thoughtSignature: none, thought })).toEqual([])
    }
    expect(eventsOf({ ...call('a', 'f', {}), text: 'one', thoughtSignature: none })).toHaveLength(1)
  })
})

test('a call of a tool that takes text has that text, without its wrapping', async () => {
  const body = answer([call('c', 'patch', { input: 'a\n"b"' })])
  const { resultOf } = answered({ body }, acme)
  const asked = { ...request, tools: [{ type: 'text', name: 'patch' }] } as const
  expect((await resultOf(asked)).toolCalls).toEqual([
    { type: 'tool-call', id: 'c', name: 'patch', format: 'text', input: 'a\n"b"' },
  ])
  const other = answered({ body: answer([call('c', 'patch', { text: 'a' })]) }, acme)
  await expect(other.resultOf(asked)).rejects.toMatchObject({ code: 'malformed' })
})

test('a long stream says nothing for a chunk with an empty text', () => {
  const words = ['a', 'b', 'c', '', 'd']
  expect(read(sse(...words.map((text) => ({ text })), { reason: 'STOP' })).events.slice(1, -1)).toEqual(
    ['a', 'b', 'c', 'd'].map((text) => ({ type: 'text', text })),
  )
})
