import type { ProviderOptions } from '@rivulet/core'
import { expect, test } from 'vitest'
import { chatSubject, type ChatSubjectOptions } from '../src/index.ts'
import { keyed } from './support/keyed.ts'

const LINES =
  'data: "tool_calls":[{"index":0,"id":"a"\ndata: Åre\ndata: "tool_calls":[{"index":1,"id":"b"\ndata: [DONE]\n'
const usage = { inputTokens: 1, outputTokens: 2, source: 'reported' } as const

const subjectOf = (facts: Partial<ChatSubjectOptions> = {}) =>
  chatSubject({
    name: 'Keyed',
    factory: keyed,
    fixture: (name) => ({ contentType: name, body: Buffer.from(name === 'tool-calls.sse' ? LINES : name) }),
    model: 'keyed-1',
    usage,
    toolIds: ['a', 'b'],
    errorFirst: { contentType: 'application/json', body: Buffer.from(''), code: 'quota' },
    ...facts,
  })

test('the provider has a key, which is a secret, and takes the options of the laws', () => {
  const given: (ProviderOptions & { apiKey: string })[] = []
  const { provider, secrets } = subjectOf({
    factory(options) {
      given.push(options)
      return keyed(options)
    },
  })
  provider({ baseUrl: 'http://127.0.0.1:1' })
  expect(given).toEqual([{ apiKey: 'a-secret-key', baseUrl: 'http://127.0.0.1:1' }])
  expect(secrets).toEqual(['a-secret-key'])
})

test('each fact is in the answers that it is about', () => {
  const { answers } = subjectOf({
    usageIn: { 'document.json': 'absent' },
    reasoningIn: ['reasoning.sse', 'tool-calls.sse'],
    argumentsInParts: true,
    refusal: 'No.',
  })
  expect(answers.text).toMatchObject({ contentType: 'text.sse', usage })
  expect(answers.text).not.toHaveProperty('reasoning')
  expect(answers.onePiece).toMatchObject({ contentType: 'document.json', usage: 'absent', endMark: true })
  expect(answers.reasoning).toMatchObject({ reasoning: 'Rivers run.', usage })
  expect(answers.toolCall).toMatchObject({ reasoning: 'Rivers run.', toolCalls: [{ id: 'a' }, { id: 'b' }] })
  expect(String(answers.cutToolCall?.body)).toBe('data: "tool_calls":[{"index":0,"id":"a"\ndata: [DONE]\n')
  expect(answers.more?.['a refusal']).toMatchObject({ text: 'No.' })
  expect(answers.errorFirst?.code).toBe('quota')
})

test('a fact that is not given makes no answer', () => {
  const { answers } = subjectOf()
  expect(answers).not.toHaveProperty('reasoning')
  expect(answers).not.toHaveProperty('cutToolCall')
  expect(Object.keys(answers.more ?? {})).toEqual(['structured output'])
})
