import { describe, expect, test } from 'vitest'
import { type CallFragment, fragmentsOf } from '../../src/client/call-fragments.ts'

const LAST = '7'
type Said = Omit<CallFragment, 'isText' | 'isPlain'>
/** What fragments say, whatever their form. */
const saidIn = (message: Record<string, unknown>): Said[] =>
  fragmentsOf(message, LAST).map(({ isText: _isText, isPlain: _isPlain, ...said }) => said)
const fragment = (rest: Partial<Said> = {}): Said => ({
  name: undefined,
  id: undefined,
  index: LAST,
  json: '',
  ...rest,
})
const only = (call: unknown): Said[] => saidIn({ tool_calls: [call] })

describe('the fragments of a message', () => {
  test.each<[string, Record<string, unknown>, Said[]]>([
    ['are none without calls', { content: 'a' }, []],
    ['are none for null', { tool_calls: null, function_call: null }, []],
    ['are none for words', { tool_calls: 'ab', function_call: 'f' }, []],
    ['are none for calls that are not objects', { tool_calls: [null, 'f', ['f']] }, []],
    [
      'are those of tool_calls, each with its index, id, name and arguments',
      {
        tool_calls: [
          { index: 3, id: 'a', type: 'function', function: { name: 'f', arguments: '{"x"' } },
          { index: '4', id: 'b', function: { name: 'g', arguments: '' } },
        ],
      },
      [
        { index: '3', id: 'a', name: 'f', json: '{"x"' },
        { index: '4', id: 'b', name: 'g', json: '' },
      ],
    ],
    [
      'are counted where several have no index, with those that are not objects',
      { tool_calls: [{ id: 'a' }, null, { id: 'b', index: null }] },
      [fragment({ id: 'a', index: '0' }), fragment({ id: 'b', index: '2' })],
    ],
    ['are none for a call that says nothing', { tool_calls: [{ index: 0, id: '' }] }, []],
    ['are none for a function_call that says nothing', { function_call: { name: '', arguments: '' } }, []],
    ['continue the last call where one by itself has no index', { tool_calls: [{ id: 'a' }] }, [fragment({ id: 'a' })]],
    ['keep the index 0', { tool_calls: [{ index: 0, id: 'a' }] }, [fragment({ id: 'a', index: '0' })]],
    [
      'are that of function_call, which has an index of its own',
      { function_call: { name: 'f', arguments: '{}' } },
      [fragment({ name: 'f', json: '{}', index: 'function_call' })],
    ],
    [
      'are that of function_call beside an empty list',
      { tool_calls: [], function_call: { name: 'f' } },
      [fragment({ name: 'f', index: 'function_call' })],
    ],
    [
      'are not that of function_call beside other calls',
      { tool_calls: [{ id: 'a' }], function_call: { name: 'f' } },
      [fragment({ id: 'a' })],
    ],
  ])('%s', (_name, message, fragments) => {
    expect(saidIn(message)).toEqual(fragments)
  })
})

describe('a fragment', () => {
  test('may have its fields beside the id', () => {
    expect(only({ id: 'a', name: 'f', arguments: '{}' })).toEqual([fragment({ id: 'a', name: 'f', json: '{}' })])
    expect(only({ function: 'f', name: 'g' })).toEqual([fragment({ name: 'g' })])
  })

  test.each(['', ' ', '\n', null, 1, {}])('has neither a name nor an id in %j', (word) => {
    expect(only({ id: word, function: { name: word, arguments: '1' } })).toEqual([fragment({ json: '1' })])
  })

  test('keeps a name and an id as they came', () => {
    expect(only({ id: ' a ', function: { name: ' f ' } })).toEqual([fragment({ id: ' a ', name: ' f ' })])
  })

  test.each([
    ['{"x":', '{"x":'],
    ['', ''],
    [' ', ' '],
    [{ x: [1] }, '{"x":[1]}'],
    [{}, '{}'],
    [[1, 2], '[1,2]'],
    [null, ''],
    [undefined, ''],
    [1, ''],
    [true, ''],
  ])('has the arguments %j as the text %j', (input, json) => {
    expect(only({ id: 'a', function: { arguments: input } })).toEqual([fragment({ id: 'a', json })])
  })
})

describe('the form of a fragment', () => {
  const formOf = (call: unknown): unknown => fragmentsOf({ tool_calls: [call] }, LAST)[0]

  test.each([
    { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } },
    { index: 0, function: { arguments: '{' } },
    { index: 0, id: 'a', type: 'custom', custom: { name: 'f', input: '' } },
  ])('is plain as OpenAI sends it: %j', (call) => {
    expect(formOf(call)).toMatchObject({ isPlain: true })
  })

  test.each([
    { id: 'a', function: { name: 'f', arguments: '' } },
    { index: '0', id: 'a', function: { name: 'f', arguments: '' } },
    { index: 0, id: 'a', function: { name: 'f', arguments: {} } },
    { index: 0, id: 'a', name: 'f', arguments: '' },
  ])('is not plain otherwise: %j', (call) => {
    expect(formOf(call)).toMatchObject({ isPlain: false })
  })

  test('is text for a custom tool', () => {
    expect(formOf({ index: 0, id: 'a', type: 'custom', custom: { name: 'f', input: '*** Begin' } })).toMatchObject({
      name: 'f',
      json: '*** Begin',
      isText: true,
    })
    expect(formOf({ index: 0, id: 'a', function: { name: 'f' } })).toMatchObject({ isText: false })
  })
})
