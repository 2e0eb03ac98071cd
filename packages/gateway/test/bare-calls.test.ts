import type { ChatEvent } from '@rivulet/core'
import { expect, test } from 'vitest'
import { BareCalls } from '../src/answer/bare-calls.ts'
import { finish, start, text } from './support/providers.ts'

const call = (id: string, format?: 'text'): ChatEvent => ({
  type: 'tool-call',
  id,
  name: 'f',
  ...(format && { format }),
})
const input = (id: string, words: string): ChatEvent => ({ type: 'tool-input', id, text: words })
const frame: ChatEvent = { type: 'raw', dialect: 'openai-chat', label: 'as-is', data: '{}' }

test('a call without arguments gets the empty ones, before the end of the answer', () => {
  const calls = new BareCalls()
  const begun = [start(), call('one'), call('other'), input('other', '{"x":1}')]
  expect(calls.fill(begun)).toBe(begun)
  expect(calls.fill([text('more'), finish])).toEqual([text('more'), input('one', '{}'), finish])
})

test.each<[string, readonly ChatEvent[]]>([
  ['that has arguments', [call('one'), input('one', '{'), input('one', '}')]],
  ['of a tool of text, whose input may be empty', [call('one', 'text')]],
  ['whose frames are passed on as they are', [frame, call('one')]],
  ['of an answer that began anew', [call('one'), { type: 'restart', from: 'a', reason: 'truncated', message: '' }]],
])('a call %s stays as it is', (_which, events) => {
  const calls = new BareCalls()
  calls.fill(events)
  const end = [finish]
  expect(calls.fill(end)).toBe(end)
})
