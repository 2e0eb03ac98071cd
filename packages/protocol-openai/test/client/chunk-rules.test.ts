import { expect, test, vi } from 'vitest'
import { chunk, contentOf, cutOff, done, finish, message, read, say, start, stream, text } from '../support/decoding.ts'

test('chunks that differ in their text alone are not parsed, and are read as if they were', () => {
  const spy = vi.spyOn(JSON, 'parse')
  const { events, failure } = read(stream(...Array.from({ length: 100 }, (_, at) => say(`${at} `)), done()))
  const parsed = spy.mock.calls.length
  spy.mockRestore()
  expect(failure).toBeUndefined()
  expect(events).toEqual([start, ...Array.from({ length: 100 }, (_, at) => text(`${at} `)), finish()])
  expect(parsed).toBeLessThan(10)
})

test.each([
  [1, 1, 2],
  [1, 2, 1, 2],
  [1, 2, 3, 1],
])('the usage of the last chunk counts, also where chunks before it were like it: %j', (...counts) => {
  const counted = counts.map((count) => ({ ...say('a'), usage: { prompt_tokens: 1, completion_tokens: count } }))
  expect(read(stream(...counted, done())).events.at(-1)).toMatchObject({ usage: { outputTokens: counts.at(-1) } })
})

test('the id and the role of chunks that are not parsed are known: another id with a role is a second answer', () => {
  const part = (id: string, content: string): object => ({ ...chunk({ role: 'assistant', content }), id })
  const first = [part('c1', 'a'), part('c1', 'b')]
  const { events, failure } = read(stream(...first, part('c2', 'c')))
  expect(contentOf({ events })).toEqual([text('a'), text('b')])
  expect(failure).toEqual({ code: 'malformed', message: 'a second answer begins in the stream' })
})

test.each([null, undefined, ''])(
  'a message beside a delta is the whole only with a finish reason: %j',
  (finish_reason) => {
    const both = (delta: string, whole: string, rest: object = {}): object =>
      chunk({ content: delta }, { message: { role: 'assistant', content: whole }, finish_reason, ...rest })
    const end = { finish_reason: 'stop' }
    expect(read(cutOff(both('a', 'a'), both('b', 'ab'))).failure).toMatchObject({ code: 'truncated' })
    expect(contentOf(read(stream(both('a', 'a'), both('b', 'ab'), both('', 'ab', end))))).toEqual([
      text('a'),
      text('b'),
    ])
    expect(contentOf(read(stream(both('a', 'a'), both('b', 'ab'), both('c', 'abc', end))))).toEqual(
      ['a', 'b', 'c'].map(text),
    )
  },
)

test('a message that is the same as its delta is a piece, also in the last chunk', () => {
  const same = (content: string, finish_reason: string | null): object =>
    chunk({ content }, { message: { role: 'assistant', content }, finish_reason })
  const { events, failure } = read(stream(same('a', null), same('b', 'stop')))
  expect(failure).toBeUndefined()
  expect(contentOf({ events })).toEqual([text('a'), text('b')])
})

test('an id or a model that is empty is none', () => {
  expect(read(stream({ ...say('a'), id: '', model: '' }, done())).events[0]).toEqual({ type: 'start' })
  expect(read(message({ content: 'a' }).replaceAll('"c1"', '""').replaceAll('"gpt-4"', '""')).events[0]).toEqual({
    type: 'start',
  })
})

test.each([
  ['stop', 'other', 'other'],
  ['other', 'stop', 'other'],
  ['length', 'stop', 'length'],
  ['stop', 'length', 'length'],
  ['length', 'content_filter', 'content-filter'],
  ['content_filter', 'length', 'content-filter'],
  ['tool_calls', 'length', 'length'],
  ['length', 'tool_calls', 'length'],
] as const)('of two reasons in a row, the one that says more holds: %s, %s', (first, second, reason) => {
  const { events } = read(stream(say('a'), done(first), done(second)))
  expect(events.at(-1)).toEqual(finish(reason))
})

test.each([
  ['tool_calls', 'stop'],
  ['stop', 'tool_calls'],
  ['tool_calls', 'other'],
  ['other', 'tool_calls'],
])('reasons in a row that promise a call promise it in any order: %s, %s', (first, second) => {
  const failure = { code: 'malformed', message: 'the answer says that it calls a tool, and has no call' }
  expect(read(stream(chunk({ role: 'assistant' }), done(first), done(second))).failure).toEqual(failure)
})

test('an item that is neither a chunk nor an error is passed over', () => {
  expect(read(cutOff(say('a'), '[1]', '[]', done()))).toEqual({ events: [start, text('a'), finish()] })
})
