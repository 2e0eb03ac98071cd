import type { CacheMark, Message, Tool } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { openedAs } from '../support/requests.ts'

const user = (content: string, cache?: CacheMark): Message => ({ role: 'user', content, cache })
const system = (content: string, cache?: CacheMark): Message => ({ role: 'system', content, cache })
const tool = (name: string, cache?: CacheMark): Tool => ({ name, cache })

/** The names and texts of what is marked, with the time to live. */
function marksOf(messages: Message[], tools: Tool[] = []): [marks: unknown[], dropped: readonly string[]] {
  const { body, dropped } = openedAs({ messages, tools })
  const marks: unknown[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { cache_control: control, ...fields } = value as Record<string, unknown>
    for (const each of Object.values(fields)) visit(each)
    const { type, ttl } = (control ?? {}) as Record<string, unknown>
    if (type === 'ephemeral') marks.push([fields.name ?? fields.text ?? fields.type, ttl ?? true])
  }
  for (const part of [body.tools, body.system, body.messages]) visit(part)
  return [marks, dropped]
}

describe('a mark for the cache is sent', () => {
  test('on tools, system messages, messages, parts and results, with its time to live', () => {
    const messages: Message[] = [
      system('s', '1h'),
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a', cache: '5m' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool-call', id: 't', name: 'f', input: '{}' }] },
      { role: 'tool', toolCallId: 't', content: 'ok', cache: true },
    ]
    expect(marksOf(messages, [tool('f', '1h')])).toEqual([
      [
        ['f', '1h'],
        ['s', '1h'],
        ['a', '5m'],
        ['tool_result', true],
      ],
      [],
    ])
  })

  test('inside a result, before the mark on it', () => {
    const messages: Message[] = [
      { role: 'assistant', content: [{ type: 'tool-call', id: 't', name: 'f', input: '{}' }] },
      { role: 'tool', toolCallId: 't', content: [{ type: 'text', text: 'a', cache: true }], cache: '5m' },
    ]
    expect(marksOf(messages)[0]).toEqual([
      ['a', true],
      ['tool_result', '5m'],
    ])
  })
})

describe('of more than four marks are kept', () => {
  test('the last on the tools, the last on the system prompt, and the last ones of all', () => {
    const [marks, dropped] = marksOf(
      [system('s1', true), system('s2', true), user('a', true), user('b', true), user('c', true)],
      [tool('f', true), tool('g', true)],
    )
    expect(marks.map((mark) => (mark as unknown[])[0])).toEqual(['g', 's2', 'b', 'c'])
    expect(dropped).toEqual(['cache'])
  })

  test('more of those on tools where nothing else is marked', () => {
    const tools = ['a', 'b', 'c', 'd', 'e'].map((name) => tool(name, true))
    expect(marksOf([user('x')], tools)[0]).toEqual(['b', 'c', 'd', 'e'].map((name) => [name, true]))
  })
})

test('a mark for an hour after one for five minutes, which the API refuses, is one for five minutes', () => {
  expect(marksOf([system('s', true), user('a', '1h')], [tool('f', '1h')])).toEqual([
    [
      ['f', '1h'],
      ['s', true],
      ['a', '5m'],
    ],
    ["cache: '1h' sent as '5m'"],
  ])
})

test.each<Message>([
  user(' ', true),
  system('', '1h'),
  { role: 'user', content: [{ type: 'text', text: '\n', cache: true }] },
  { role: 'assistant', content: [{ type: 'text', text: '', cache: '5m' }] },
])('the mark of a blank text is named, because nothing of it is sent: %j', (blank) => {
  expect(marksOf([blank, user('a')])).toEqual([[], ['cache']])
})
