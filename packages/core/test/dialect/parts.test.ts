import { expect, test } from 'vitest'
import type { AssistantPart } from '../../src/chat.ts'
import { callsOf, hasContent, partsOf, textOfParts } from '../../src/dialect/parts.ts'

const call: AssistantPart = { type: 'tool-call', id: '1', name: 'f', input: '{}' }
const native: AssistantPart = { type: 'native', dialect: 'gemini', value: {} }
const turn = (content: string | AssistantPart[]) => ({ role: 'assistant', content }) as const

test('a string is one part, and an empty one is none', () => {
  expect(partsOf(turn('a'))).toEqual([{ type: 'text', text: 'a' }])
  expect(partsOf(turn(''))).toEqual([])
  expect(partsOf(turn([call]))).toEqual([call])
})

test('the calls and the text of a turn', () => {
  const parts: AssistantPart[] = [
    { type: 'text', text: 'a' },
    call,
    { type: 'reasoning', text: 'hm' },
    { type: 'text', text: 'b' },
  ]
  expect(callsOf(turn(parts))).toEqual([call])
  expect(callsOf(turn('a'))).toEqual([])
  expect(textOfParts(parts)).toBe('ab')
})

test.each<[boolean, string | AssistantPart[]]>([
  [true, 'a'],
  [true, [call]],
  [true, [native]],
  [false, ''],
  [false, ' \n'],
  [false, []],
  [false, [{ type: 'reasoning', text: 'hm' }]],
])('whether a turn says or calls anything: %s for %j', (expected, content) => {
  expect(hasContent(turn(content))).toBe(expected)
})
