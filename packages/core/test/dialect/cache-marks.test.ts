import { expect, test } from 'vitest'
import type { Message } from '../../src/index.ts'
import { hasCacheMarks } from '../../src/authoring.ts'

const hello: Message = { role: 'user', content: 'Hello' }

test.each([
  { messages: [hello, { role: 'system', content: 'Be brief.', cache: true }] },
  { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello', cache: '5m' }] }] },
  { messages: [hello], tools: [{ name: 'f', cache: '1h' }] },
] as const)('a mark is found in a message, in a part and in a tool: %j', (request) => {
  expect(hasCacheMarks(request)).toBe(true)
})

test('no mark is found where there is none, and `false` is none', () => {
  const unmarked = { ...hello, cache: false } as unknown as Message
  expect(hasCacheMarks({ messages: [hello, unmarked], tools: [{ name: 'f' }] })).toBe(false)
})
