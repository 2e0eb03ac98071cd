import type { Decoded } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { responses } from '../../../src/index.ts'
import { read as readAs } from '../../support/decoding.ts'
import { added, completed, created, delta, done, event, finish, hello, message, start } from './events.ts'

const dialect = responses()
const read = (body: string | readonly Uint8Array[]): Decoded =>
  readAs(body, undefined, (emit) => dialect.open(hello).decode(emit))

/** The whole text of an answer, or the code of its error. */
function textOf(body: string): string {
  const { events, failure } = read(created + body)
  return failure?.code ?? events.map((each) => (each.type === 'text' ? each.text : '')).join('')
}

/** The thoughts of an answer, or the code of its error. */
function thoughtsOf(body: string): string {
  const { events, failure } = read(created + body)
  return failure?.code ?? events.map((each) => (each.type === 'reasoning' ? each.text : '')).join('')
}

const textDone = (text: string, index = 0): string =>
  event('response.output_text.done', { output_index: index, content_index: 0, text })
const partDone = (text: string): string =>
  event('response.content_part.done', { output_index: 0, content_index: 0, part: { type: 'output_text', text } })

describe('a text', () => {
  test.each([
    ['the end of the part', textDone('hello') + completed()],
    ['the end of the content part', partDone('hello') + completed()],
    ['the end of the item', done(message('hello')) + completed()],
    ['the final response', completed([message('hello')])],
  ])('that the pieces did not say is said once, by %s', (_place, end) => {
    const repeated = textDone('hello') + partDone('hello') + done(message('hello')) + completed([message('hello')])
    for (const pieces of ['', delta('hel'), delta('hel') + delta('lo')]) {
      expect(textOf(pieces + end)).toBe('hello')
      expect(textOf(pieces + end.slice(0, -completed().length) + repeated)).toBe('hello')
    }
  })

  test.each([
    ['the end of the part', textDone('help')],
    ['the end of the content part', partDone('help')],
    ['the end of the item', done(message('help'))],
    ['the final response', completed([message('help')])],
  ])('whose pieces differ from %s is malformed', (_place, end) => {
    expect(textOf(delta('hello') + end + completed())).toBe('malformed')
    expect(textOf(delta('helper') + end + completed())).toBe('malformed')
    expect(textOf(delta('lp') + end + completed())).toBe('malformed')
  })

  test('whose repetitions differ from each other is malformed', () => {
    expect(textOf(textDone('one') + textDone('one two') + completed())).toBe('malformed')
    expect(textOf(textDone('one') + done(message('one two')) + completed())).toBe('malformed')
    expect(textOf(textDone('one') + done(message('one', 'two')) + completed())).toBe('onetwo')
    expect(textOf(done(message('one')) + completed([message('one two')]))).toBe('malformed')
    expect(textOf(done(message('one')) + done(message('one two')) + completed())).toBe('malformed')
    expect(textOf(textDone('one') + textDone('one') + completed([message('one')]))).toBe('one')
  })

  test('with a piece after its whole is malformed', () => {
    expect(textOf(textDone('one') + delta(' two') + completed())).toBe('malformed')
    expect(textOf(done(message('one')) + delta(' two') + completed())).toBe('malformed')
  })

  test.each(['', undefined, null, 7])('whose repetition says nothing is what the pieces said: %j', (none) => {
    const empty = event('response.output_text.done', { output_index: 0, content_index: 0, text: none })
    const item = { type: 'message', content: [{ type: 'output_text', text: none }] }
    const end = empty + done(item) + done({ type: 'message', content: [] }) + done({ type: 'message' })
    expect(textOf(delta('one') + end + completed([item]))).toBe('one')
  })

  test('is repeated without its parts by some servers', () => {
    expect(textOf(delta('he') + done({ type: 'message', content: 'hello' }) + completed())).toBe('hello')
  })

  test('of several items has their order, which may have other places in the final response', () => {
    const output = [message('one '), { type: 'web_search_call' }, message('two')]
    expect(textOf(delta('one ', 1) + delta('two', 2) + completed(output))).toBe('one two')
    expect(textOf(delta('one ', 1) + delta('tw', 2) + completed(output))).toBe('one two')
    expect(textOf(delta('one ', 1) + completed(output))).toBe('one two')
    expect(textOf(completed(output))).toBe('one two')
    expect(textOf(delta('two', 1) + completed(output))).toBe('malformed')
    expect(textOf(delta('one ') + delta('two', 1) + completed([message('one ')]))).toBe('malformed')
  })

  test('of an item that goes on after the next one has begun is malformed: the pieces would be mixed', () => {
    expect(textOf(delta('one ') + delta('three', 1) + delta('two ') + completed())).toBe('malformed')
    expect(textOf(delta('one ') + delta('three', 1) + textDone('one two ') + completed())).toBe('malformed')
  })

  test('belongs to its item although every item has the index 0', () => {
    const one = added(message()) + delta('one ') + done(message('one '))
    const two = added(message()) + delta('two') + done(message('two'))
    expect(textOf(one + two + completed([message('one '), message('two')]))).toBe('one two')
  })

  test('belongs to its item although events have no index and change its id', () => {
    const piece = (id: string, text: string): string =>
      event('response.output_text.delta', { item_id: id, delta: text })
    const begin = event('response.output_item.added', { item: { ...message(), id: 'a' } })
    const end = event('response.output_item.done', { item: { ...message('hello'), id: 'd' } })
    expect(textOf(piece('b', 'hel') + piece('c', 'lo') + end + completed([message('hello')]))).toBe('hello')
    expect(textOf(begin + piece('b', 'hel') + end + begin + piece('e', ' you') + completed())).toBe('hello you')
  })
})

describe('a refusal', () => {
  const piece = event('response.refusal.delta', { output_index: 0, content_index: 0, delta: 'I ' })
  const item = { type: 'message', content: [{ type: 'refusal', refusal: 'I cannot' }] }

  test.each([
    ['the end of the part', event('response.refusal.done', { output_index: 0, content_index: 0, refusal: 'I cannot' })],
    [
      'the end of the content part',
      event('response.content_part.done', { output_index: 0, content_index: 0, part: item.content[0] }),
    ],
    ['the end of the item', done(item)],
    ['the final response', completed([item])],
  ])('is said by %s', (_place, end) => {
    for (const pieces of ['', piece]) {
      expect(textOf(pieces + end + completed())).toBe('I cannot')
      expect(read(created + pieces + end + completed()).events.at(-1)).toEqual(finish('content-filter'))
    }
    expect(textOf(piece + piece + end + completed())).toBe('malformed')
  })
})

describe('thoughts', () => {
  const piece = (text: string, part: number): string =>
    event('response.reasoning_summary_text.delta', { output_index: 0, summary_index: part, delta: text })
  const partEnd = (text: string, part: number): string =>
    event('response.reasoning_summary_text.done', { output_index: 0, summary_index: part, text })
  const item = (...texts: string[]): object => ({
    type: 'reasoning',
    id: 'rs_1',
    summary: texts.map((text) => ({ type: 'summary_text', text })),
  })

  test.each([
    ['the ends of the parts', partEnd('one', 0) + partEnd('two', 1) + completed()],
    ['the end of the item', done(item('one', 'two')) + completed()],
    ['the final response', completed([item('one', 'two')])],
  ])('of two paragraphs are said by %s, each once', (_place, end) => {
    for (const pieces of ['', piece('on', 0), piece('one', 0)]) expect(thoughtsOf(pieces + end)).toBe('one\n\ntwo')
    expect(thoughtsOf(piece('one', 0) + piece('two', 1) + end)).toBe('one\n\ntwo')
    expect(thoughtsOf(piece('uno', 0) + end)).toBe('malformed')
  })

  test('are read from the end of a part of the summary', () => {
    const end = event('response.reasoning_summary_part.done', {
      output_index: 0,
      summary_index: 0,
      part: { type: 'summary_text', text: 'one' },
    })
    expect(thoughtsOf(piece('o', 0) + end + completed())).toBe('one')
  })

  test('of an open model are not said again by their summary', () => {
    const open = event('response.reasoning_text.delta', { output_index: 0, content_index: 0, delta: 'hm' })
    const both = { ...item('short'), content: [{ type: 'reasoning_text', text: 'hm, yes' }] }
    const ends = event('response.reasoning_text.done', { output_index: 0, content_index: 0, text: 'hm, yes' })
    expect(thoughtsOf(open + ends + completed())).toBe('hm, yes')
    expect(thoughtsOf(open + done(both) + completed([both]))).toBe('hm, yes')
    expect(thoughtsOf(open + completed([both]))).toBe('hm, yes')
    expect(thoughtsOf(piece('sh', 0) + done(both) + completed([both]))).toBe('short')
    expect(thoughtsOf(piece('short', 0) + open + done(both) + completed([both]))).toBe('shorthm, yes')
    expect(thoughtsOf(done(both) + completed([both]))).toBe('short')
  })

  test('of two items give each its seal, once', () => {
    const sealed = (number: number): object => ({
      ...item(`t${number}`),
      id: `rs_${number}`,
      encrypted_content: `s${number}`,
    })
    const seals = (body: string): unknown[] =>
      read(created + body).events.flatMap((each) =>
        each.type === 'reasoning' && each.sealed !== undefined ? each.sealed : [],
      )
    expect(seals(done(sealed(0)) + done(sealed(1), 1) + completed([sealed(0), sealed(1)]))).toEqual(['s0', 's1'])
    expect(seals(done(sealed(0)) + completed([sealed(0), sealed(1)]))).toEqual(['s0', 's1'])
    expect(read(created + completed([sealed(0), sealed(1)])).events.slice(1, -1)).toEqual([
      { type: 'reasoning', text: 't0', id: 'rs_0' },
      { type: 'reasoning', text: '', id: 'rs_0', sealed: 's0' },
      { type: 'reasoning', text: 't1', id: 'rs_1' },
      { type: 'reasoning', text: '', id: 'rs_1', sealed: 's1' },
    ])
  })
})

test('an event without a type has the one that its line names', () => {
  const body = (created + delta('one') + completed()).replaceAll(/"type":"response[^"]*",?/g, '')
  expect(read(body).events).toEqual([start, { type: 'text', text: 'one' }, finish()])
})
