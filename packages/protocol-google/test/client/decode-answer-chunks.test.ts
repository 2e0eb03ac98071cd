import { detectFraming } from '@rivulet/core/provider'
import { decoded, type Decoded } from '@rivulet/testkit'
import { describe, expect, test, vi } from 'vitest'
import { decode } from '../../src/client/decode-answer.ts'
import { answer, call, type Chunk, chunk, sse } from '../support/decoding.ts'

const read = (body: string, type = 'text/event-stream'): Decoded => decoded(body, detectFraming(type), decode)
/** Without the start. */
const eventsOf = (...chunks: Chunk[]): unknown[] => read(sse(...chunks)).events.slice(1)
const text = (words: string): object => ({ type: 'text', text: words })
const thought = (words: string, rest: object = {}): object => ({ type: 'reasoning', text: words, ...rest })
const finish = (reason = 'stop', rest: object = {}): object => ({ type: 'finish', reason, ...rest })
const failed = (code: string, message: string): object => ({ code, message })
const counts = (prompt: number, candidates: number): object => ({
  usageMetadata: { promptTokenCount: prompt, candidatesTokenCount: candidates },
})
const usage = (inputTokens: number, outputTokens: number): object => ({
  usage: { inputTokens, outputTokens, source: 'reported' },
})
const end: Chunk = { reason: 'STOP' }

const NO_REASON = failed('truncated', 'the answer broke off before its finishReason')
const CUT = failed('truncated', 'the answer broke off inside a message')
const NOT_OURS = failed('malformed', 'the answer has no message of this dialect')
const SECOND = failed('malformed', 'a second answer begins in the stream')

describe('a stream', () => {
  test('begins once, with its model and its id, is said as it arrives, and ends', () => {
    const more = { modelVersion: 'm', responseId: 'r' }
    expect(read(sse({ text: 'a', more }, { text: 'b', more }, { ...end, more }))).toStrictEqual({
      events: [{ type: 'start', model: 'm', id: 'r' }, text('a'), text('b'), finish()],
    })
  })

  test('may have neither a model nor an id', () => {
    for (const nothing of [null, '', 7]) {
      const more = { modelVersion: nothing, responseId: nothing }
      const { events } = read(sse({ parts: [call('')], more }, { ...end, more }))
      expect(events[0]).toStrictEqual({ type: 'start' })
      expect(events[1]).toEqual({ type: 'tool-call', id: 'call_0', name: 'f' })
    }
  })

  test('whose chunks differ in their text alone is not parsed, and is read as if it were', () => {
    const words = Array.from({ length: 100 }, (_, at) => `${at} `)
    const thinking = words.map((word): Chunk => ({ parts: [{ text: word, thought: true }] }))
    const body = sse(...thinking, ...words.map((word): Chunk => ({ text: word })), end)
    const spy = vi.spyOn(JSON, 'parse')
    const { events } = read(body)
    const parsed = spy.mock.calls.length
    spy.mockRestore()
    expect(events.slice(1)).toEqual([...words.map((word) => thought(word)), ...words.map(text), finish()])
    expect(parsed).toBeLessThan(20)
  })

  test('says nothing for an empty text, also where it is not parsed', () => {
    const chunks = ['a', 'b', '', 'c'].map((word): Chunk => ({ text: word }))
    expect(eventsOf(...chunks, end)).toEqual([text('a'), text('b'), text('c'), finish()])
  })

  test('has the usage of its last chunk, also where that is not parsed', () => {
    const counted = [1, 2, 3].map((count): Chunk => ({ text: 'a', more: counts(9, count) }))
    expect(eventsOf({ text: 'a', reason: 'STOP' }, ...counted).at(-1)).toEqual(finish('stop', usage(9, 3)))
    expect(eventsOf(...counted, end).at(-1)).toEqual(finish('stop', usage(9, 3)))
    expect(eventsOf(...counted, { ...end, more: counts(9, 7) }).at(-1)).toEqual(finish('stop', usage(9, 7)))
    expect(eventsOf({ text: 'a' }, end).at(-1)).toStrictEqual(finish())
  })

  test('may have its usage in a chunk without a candidate', () => {
    const { events } = read(`data: ${JSON.stringify(counts(1, 2))}\n\n${sse({ text: 'a' }, end)}`)
    expect(events).toEqual([{ type: 'start' }, text('a'), finish('stop', usage(1, 2))])
  })

  test('may end once it has a reason, and not before', () => {
    const decoder = decode(() => undefined)
    const sink = detectFraming('text/event-stream')(decoder)
    const mayEnd = [chunk({ text: 'a' }), chunk(end), chunk({ text: 'b' })].map((piece) => {
      sink.push(Buffer.from(piece))
      return decoder.mayEnd
    })
    expect(mayEnd).toEqual([false, true, true])
  })

  test('may have frames that say nothing', () => {
    const others = ['{"foo":1}', '[]', '[7]', ':', '[DONE]', ' [DONE] ', '{"candidates":7}', '{"candidates":[]}']
    const body = sse({ text: 'a' }) + others.map((json) => `data: ${json}\n\n`).join('') + sse(end)
    expect(read(body).events.slice(1)).toEqual([text('a'), finish()])
  })

  test('counts the frames that it could not read', () => {
    expect(read(`${sse({ text: 'a' })}data: x\n\ndata: y\n\n${sse(end)}`).events.at(-1)).toEqual(
      finish('stop', { skipped: 2 }),
    )
  })
})

test.each(['application/json', 'text/event-stream'])('a list of chunks is read chunk by chunk: %s', (type) => {
  const chunks = [{ text: 'a' }, { text: 'b' }, end].map(
    (one) => JSON.parse(chunk(one).slice('data: '.length)) as object,
  )
  expect(read(JSON.stringify(chunks), type).events.slice(1)).toEqual([text('a'), text('b'), finish()])
  expect(read(answer([{ text: 'a' }]), type).events.slice(1)).toEqual([text('a'), finish()])
})

describe('a part', () => {
  const said = (...parts: (object | null | string)[]): unknown[] =>
    eventsOf({ parts: parts as object[], ...end }).slice(0, -1)

  test('is a text, with its signature', () => {
    expect(said({ text: 'a' }, { text: 'b', thoughtSignature: 's' }, { thoughtSignature: 't' })).toStrictEqual([
      text('a'),
      { type: 'text', text: 'b', signature: 's' },
      { type: 'text', text: '', signature: 't' },
    ])
  })

  test('is a thought, with its signature', () => {
    expect(
      said(
        { text: 'a', thought: true },
        { text: 'b', thought: true, thoughtSignature: 's' },
        { thought: true, thoughtSignature: 't' },
      ),
    ).toStrictEqual([thought('a'), thought('b', { signature: 's' }), thought('', { signature: 't' })])
    expect(said({ text: 'a', thought: 'yes' })).toEqual([text('a')])
  })

  test('says nothing where its text and its signature are none', () => {
    for (const nothing of ['', null, 7]) {
      for (const isThought of [true, false]) {
        expect(said({ text: nothing, thoughtSignature: nothing, thought: isThought })).toEqual([])
      }
      expect(said({ text: 'a', thoughtSignature: nothing })).toEqual([text('a')])
    }
    expect(said(null, 'a', {}, { functionCall: 'f' })).toEqual([])
  })

  test('is a call, with its signature', () => {
    expect(
      said({ ...call('1'), thoughtSignature: 's', text: 'a' }, call('2', 'g', {}), {
        ...call('3'),
        thoughtSignature: 't',
      }),
    ).toEqual([
      { type: 'tool-call', id: '1', name: 'f', signature: 's' },
      { type: 'tool-input', id: '1', text: '{"x":1}' },
      { type: 'tool-call', id: '2', name: 'g' },
      { type: 'tool-call', id: '3', name: 'f', signature: 't' },
      { type: 'tool-input', id: '3', text: '{"x":1}' },
    ])
  })

  test('is a call with an id of its own', () => {
    const ids = said(call(undefined), call(''), call('1'), call('1')).flatMap((event) =>
      (event as { type: string }).type === 'tool-call' ? [(event as { id: string }).id] : [],
    )
    expect(ids).toEqual(['R1_0', 'R1_1', '1', '1_3'])
  })

  test('that is a call without a name is malformed', () => {
    for (const name of ['', null, 7]) {
      const failure = failed('malformed', 'a function call has no name')
      expect(read(sse({ parts: [call('1', name)] }, end)).failure).toEqual(failure)
    }
  })

  test('is in a list: other content is none', () => {
    for (const content of [undefined, null, 'a', {}, { parts: null }, { parts: 'a' }, { parts: {} }]) {
      expect(eventsOf({ candidate: { content } }, { text: 'b' }, end)).toEqual([text('b'), finish()])
    }
  })
})

describe('the end', () => {
  test('has the reason that says most', () => {
    expect(eventsOf({ text: 'a', reason: 'MAX_TOKENS' }, end).at(-1)).toEqual(finish('length'))
    expect(eventsOf({ text: 'a', ...end }, { reason: 'SAFETY' }).at(-1)).toEqual(finish('content-filter'))
  })

  test('is that of calls where there are some, unless it came early', () => {
    const parts = [call('1')]
    expect(eventsOf({ parts }, end).at(-1)).toEqual(finish('tool-calls'))
    expect(eventsOf({ parts }, { reason: 'MAX_TOKENS' }).at(-1)).toEqual(finish('length'))
    expect(eventsOf({ parts }, { reason: 'SAFETY' }).at(-1)).toEqual(finish('content-filter'))
  })

  test('without a reason is truncated, and of nothing malformed', () => {
    expect(read(sse({ text: 'a' })).failure).toEqual(NO_REASON)
    for (const body of ['', 'data: {}\n\n', 'data: {"candidates":null}\n\n', 'data: [DONE]\n\n']) {
      expect(read(body).failure).toEqual(NOT_OURS)
    }
  })

  test('inside a frame is truncated, also after a reason, unless more follows', () => {
    const whole = sse({ text: 'a' }, { text: 'b' }, end)
    const broken = `${whole}data: {"candidates`
    expect(read(broken).failure).toEqual(CUT)
    expect(read(`${broken}\n\n${sse({ text: 'c' })}`).failure).toBeUndefined()
    expect(read(`${broken}\n\ndata: {}\n\n`).failure).toBeUndefined()
    expect(read(whole).failure).toBeUndefined()
  })

  test('of a failed answer says why', () => {
    const reason = { reason: 'MALFORMED_FUNCTION_CALL', candidate: { finishMessage: 'why' } }
    expect(read(sse({ text: 'a' }, reason)).failure?.message).toMatch(/MALFORMED_FUNCTION_CALL.*why/)
  })
})

describe('a second answer', () => {
  const withId = (id: unknown): Chunk => ({ text: 'a', more: { responseId: id } })
  const failureOf = (...ids: unknown[]): unknown =>
    read(sse(...ids.map(withId), { ...end, more: { responseId: ids.at(-1) } })).failure

  test('is known by another id, after one that has come twice', () => {
    expect(failureOf('1', '1', '2')).toEqual(SECOND)
    expect(failureOf('1', '1', '1', '1', '2')).toEqual(SECOND)
    expect(failureOf('1', '2', '2', '1')).toEqual(SECOND)
  })

  test('is not where each chunk has an id of its own, or none', () => {
    expect(failureOf('1', '2', '3', '4')).toBeUndefined()
    expect(failureOf('1', '2', '1', '2')).toBeUndefined()
    for (const nothing of [undefined, null, '', 7]) expect(failureOf('1', '1', nothing, '1', nothing)).toBeUndefined()
    expect(failureOf(7, 7, 8)).toBeUndefined()
  })
})

describe('a refused prompt', () => {
  const refusedWith = (promptFeedback: unknown): unknown =>
    read(sse({ more: { promptFeedback } }, { text: 'a' }, end)).failure

  test('is content-filter, with the reason', () => {
    const failure = failed('content-filter', 'the endpoint refuses the prompt: SAFETY')
    expect(refusedWith({ blockReason: 'SAFETY' })).toEqual(failure)
    expect(read('{"promptFeedback":{"blockReason":"SAFETY"}}', 'application/json').failure).toEqual(failure)
    expect(refusedWith({ blockReason: 'X_BLOCK_REASON_UNSPECIFIED' })).toBeDefined()
    expect(refusedWith({ blockReason: 'BLOCK_REASON_UNSPECIFIED_X' })).toBeDefined()
  })

  test('says so in the words of the endpoint, where it has some', () => {
    for (const [words, said] of [
      ['no such things', 'no such things'],
      [null, 'OTHER'],
      [7, 'OTHER'],
    ]) {
      expect(refusedWith({ blockReason: 'OTHER', blockReasonMessage: words })).toEqual(
        failed('content-filter', `the endpoint refuses the prompt: ${said}`),
      )
    }
  })

  test.each(['', 'BLOCK_REASON_UNSPECIFIED', 'block_reason_unspecified', null, 7])(
    'is not with the reason %j',
    (blockReason) => {
      expect(refusedWith({ blockReason })).toBeUndefined()
    },
  )

  test('is not without feedback', () => {
    for (const nothing of [undefined, null, 'SAFETY', []]) expect(refusedWith(nothing)).toBeUndefined()
  })
})

describe('a failure', () => {
  const error = { code: 429, message: 'slow down', status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '2s' }] }
  const json = JSON.stringify({ error })
  const slowDown = failed('rate-limited', 'the endpoint reports: slow down')

  test('is read wherever it is', () => {
    expect(read(json, 'application/json').failure).toEqual(slowDown)
    expect(read(`[${json}]`, 'application/json').failure).toEqual(slowDown)
    expect(read(`${sse({ text: 'a' }, { text: 'b' })}data: ${json}\n\n`).failure).toEqual(slowDown)
    expect(read(`${sse({ text: 'a' })}data: [{},${json}]\n\n`).failure).toEqual(slowDown)
    expect(read(`${sse({ text: 'a' })}event: error\ndata: ${json}\n\n`).failure).toEqual(slowDown)
  })

  test('in an event named error may be in words', () => {
    expect(read(`${sse({ text: 'a' })}event: error\ndata: no luck\n\n`).failure?.message).toBe(
      'the endpoint reports: no luck',
    )
  })

  test('says for how long to wait', () => {
    const sink = detectFraming('application/json')(decode(() => undefined))
    sink.push(Buffer.from(json))
    expect(() => {
      sink.end()
    }).toThrow(expect.objectContaining({ code: 'rate-limited', retryAfterMs: 2_000 }))
  })
})
