import type { Message } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { bodyOf } from '../support/requests.ts'

const calling = (...ids: string[]): Message => ({
  role: 'assistant',
  content: ids.map((id) => ({ type: 'tool-call', id, name: 'f', input: '' })),
})
const result = (toolCallId: string): Message => ({ role: 'tool', toolCallId, content: 'ok' })

/** The ids of the calls, and those of the results. */
function idsOf(...messages: Message[]): [calls: unknown[], results: unknown[]] {
  const turns = bodyOf({ messages }).messages as { content: string | Record<string, unknown>[] }[]
  const blocks = turns.flatMap(({ content }) => (typeof content === 'string' ? [] : content))
  const ids = (kind: string, field: string) => blocks.filter(({ type }) => type === kind).map((block) => block[field])
  return [ids('tool_use', 'id'), ids('tool_result', 'tool_use_id')]
}

describe('each call has an id of its own, and its result has the same', () => {
  test('when turns use one id', () => {
    const ids = ['call_0', 'call_0_0', 'call_0_1']
    const turns = [calling('call_0'), result('call_0')]
    expect(idsOf(...turns, ...turns, ...turns)).toEqual([ids, ids])
  })

  test('when one turn uses an id twice', () => {
    expect(idsOf(calling('a', 'b', 'a'), result('a'), result('b'), result('a'))).toEqual([
      ['a', 'b', 'a_0'],
      ['a', 'b', 'a_0'],
    ])
  })

  test('when ids differ in characters that the API refuses', () => {
    expect(idsOf(calling('a.b', 'a:b', ''), result('a:b'), result(''), result('a.b'))).toEqual([
      ['a_b', 'a_b_0', 'call'],
      ['a_b_0', 'call', 'a_b'],
    ])
  })

  test('when a call of an earlier turn got no result', () => {
    expect(idsOf(calling('a'), calling('a'), result('a'))).toEqual([['a', 'a_0'], ['a_0']])
  })
})

test('a result of no call keeps its id, and a second result that of the call', () => {
  expect(idsOf(calling('a'), result('a'), result('a'), result('b.c'))).toEqual([['a'], ['a', 'a', 'b_c']])
})

test('without tools the choice is left out, unless extra has tools', () => {
  const request = { model: 'm', messages: [{ role: 'user', content: 'hi' }], toolChoice: 'auto' } as const
  expect(bodyOf(request)).not.toHaveProperty('tool_choice')
  const tools = [{ type: 'web_search_20260101', name: 'web_search' }]
  expect(bodyOf({ ...request, extra: { 'anthropic-messages': { tools } } })).toMatchObject({
    tools,
    tool_choice: { type: 'auto' },
  })
})
