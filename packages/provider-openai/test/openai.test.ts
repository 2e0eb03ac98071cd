import type { ChatRequest } from '@rivulet/core'
import { answered, bearerTo, testCredential, testErrors, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { openai } from '../src/index.ts'
import { fixture, subject } from './subject.ts'

const { provider, request } = subject
const runner = { describe, it }

testProvider({ runner, ...subject })
testErrors({ runner, ...subject, errors: new URL('fixtures/errors.json', import.meta.url) })
testCredential({
  runner,
  ...subject,
  factory: openai,
  option: 'apiKey',
  variable: 'OPENAI_API_KEY',
  sent: bearerTo('https://api.openai.com/v1/chat/completions'),
})

const asking = (name: string) => answered(fixture(name), provider)

test('a refusal is a filtered answer', async () => {
  expect(await asking('refusal.sse').resultOf(request)).toMatchObject({ reason: 'content-filter' })
})

test('the request has these names, and asks for usage', async () => {
  const responseFormat = { name: 'rivers', schema: { type: 'object', additionalProperties: false } }
  expect(
    await asking('structured.sse').bodyOf({ ...request, maxTokens: 9, reasoning: 'low', seed: 1, responseFormat }),
  ).toEqual({
    model: request.model,
    messages: request.messages,
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 9,
    seed: 1,
    reasoning_effort: 'low',
    response_format: { type: 'json_schema', json_schema: { ...responseFormat, strict: true } },
  })
})

test('a file goes as data; one that is only an address is unsupported in this dialect', async () => {
  const withFile = (url: string): ChatRequest => ({
    ...request,
    messages: [{ role: 'user', content: [{ type: 'file', url, name: 'a.pdf' }] }],
  })
  const { bodyOf, resultOf } = asking('text.sse')
  const file = { file_data: 'data:application/pdf;base64,AA', filename: 'a.pdf' }
  expect((await bodyOf(withFile(file.file_data))).messages).toEqual([
    { role: 'user', content: [{ type: 'file', file }] },
  ])
  const refused = resultOf(withFile('https://example.com/a.pdf'))
  await expect(refused).rejects.toMatchObject({ code: 'unsupported' })
})

test('a text tool is a custom tool, and an effort is one that the model knows', async () => {
  const tools = [{ type: 'text', name: 'patch' }] as const
  const body = await asking('text.sse').bodyOf({ ...request, model: 'gpt-5.1', tools, reasoning: 'max' })
  expect(body).toMatchObject({ tools: [{ type: 'custom', custom: { name: 'patch' } }], reasoning_effort: 'high' })
})

test('models() asks the endpoint', async () => {
  const listed = {
    request: {
      method: 'GET',
      url: 'https://api.openai.com/v1/models',
      headers: { authorization: 'Bearer a-secret-key' },
    },
    body: '{"object":"list","data":[{"id":"gpt-6-luna","object":"model","created":1,"owned_by":"openai"}]}',
  }
  expect(await answered(listed, provider).provider.models?.()).toEqual([{ id: 'gpt-6-luna' }])
})

test('embed() asks the endpoint', async () => {
  const embedded = {
    request: {
      method: 'POST',
      url: 'https://api.openai.com/v1/embeddings',
      body: { model: 'text-embedding-3-small', input: ['a', 'b'], dimensions: 2, encoding_format: 'float' },
    },
    body: '{"object":"list","data":[{"object":"embedding","index":1,"embedding":[0,1]},{"object":"embedding","index":0,"embedding":[1,0]}],"usage":{"prompt_tokens":2,"total_tokens":2}}',
  }
  const embedding = answered(embedded, provider).provider
  expect(await embedding.embed?.({ model: 'text-embedding-3-small', input: ['a', 'b'], dimensions: 2 })).toEqual({
    vectors: [
      [1, 0],
      [0, 1],
    ],
    inputTokens: 2,
  })
})

test('api must be one of two', () => {
  expect(() => openai({ api: 'assistants' as 'chat' })).toThrow(/api must be 'chat' or 'responses'/)
})
