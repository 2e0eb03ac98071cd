import { collect, partialOf } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { byteServer, headOf, pieceOf, writing } from '@rivulet/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { acme, request } from '../support/acme.ts'
import { call, chunk, read, reasonOf, sse, textOf } from '../support/decoding.ts'

describe('a finishReason', () => {
  test('in each chunk, before the text, or before usage in a chunk of its own ends nothing', () => {
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 3 }
    const bodies = [
      sse({ text: 'one ', reason: 'STOP' }, { text: 'two', reason: 'STOP', more: { usageMetadata } }),
      sse({ reason: 'STOP' }, { text: 'one ' }, { text: 'two', more: { usageMetadata } }),
      sse({ parts: [], reason: 'STOP' }, { text: 'one two' }, { more: { candidates: [], usageMetadata } }),
      sse({ text: 'one ' }, { text: 'two', reason: 'STOP' }, { more: { candidates: undefined, usageMetadata } }),
    ]
    for (const body of bodies) {
      expect(textOf(body)).toBe('one two')
      const usage = { inputTokens: 1, outputTokens: 3, source: 'reported' }
      expect(read(body).events.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage })
    }
  })

  test.each(['', ' ', 'null', 'FINISH_REASON_UNSPECIFIED', 'finish_reason_unspecified', null, 0])(
    'is none when it is %j: an answer without another is truncated',
    (reason) => {
      expect(read(sse({ text: 'one', reason })).failure).toEqual({
        code: 'truncated',
        message: 'the answer broke off before its finishReason',
      })
      expect(reasonOf(sse({ text: 'one', reason: 'MAX_TOKENS' }, { reason }))).toBe('length')
      expect(reasonOf(sse({ text: 'one', reason }, { reason: 'STOP' }))).toBe('stop')
    },
  )

  test.each([
    [['STOP', 'MAX_TOKENS'], 'length'],
    [['MAX_TOKENS', 'STOP'], 'length'],
    [['STOP', 'SAFETY'], 'content-filter'],
    [['MAX_TOKENS', 'SAFETY', 'OTHER'], 'content-filter'],
    [['STOP', 'OTHER'], 'other'],
    [['OTHER', 'STOP'], 'other'],
    [['OTHER', 'MAX_TOKENS'], 'length'],
  ])('of several (%j) is the one that says most: %s', (reasons, expected) => {
    expect(reasonOf(sse({ text: 'one' }, ...reasons.map((reason) => ({ reason }))))).toBe(expected)
  })

  test.each([
    ['stop', 'stop'],
    ['Max_Tokens', 'length'],
    ['length', 'length'],
    ['BLOCKLIST', 'content-filter'],
    ['SPII', 'content-filter'],
    ['SAFETY', 'content-filter'],
    ['MODEL_ARMOR', 'content-filter'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
    ['IMAGE_RECITATION', 'content-filter'],
    ['content_filter', 'content-filter'],
    ['tool_calls', 'stop'],
    ['constructor', 'other'],
  ])('%s is read as %s', (reason, expected) => {
    expect(reasonOf(sse({ text: 'one', reason }))).toBe(expected)
  })

  test.each([
    ['MALFORMED_FUNCTION_CALL', 'malformed'],
    ['malformed_function_call', 'malformed'],
    ['MALFORMED_RESPONSE', 'malformed'],
    ['UNEXPECTED_TOOL_CALL', 'malformed'],
    ['TOO_MANY_TOOL_CALLS', 'malformed'],
    ['error', 'overloaded'],
  ])('%s is a failure, also after another reason', (reason, code) => {
    const { events, failure } = read(sse({ text: 'one', reason: 'STOP' }, { reason }, { text: 'two' }))
    expect(failure).toMatchObject({ code })
    expect(events.at(-1)).toEqual({ type: 'text', text: 'one' })
  })

  test.each(['STOP', 'OTHER'])('%s after a call is tool-calls', (reason) => {
    expect(reasonOf(sse({ parts: [call('a')] }, { reason }))).toBe('tool-calls')
  })

  test.each([
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content-filter'],
  ])('%s after a call is %s', (reason, expected) => {
    expect(reasonOf(sse({ parts: [call('a')] }, { reason }))).toBe(expected)
  })

  test('without any content is an empty answer', () => {
    expect(read(sse({ reason: 'STOP' })).events).toEqual([
      { type: 'start', id: 'R1' },
      { type: 'finish', reason: 'stop' },
    ])
  })
})

describe('a body that ends after a reason', () => {
  test('is truncated inside a chunk, and inside words that are not JSON', () => {
    const begun = sse({ text: 'one', reason: 'STOP' })
    const next = chunk({ text: 'two', reason: 'STOP' }).trimEnd()
    for (let at = 'data: {'.length; at < next.length; at++) {
      expect(read(begun + next.slice(0, at)).failure).toEqual({
        code: 'truncated',
        message: 'the answer broke off inside a message',
      })
    }
    expect(read(`${begun}data: upstream went away`).failure).toMatchObject({ code: 'truncated' })
  })

  test('is whole after a line that is not JSON, which is counted, and after marks of others, which are not', () => {
    const body = `${sse({ text: 'one', reason: 'STOP' })}data: working\n\n${sse({ text: ' two' })}`
    expect(read(body).events.at(-1)).toEqual({ type: 'finish', reason: 'stop', skipped: 1 })
    for (const mark of ['data: [DONE]\n\n', 'data: : keepalive\n\n', 'data:\n\n', ': comment\n\n']) {
      expect(read(sse({ text: 'one', reason: 'STOP' }) + mark).events.at(-1)).toEqual({
        type: 'finish',
        reason: 'stop',
      })
    }
    expect(read(`${sse({ text: 'one' })}data: [DONE]\n\n`).failure).toMatchObject({ code: 'truncated' })
  })

  const answer = { contentType: 'text/event-stream', body: Buffer.from(sse({ text: 'one', reason: 'STOP' })) }
  const open = [headOf(answer, 'chunked'), pieceOf(answer.body, 'chunked')]

  test('is truncated when its connection is reset', async () => {
    await using server = await byteServer()
    const { baseUrl } = server.play(writing(open, 'reset'))
    const error: unknown = await collect(acme({ baseUrl }).stream(request)).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'truncated', retryable: true })
    expect(partialOf(error)?.text).toBe('one')
  })

  test('ends after a silence of idleMs when its connection stays open', async () => {
    await using server = await byteServer()
    const clock = new ManualClock()
    const { baseUrl } = server.play(writing(open))
    const stream = acme({ baseUrl, deadlines: { idleMs: 5_000, clock } }).stream(request)
    const iterator = stream[Symbol.asyncIterator]()
    const events: unknown[] = [await iterator.next(), await iterator.next()]
    const last = iterator.next()
    await clock.advance(5_000)
    events.push(await last)
    expect(events.at(-1)).toEqual({ done: false, value: { type: 'finish', reason: 'stop' } })
  })
})

test('an answer is the same wherever its bytes are cut, and wherever its reason comes', () => {
  const piece = fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 5 }), isStop: fc.boolean() })
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), fc.nat(4), (pieces, at) => {
      const chunks = pieces.map(({ text, isStop }, index) => ({
        text,
        ...((isStop || index === at % pieces.length) && { reason: 'STOP' }),
      }))
      const bytes = Buffer.from(sse(...chunks))
      const whole = read([bytes])
      expect(textOf(sse(...chunks))).toBe(pieces.map(({ text }) => text).join(''))
      expect(whole.events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
      for (let cut = 1; cut < bytes.length; cut++) {
        expect(read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole)
      }
    }),
    { numRuns: 20 },
  )
})
