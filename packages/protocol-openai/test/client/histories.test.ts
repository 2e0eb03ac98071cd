import type { Message } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { encodeArguments } from '../../src/client/encode-arguments.ts'
import { encode as encodeResponses } from '../../src/responses/client/encode-request.ts'
import { encode } from '../../src/client/encode-request.ts'
import { sentMessages } from '../support/encoding.ts'

const user = (content: string): Message => ({ role: 'user', content })
const calling = (id: string, content = ''): Message => ({
  role: 'assistant',
  content: [
    { type: 'text', text: content },
    { type: 'tool-call', id, name: 'f', input: '{}' },
  ],
})
const result = (toolCallId: string): Message => ({ role: 'tool', toolCallId, content: 'ok' })
const rolesOf = (messages: readonly Record<string, unknown>[]): unknown[] => messages.map(({ role }) => role)

describe('a user after the result of a tool', () => {
  const messages = [user('a'), calling('1'), result('1'), { role: 'assistant', content: '' } as const, user('b')]
  const quirks = { emptyTurns: 'left-out', userAfterTool: 'answered' } as const

  test('follows an answer, where an endpoint requires one', () => {
    const sent = sentMessages(messages, quirks)
    expect(rolesOf(sent)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user'])
    expect(sent[3]).toEqual({ role: 'assistant', content: '…' })
    expect(rolesOf(sentMessages([user('a'), calling('1'), result('1'), result('1')], quirks))).toEqual([
      'user',
      'assistant',
      'tool',
      'tool',
    ])
  })

  test('is sent as it is to any other', () => {
    expect(rolesOf(sentMessages(messages, { emptyTurns: 'left-out' }))).toEqual(['user', 'assistant', 'tool', 'user'])
  })
})

test('of the marks for the cache, the last four are sent', () => {
  const messages = ['a', 'b', 'c', 'd', 'e', 'f'].map((content) => ({ role: 'user', content, cache: true }) as const)
  const { http, dropped } = encode({ model: 'm', messages: [...messages, user('g')] }, { cacheControl: true })
  const marked = (http.body as { messages: object[] }).messages.map((message) =>
    JSON.stringify(message).includes('cache_control'),
  )
  expect(marked).toEqual([false, false, true, true, true, true, false])
  expect(dropped).toEqual(['cache'])
})

test('a turn that calls tools has no blank content', () => {
  expect(sentMessages([calling('1', ' \n')], {})[0]).toMatchObject({ content: null })
  expect(sentMessages([calling('1', ' x')], {})[0]).toMatchObject({ content: ' x' })
  expect(encodeResponses({ model: 'm', messages: [calling('1', ' \n')] }).http.body).toMatchObject({
    input: [{ type: 'function_call' }],
  })
})

describe('an id that is too long for the endpoint', () => {
  const long = 'x'.repeat(41)

  test('is cut, and its result has the same', () => {
    const [turn, answer] = sentMessages([calling(long), result(long)], { maxToolIdLength: 40 })
    const id = answer?.tool_call_id
    expect(id).toMatch(/^x{30}_[0-9a-z]{9}$/)
    expect(turn).toMatchObject({ tool_calls: [{ id }] })
    const other = sentMessages([result(`${long}y`)], { maxToolIdLength: 40 })[0]?.tool_call_id
    expect(other).not.toBe(id)
  })

  test('is kept where it is not, and where nothing is known', () => {
    expect(sentMessages([result('x'.repeat(40))], { maxToolIdLength: 40 })[0]?.tool_call_id).toBe('x'.repeat(40))
    expect(sentMessages([result(long)], {})[0]?.tool_call_id).toBe(long)
  })

  test('has at most 64 characters in Responses', () => {
    const idsOf = (id: string): unknown =>
      encodeResponses({ model: 'm', messages: [calling(id), result(id)] }).http.body
    const cut: unknown = expect.stringMatching(/^x{54}_[0-9a-z]{9}$/)
    expect(idsOf('x'.repeat(65))).toMatchObject({ input: [{ call_id: cut }, { call_id: cut }] })
    expect(idsOf(long)).toMatchObject({ input: [{ call_id: long }, { call_id: long }] })
  })
})

test('a file without a name has the extension of its type in Responses', () => {
  const url = 'data:application/pdf;base64,aGk='
  const messages = [{ role: 'user', content: [{ type: 'file', url }] }] as const
  expect(encodeResponses({ model: 'm', messages }).http.body).toMatchObject({
    input: [{ content: [{ filename: 'file.pdf', file_data: url }] }],
  })
})

test.each([
  ['{"x":"\\ud83d"}', '{"x":"\ufffd"}'],
  ['{"x":"\\uDE00 \\ud83dx"}', '{"x":"\ufffd \ufffdx"}'],
  ['{"x":"\\ud83d\\ude00"}', '{"x":"\\ud83d\\ude00"}'],
  ['{"x":"\\\\ud83d"}', '{"x":"\\\\ud83d"}'],
  ['{"x":"\\u00e9\\n"}', '{"x":"\\u00e9\\n"}'],
])('half a surrogate pair in the arguments %s is replaced', (json, sent) => {
  expect(encodeArguments({ type: 'tool-call', id: 'a', name: 'f', input: json })).toBe(sent)
})
