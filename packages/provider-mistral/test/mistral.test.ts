import { type ChatRequest, toMessage } from '@rivulet/core'
import { answered, bearerTo, testCredential, testErrors, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { mistral } from '../src/index.ts'
import { fixture, subject } from './subject.ts'

const { provider, request, answers } = subject
const runner = { describe, it }

testProvider({ runner, ...subject })
testErrors({ runner, ...subject, errors: new URL('fixtures/errors.json', import.meta.url) })
testCredential({
  runner,
  ...subject,
  factory: mistral,
  option: 'apiKey',
  variable: 'MISTRAL_API_KEY',
  sent: bearerTo('https://api.mistral.ai/v1/chat/completions'),
})

const asking = (name: string) => answered(fixture(name), provider)

test("reasoning goes back as a part of the content, and only Mistral's own", async () => {
  const turn = toMessage(await asking('reasoning.sse').resultOf(request))
  const bodyWith = async (origin: string) =>
    (
      await asking('text.sse').bodyOf({
        ...request,
        messages: [{ ...turn, origin: { provider: origin, model: request.model } }, ...request.messages],
      })
    ).messages
  const { text } = answers.text
  expect(await bodyWith('mistral')).toContainEqual({
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Rivers run.' }] },
      { type: 'text', text },
    ],
  })
  expect(await bodyWith('groq')).toContainEqual({ role: 'assistant', content: text })
})

test('ids of tool calls that another provider gave are nine letters and digits here, and agree', async () => {
  const { messages } = await asking('text.sse').bodyOf({
    ...request,
    messages: [
      ...request.messages,
      { role: 'assistant', content: [{ type: 'tool-call', id: 'call_of_another', name: 'f', input: '{}' }] },
      { role: 'tool', toolCallId: 'call_of_another', content: '1' },
      { role: 'assistant', content: [{ type: 'tool-call', id: 'D681PevKs', name: 'f', input: '{}' }] },
      { role: 'tool', toolCallId: 'D681PevKs', content: '2' },
    ],
  })
  const [, call, result, own] = messages as { tool_calls?: { id: string }[]; tool_call_id?: string }[]
  expect(result?.tool_call_id).toMatch(/^[a-zA-Z0-9]{9}$/)
  expect(call?.tool_calls?.[0]?.id).toBe(result?.tool_call_id)
  expect(own?.tool_calls?.[0]?.id).toBe('D681PevKs')
})

test('an answer continues a last message of the assistant', async () => {
  const messages: ChatRequest['messages'] = [...request.messages, { role: 'assistant', content: 'Flü' }]
  expect((await asking('text.sse').bodyOf({ ...request, messages })).messages).toEqual([
    ...request.messages,
    { role: 'assistant', content: 'Flü', prefix: true },
  ])
  expect(provider({}).info.prefill).toBe(true)
})

test('the request has these names', async () => {
  const responseFormat = { name: 'rivers', schema: { type: 'object' } }
  const body = await asking('structured.sse').bodyOf({
    ...request,
    seed: 7,
    maxTokens: 9,
    reasoning: 'low',
    responseFormat,
    messages: [{ role: 'user', content: [{ type: 'file', url: 'https://example.com/a.pdf', name: 'a' }] }],
  })
  expect(body).toEqual({
    model: request.model,
    messages: [
      {
        role: 'user',
        content: [{ type: 'document_url', document_url: 'https://example.com/a.pdf', document_name: 'a' }],
      },
    ],
    stream: true,
    max_tokens: 9,
    random_seed: 7,
    reasoning_effort: 'high',
    response_format: { type: 'json_schema', json_schema: { ...responseFormat, strict: true } },
  })
})

test('models() leaves out models that do not chat', async () => {
  const listed = {
    request: { method: 'GET', url: 'https://api.mistral.ai/v1/models' },
    body: '{"object":"list","data":[{"id":"a","name":"A","max_context_length":131072,"capabilities":{"completion_chat":true,"function_calling":true,"vision":false}},{"id":"mistral-embed","capabilities":{"completion_chat":false}}]}',
  }
  expect(await answered(listed, provider).provider.models?.()).toEqual([
    { id: 'a', name: 'A', contextTokens: 131_072, tools: true, inputs: ['text'] },
  ])
})

test('embed() has a field of its own for the length', async () => {
  const embedded = {
    request: { body: { model: 'codestral-embed', input: ['a'], output_dimension: 1, encoding_format: 'float' } },
    body: '{"data":[{"index":0,"embedding":[1]}],"usage":{"prompt_tokens":1}}',
  }
  const made = answered(embedded, provider).provider
  expect(await made.embed?.({ model: 'codestral-embed', input: ['a'], dimensions: 1 })).toEqual({
    vectors: [[1]],
    inputTokens: 1,
  })
})
