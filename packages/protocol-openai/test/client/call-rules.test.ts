import type { DecodedEvent } from '@rivulet/core/provider'
import { expect, test } from 'vitest'
import { ToolCalls } from '../../src/client/tool-calls.ts'
import { callsFrom, named, piece } from '../support/calls.ts'

test('a first call without an index has the index 0', () => {
  expect(callsFrom(named('f', '{"a"'), piece(':1}', { index: 0 }))).toEqual([['f', { a: 1 }]])
})

test('a name and an id that come once more begin no call without arguments', () => {
  const again = { index: 0, id: '1' }
  expect(callsFrom(named('f', '{}', again), named('f', undefined, again), again)).toEqual([['f', {}]])
  expect(callsFrom(named('f', '{}', again), named('f', undefined, again), again, piece('{"b":2}', again))).toEqual([
    ['f', {}],
    ['f', { b: 2 }],
  ])
})

test('the first fragment says whether the input is text, whatever field the others have', () => {
  const emitted: DecodedEvent[] = []
  const calls = new ToolCalls((event) => emitted.push(event))
  calls.add({ tool_calls: [{ index: 0, id: 'a', custom: { name: 'f', input: 'not ' } }] })
  calls.add({ tool_calls: [{ index: 0, function: { arguments: 'JSON' } }] })
  calls.add({ tool_calls: [{ index: 0, id: 'a' }] })
  calls.end()
  expect(emitted).toEqual([
    { type: 'tool-call', id: 'a', name: 'f', format: 'text' },
    { type: 'tool-input', id: 'a', text: 'not ' },
    { type: 'tool-input', id: 'a', text: 'JSON' },
  ])
})
