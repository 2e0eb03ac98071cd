import { detectFraming } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/client/decode-answer.ts'
import { calling, named } from '../support/calls.ts'
import { chunk, contentOf, cutOff, done, finish, message, read, say, start, stream, text } from '../support/decoding.ts'

const of = (choice: object): object => ({ choices: [{ index: 0, ...choice }] })
const noAnswer = { code: 'malformed', message: 'the answer has no message of this dialect' }

describe('a silence may end an answer', () => {
  /** After each chunk, whether a silence would end the answer. */
  function mayEndAfter(...chunks: (object | string)[]): boolean[] {
    const decoder = decode(() => undefined)
    expect(decoder.mayEnd).toBe(false)
    const sink = detectFraming('text/event-stream')(decoder)
    return chunks.map((one) => {
      sink.push(Buffer.from(cutOff(one)))
      return decoder.mayEnd === true
    })
  }

  test.each<[string, (object | string)[], boolean[]]>([
    ['after the reason', [say('a'), done()], [false, true]],
    ['also where an empty chunk comes before it', [say('a'), chunk({}), done()], [false, false, true]],
    ['also after usage', [say('a'), done(), { choices: [], usage: {} }, done()], [false, true, true, true]],
    ['not after text that follows the reason', [say('a'), done(), say('b'), done()], [false, true, false, true]],
    [
      'not after a call that follows the reason',
      [say('a'), done('tool_calls'), calling(named('f', '{}'))],
      [false, true, false],
    ],
    [
      'not where every chunk has a reason',
      [chunk({ content: 'a' }, { finish_reason: 'stop' }), chunk({ content: 'b' }, { finish_reason: 'stop' }), done()],
      [false, false, false],
    ],
    [
      'not where every chunk with text has a reason',
      [chunk({ content: 'a' }, { finish_reason: 'stop' }), chunk({ role: 'assistant' }), done()],
      [false, false, false],
    ],
    ['not where nothing was said before', [chunk({ role: 'assistant', content: '' }), done()], [false, false]],
    ['not without a reason', [say('a'), say('b'), chunk({})], [false, false, false]],
  ])('%s', (_name, chunks, expected) => {
    expect(mayEndAfter(...chunks)).toEqual(expected)
  })
})

describe('after the reason, a chunk that cannot be read', () => {
  test('leaves the end open', () => {
    const cut = read(cutOff(say('a'), say('b'), done(), '{"half'))
    expect(contentOf(cut)).toEqual([text('a'), text('b')])
    expect(cut.failure).toEqual({ code: 'truncated', message: 'the answer broke off before [DONE]' })
  })

  test.each<[string, object]>([
    ['text like the text before', say('c')],
    ['the reason again', done()],
    ['a ping', {}],
  ])('is no sign of the end when this follows: %s', (_name, next) => {
    const { events, failure } = read(cutOff(say('a'), say('b'), done(), '{"half', next))
    expect(failure).toBeUndefined()
    expect(events.at(-1)).toEqual({ ...finish(), skipped: 1 })
  })
})

describe('an answer is', () => {
  test.each<[string, object]>([
    ['a reason alone', of({ finish_reason: 'stop' })],
    ['a delta without content', of({ delta: {} })],
    ['a message without content', of({ message: {} })],
    ['an empty text', of({ text: '' })],
  ])('%s, when its end mark comes', (_name, only) => {
    expect(read(stream(only)).events).toStrictEqual([{ type: 'start' }, { type: 'finish', reason: 'stop' }])
  })

  test.each<[string, object]>([
    ['a text that is a number', of({ text: 7 })],
    ['a message that is a text', of({ message: 'a' })],
    ['a reason that is none', of({ finish_reason: null })],
    ['a role beside the choice', of({ role: 'assistant' })],
  ])('not %s', (_name, only) => {
    expect(read(stream(only)).failure).toEqual(noAnswer)
  })

  test('begun without what is not a text', () => {
    expect(read(stream({ model: 7, id: 7, ...of({ delta: {} }) })).events[0]).toStrictEqual({ type: 'start' })
    expect(read(stream({ model: 'gpt-4', id: 'c1' }, done())).events[0]).toStrictEqual(start)
  })
})

describe('a message beside a delta', () => {
  const both = (delta: object, whole: unknown, rest: object = {}): object => of({ delta, message: whole, ...rest })

  test('is the whole when the delta has no fields', () => {
    const { events } = read(cutOff(both({}, { content: 'a' })))
    expect(events).toEqual([{ type: 'start' }, text('a'), finish()])
  })

  test('is the piece once more where the reason is still empty', () => {
    const piece = both({ content: 'a' }, { content: 'b' }, { finish_reason: '' })
    expect(contentOf(read(stream(piece, piece)))).toEqual([text('a'), text('a')])
    expect(read(cutOff(piece, piece)).failure).toMatchObject({ code: 'truncated' })
  })

  test('is nothing when it is not an object', () => {
    const piece = both({ content: 'a' }, 'b', { finish_reason: 'stop' })
    expect(contentOf(read(stream(piece)))).toEqual([text('a')])
  })
})

test('text beside a delta or a message says the same again', () => {
  expect(contentOf(read(stream(of({ delta: { content: 'a' }, text: 'a' }))))).toEqual([text('a')])
  expect(contentOf(read(stream(of({ message: { content: 'a' }, text: 'a' }))))).toEqual([text('a')])
  expect(contentOf(read(stream(of({ delta: {}, text: 'a' }))))).toEqual([])
})

test('empty pieces between others are no events', () => {
  const body = stream(say('a'), say('b'), say(''), say('c'), of({ text: '' }), done())
  expect(contentOf(read(body))).toEqual([text('a'), text('b'), text('c')])
})

describe('a call that', () => {
  test.each([
    ['length', 'length'],
    ['content_filter', 'content-filter'],
    ['stop', 'tool-calls'],
  ] as const)('is whole at the reason %s ends the answer with %s', (reason, expected) => {
    const call = calling(named('f', '{}', { id: 'a' }))
    expect(read(stream(call, done(reason))).events.at(-1)).toStrictEqual({ type: 'finish', reason: expected })
  })

  test.each(['length', 'content_filter'])('broke off at the reason %s is the end that it says', (reason) => {
    const { failure } = read(stream(calling(named('f', '{"x"', { id: 'a' })), done(reason)))
    expect(failure).toBeUndefined()
  })

  test.each([undefined, null, '', 7])('has no id gets one also in an answer with the id %j', (id) => {
    const body = { ...calling(named('f', '{}')), id }
    expect(contentOf(read(stream(body)))[0]).toMatchObject({ id: 'call_0' })
  })

  test('has no id gets one from the end of the answer’s id, without its punctuation', () => {
    const body = { ...calling(named('f', '{}')), id: 'chatcmpl-0123456789.abcdefghij_klmnopqrst' }
    expect(contentOf(read(stream(body)))[0]).toMatchObject({ id: 'call_789abcdefghij_klmnopqrst_0' })
  })
})

describe('beside the choices', () => {
  const usage = { prompt_tokens: 3, completion_tokens: 4 }
  const reported = { inputTokens: 3, outputTokens: 4, source: 'reported' }

  test.each<[string, object[]]>([
    ['in x_groq', [{ ...done(), x_groq: { usage } }]],
    ['in x_groq rather than in the choice', [{ ...chunk({}, { usage: { prompt_tokens: 9 } }), x_groq: { usage } }]],
    ['in the chunk rather than in x_groq', [{ ...done(), usage, x_groq: { usage: { prompt_tokens: 9 } } }]],
    [
      'after equal numbers',
      [
        { ...say('b'), usage: { prompt_tokens: 1, completion_tokens: 1 } },
        { ...done(), usage },
      ],
    ],
  ])('usage is read %s', (_name, chunks) => {
    expect(read(stream(say('a'), ...chunks)).events.at(-1)).toMatchObject({ usage: reported })
  })

  test('the last usage counts, though its numbers are equal', () => {
    const equal = { prompt_tokens: 5, completion_tokens: 5 }
    expect(read(stream(say('a'), { ...say('b'), usage }, { ...done(), usage: equal })).events.at(-1)).toMatchObject({
      usage: { inputTokens: 5, outputTokens: 5 },
    })
  })

  test.each<[string, object]>([
    ['in x_groq', { ...chunk({}), x_groq: { error: { message: 'no room' } } }],
    ['in the choice', chunk({}, { error: { message: 'no room' } })],
  ])('an error is read %s', (_name, failing) => {
    expect(read(stream(say('a'), failing, done())).failure?.message).toBe('the endpoint reports: no room')
  })
})

test('one body with a message ends with it, without a reason', () => {
  expect(read(message({ content: 'a' }, null), 'application/json').events.at(-1)).toStrictEqual({
    type: 'finish',
    reason: 'stop',
  })
})
