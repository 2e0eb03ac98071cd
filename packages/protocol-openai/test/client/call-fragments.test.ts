import { describe, expect, test } from 'vitest'
import { type CallFragment, fragmentsOf } from '../../src/client/call-fragments.ts'

const LAST = '7'
/** What a fragment brings, without whether it has the form that OpenAI sends. */
type Brought = Omit<CallFragment, 'isPlain'>

const fragment = (rest: Partial<Brought> = {}): Brought => ({
  name: undefined,
  id: undefined,
  index: LAST,
  json: '',
  isText: false,
  ...rest,
})
const brought = (message: Record<string, unknown>): Brought[] =>
  fragmentsOf(message, LAST).map(({ isPlain: _isPlain, ...rest }) => rest)
const only = (call: unknown): Brought[] => brought({ tool_calls: [call] })

describe('the fragments of a message', () => {
  test.each<[string, Record<string, unknown>, Brought[]]>([
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
      [fragment({ index: '3', id: 'a', name: 'f', json: '{"x"' }), fragment({ index: '4', id: 'b', name: 'g' })],
    ],
    [
      'are counted where several have no index, with those that are not objects',
      { tool_calls: [{ id: 'a' }, null, { id: 'b', index: null }] },
      [fragment({ id: 'a', index: '0' }), fragment({ id: 'b', index: '2' })],
    ],
    ['are none for a call that says nothing', { tool_calls: [{ index: 0, id: '' }] }, []],
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
    expect(brought(message)).toEqual(fragments)
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

test('a fragment may say that it has another form than OpenAI sends', () => {
  const isPlain = (message: Record<string, unknown>): boolean[] =>
    fragmentsOf(message, LAST).map((each) => each.isPlain)
  const plain = { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }
  expect(isPlain({ tool_calls: [plain] })).toEqual([true])
  expect(isPlain({ tool_calls: [{ ...plain, index: undefined }] })).toEqual([false])
})
