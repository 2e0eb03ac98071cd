import { toMessage } from '@rivulet/core'
import { answered, bearerTo, testCredential, testErrors, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { xai } from '../src/index.ts'
import { fixture, subject } from './subject.ts'

const { provider, request, answers } = subject
const runner = { describe, it }

testProvider({ runner, ...subject })
testErrors({ runner, ...subject, errors: new URL('fixtures/errors.json', import.meta.url) })
testCredential({
  runner,
  ...subject,
  factory: xai,
  option: 'apiKey',
  variable: 'XAI_API_KEY',
  sent: bearerTo('https://api.x.ai/v1/chat/completions'),
})

const asking = (name: string) => answered(fixture(name), provider)

test('the text of a refusal is the answer, which finishes as content-filter', async () => {
  expect(await asking('refusal.json').resultOf({ ...request, stream: false })).toMatchObject({
    reason: 'content-filter',
    text: "I can't help with that.",
  })
})

test('the request has these names', async () => {
  const responseFormat = { name: 'rivers', schema: { type: 'object' } }
  expect(
    await asking('structured.sse').bodyOf({ ...request, maxTokens: 9, reasoning: 'minimal', responseFormat }),
  ).toMatchObject({
    max_completion_tokens: 9,
    reasoning_effort: 'low',
    stream_options: { include_usage: true },
    response_format: { type: 'json_schema', json_schema: { ...responseFormat, strict: true } },
  })
})

test.each(['stop', 'presencePenalty', 'frequencyPenalty'] as const)(
  '%s, which its models refuse, is a TypeError',
  (field) => {
    const value = field === 'stop' ? ['.'] : 1
    expect(() => provider({}).stream({ ...request, [field]: value })).toThrow(new RegExp(field))
  },
)

test('reasoning does not go back', async () => {
  const turn = toMessage(await asking('reasoning.sse').resultOf(request))
  const { messages } = await asking('text.sse').bodyOf({ ...request, messages: [...request.messages, turn] })
  expect((messages as unknown[])[1]).toEqual({ role: 'assistant', content: answers.text.text })
})
