import { toMessage } from '@rivulet/core'
import { answered, bearerTo, testCredential, testErrors, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { groq } from '../src/index.ts'
import { fixture, subject } from './subject.ts'

const { provider, request, answers } = subject
const runner = { describe, it }

testProvider({ runner, ...subject })
testErrors({ runner, ...subject, errors: new URL('fixtures/errors.json', import.meta.url) })
testCredential({
  runner,
  ...subject,
  factory: groq,
  option: 'apiKey',
  variable: 'GROQ_API_KEY',
  sent: bearerTo('https://api.groq.com/openai/v1/chat/completions'),
})

const asking = (name: string) => answered(fixture(name), provider)

test('reasoning goes back to Groq in its own field, and to no other provider', async () => {
  const turn = toMessage(await asking('reasoning.sse').resultOf(request))
  const bodyWith = async (origin: string) =>
    (
      await asking('text.sse').bodyOf({
        ...request,
        messages: [...request.messages, { ...turn, origin: { provider: origin, model: request.model } }],
      })
    ).messages
  const { text: content } = answers.text
  expect(await bodyWith('groq')).toContainEqual({ role: 'assistant', content, reasoning: 'Rivers run.' })
  expect(await bodyWith('deepseek')).toContainEqual({ role: 'assistant', content })
})

test('the request has these names', async () => {
  const responseFormat = { name: 'rivers', schema: { type: 'object' } }
  const body = await asking('structured.sse').bodyOf({ ...request, maxTokens: 9, reasoning: 'minimal', responseFormat })
  expect(body).toMatchObject({ max_completion_tokens: 9, reasoning_effort: 'low' })
  expect(body).not.toHaveProperty('stream_options')
  expect(body.response_format).toEqual({ type: 'json_schema', json_schema: { ...responseFormat, strict: true } })
})

test('an effort and a penalty: one is honoured, the other refused', () => {
  expect(() => provider({}).stream({ ...request, presencePenalty: 1 })).toThrow(/presencePenalty/)
})

test('models() gives context windows, and leaves out inactive models', async () => {
  const listed = {
    request: { method: 'GET', url: 'https://api.groq.com/openai/v1/models' },
    body: '{"object":"list","data":[{"id":"a","active":true,"context_window":131072,"max_completion_tokens":65536},{"id":"b","active":false}]}',
  }
  expect(await answered(listed, provider).provider.models?.()).toEqual([
    { id: 'a', contextTokens: 131_072, outputTokens: 65_536 },
  ])
})
