import { describe, expect, test } from 'vitest'
import type { Decoded } from '@rivulet/testkit'
import { responses } from '../../../src/index.ts'
import { read as readAs } from '../../support/decoding.ts'
import { added, call, completed, created, delta, done, event, hello, input, message, response } from './events.ts'

const dialect = responses()
const read = (body: string): Decoded => readAs(body, undefined, (emit) => dialect.open(hello).decode(emit))

/** The calls of an answer as name and arguments, or the code of its error. */
function callsOf(body: string): string | string[] {
  const { events, failure } = read(created + body)
  if (failure !== undefined) return failure.code
  return events.flatMap((each) => {
    if (each.type !== 'tool-call') return []
    const { id, name } = each
    return `${id} ${name}(${events.map((other) => (other.type === 'tool-input' && other.id === id ? other.text : '')).join('')})`
  })
}

describe('a call', () => {
  const json = '{"x":1}'
  const begin = added(call(''))
  const argumentsDone = (text: unknown, fields: object = {}): string =>
    event('response.function_call_arguments.done', { output_index: 0, arguments: text, ...fields })

  test.each([
    ['the end of the arguments', argumentsDone(json) + completed()],
    ['the end of the item', done(call(json)) + completed()],
    ['the final response', completed([call(json)])],
    ['all of them', argumentsDone(json) + done(call(json)) + completed([call(json)])],
  ])('has the arguments that %s repeats, once', (_place, end) => {
    for (const pieces of ['', input('{"x"'), input('{"x"') + input(':1}')]) {
      expect(callsOf(begin + pieces + end)).toEqual([`a f(${json})`])
    }
  })

  test.each([
    ['the end of the arguments', argumentsDone('{"x":2}')],
    ['the end of the item', done(call('{"x":2}'))],
    ['the final response', completed([call('{"x":2}')])],
  ])('whose pieces differ from %s is malformed', (_place, end) => {
    expect(callsOf(begin + input(json) + end + completed())).toBe('malformed')
    expect(callsOf(begin + argumentsDone(json) + end + completed())).toBe('malformed')
    expect(callsOf(begin + input('"x":2}') + end + completed())).toBe('malformed')
  })

  test('whose JSON is repeated with other spaces is the same', () => {
    expect(callsOf(begin + input('{ "x": 1 }') + done(call(json)) + completed([call(json)]))).toEqual([
      'a f({ "x": 1 })',
    ])
    expect(callsOf(begin + done(call(json)) + done(call('{"x":1} ')) + completed())).toEqual([`a f(${json})`])
  })

  test('with a piece after its whole is malformed', () => {
    expect(callsOf(begin + argumentsDone(json) + input(' ') + completed())).toBe('malformed')
  })

  test('without an item that began it is announced with its id', () => {
    expect(callsOf(input('{"x"') + argumentsDone(json, { name: 'f' }) + done(call(json)) + completed())).toEqual([
      `a f(${json})`,
    ])
    expect(callsOf(input(json) + completed([call(json)]))).toEqual([`a f(${json})`])
    expect(callsOf(argumentsDone(json, { name: 'f' }) + completed())).toEqual([`call_resp_1_0 f(${json})`])
  })

  test('whose name comes late or changes', () => {
    expect(callsOf(added(call('', { name: '' })) + input(json) + done(call(json)) + completed())).toEqual([
      `a f(${json})`,
    ])
    expect(callsOf(added(call('', { name: '' })) + input(json) + completed())).toBe('malformed')
    expect(callsOf(begin + done(call(json, { name: 'g' })) + completed())).toBe('malformed')
  })

  test('has the arguments that its beginning has, when nothing else has any', () => {
    expect(callsOf(added(call(json)) + completed())).toEqual([`a f(${json})`])
    expect(callsOf(added(call('{}')) + input(json) + completed())).toEqual([`a f(${json})`])
  })

  test('may have its arguments as an object, of any depth', () => {
    expect(callsOf(begin + done(call({ x: 1 })) + completed())).toEqual([`a f(${json})`])
    const deep = `{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    expect(callsOf(begin + done(call(null)).replace('"arguments":null', `"arguments":${deep}`) + completed())).toEqual([
      `a f(${deep})`,
    ])
  })

  test.each(['the path is x', '{"x":1}{"x":1}', '[1]', '"x"', '7'])(
    'whose arguments are no object is malformed: %s',
    (text) => {
      expect(callsOf(begin + input(text) + completed())).toBe('malformed')
      const cut = event('response.incomplete', response({ incomplete_details: { reason: 'max_output_tokens' } }))
      expect(callsOf(begin + input(text) + cut)).toBe('malformed')
    },
  )

  test.each(['', ' ', 'null', '{}'])('may have no arguments: %j', (text) => {
    expect(callsOf(begin + input(text) + completed())).toEqual([`a f(${text})`])
  })

  test('that the final response leaves out is malformed, unless it leaves out all', () => {
    const two = begin + input(json) + added(call('', { call_id: 'b', id: 'fc_2' }), 1) + input('{}', 1)
    expect(callsOf(two + completed([call(json)]))).toBe('malformed')
    expect(callsOf(two + completed([message('hi')]))).toEqual([`a f(${json})`, 'b f({})'])
    expect(callsOf(two + completed())).toEqual([`a f(${json})`, 'b f({})'])
  })

  test('is found in the final response by its id, its place or what it says', () => {
    const other = call('{"y":2}', { call_id: 'b', id: 'fc_2', name: 'g' })
    const two = added(call(''), 1) + input(json, 1) + added({ ...other, arguments: '' }, 2) + input('{"y"', 2)
    const both = [`a f(${json})`, 'b g({"y":2})']
    expect(callsOf(two + completed([call(json), other]))).toEqual(both)
    expect(callsOf(two + completed([other, call(json)]))).toEqual(both)
    expect(callsOf(two + completed([message(), { ...call(json), call_id: 'x' }, { ...other, call_id: 'y' }]))).toEqual(
      both,
    )
    expect(
      callsOf(
        two +
          completed([
            { ...call(json), call_id: '' },
            { ...other, call_id: '' },
          ]),
      ),
    ).toEqual(both)
    expect(callsOf(added(call('')) + input(json) + completed([call(json), other]))).toEqual(both)
  })

  test('keeps its id, unless another call has it or it has none', () => {
    const same = (index: number, id: string): string => done(call(`{"n":${index}}`, { call_id: id }), index)
    expect(callsOf(same(0, 'a') + same(1, 'a') + same(2, '') + completed())).toEqual([
      'a f({"n":0})',
      'a_1 f({"n":1})',
      'call_resp_1_2 f({"n":2})',
    ])
    const output = [call('{"n":0}'), call('{"n":1}')]
    expect(callsOf(same(0, 'a') + same(1, 'a') + completed(output))).toEqual(['a f({"n":0})', 'a_1 f({"n":1})'])
    expect(callsOf(completed(output))).toEqual(['a f({"n":0})', 'a_1 f({"n":1})'])
  })

  test('is its own although every item has the index 0', () => {
    const second = call('{}', { call_id: 'b' })
    const both = [`a f(${json})`, 'b f({})']
    expect(
      callsOf(
        delta('hi') +
          begin +
          input(json) +
          done(call(json)) +
          added(call('', { call_id: 'b' })) +
          input('{}') +
          done(second) +
          completed(),
      ),
    ).toEqual(both)
    expect(callsOf(done(call(json)) + done(second) + completed())).toEqual([both[0], 'b f()'])
  })

  test('is its own although events have no index', () => {
    const named = (type: string, fields: object): string => event(`response.${type}`, fields)
    const begun = named('output_item.added', { item: call('') })
    const second = named('output_item.added', { item: call('', { call_id: 'b', id: 'fc_2' }) })
    const piece = (id: string, text: string): string =>
      named('function_call_arguments.delta', { item_id: id, delta: text })
    expect(callsOf(begun + second + piece('fc_1', json) + piece('fc_2', '{}') + completed())).toEqual([
      `a f(${json})`,
      'b f({})',
    ])
    expect(callsOf(begun + piece('x', '{"x"') + piece('y', ':1}') + completed())).toEqual([`a f(${json})`])
  })

  test('among 20,000 of one id has an id of its own', () => {
    const output = Array.from({ length: 20_000 }, (_, number) => call(`{"n":${number}}`))
    const { events } = read(created + output.map((item, index) => done(item, index)).join('') + completed(output))
    expect(new Set(events.map((each) => (each.type === 'tool-call' ? each.id : ''))).size).toBe(20_001)
  })
})
