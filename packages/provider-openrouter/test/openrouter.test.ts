import { toMessage } from '@rivulet/core'
import { answered, bearerTo, testCredential, testErrors, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { openrouter } from '../src/index.ts'
import { fixture, subject } from './subject.ts'

const { provider, request, answers } = subject
const runner = { describe, it }

testProvider({ runner, ...subject })
testErrors({ runner, ...subject, errors: new URL('fixtures/errors.json', import.meta.url) })
testCredential({
  runner,
  ...subject,
  factory: openrouter,
  option: 'apiKey',
  variable: 'OPENROUTER_API_KEY',
  sent: bearerTo('https://openrouter.ai/api/v1/chat/completions'),
})

const asking = (name: string) => answered(fixture(name), provider)

test('a refusal finishes as content-filter, whatever the model calls it', async () => {
  expect(await asking('refusal.sse').resultOf(request)).toMatchObject({
    reason: 'content-filter',
    text: 'Flüsse "fließen"',
  })
})

describe('reasoning details', () => {
  const turn = async (name: string, origin = 'openrouter'): Promise<Record<string, unknown> | undefined> => {
    const messages = [
      ...request.messages,
      { ...toMessage(await asking(name).resultOf(request)), origin: { provider: origin, model: request.model } },
    ]
    const body = await asking('text.sse').bodyOf({ ...request, messages })
    return (body.messages as Record<string, unknown>[])[1]
  }

  test('go back unchanged: text with its signature', async () => {
    expect((await turn('reasoning.sse'))?.reasoning_details).toEqual([
      { type: 'reasoning.text', text: 'Rivers run.', signature: 'EqQB', format: 'anthropic-claude-v1', index: 0 },
    ])
  })

  test('go back unchanged: encrypted reasoning', async () => {
    expect((await turn('tool-calls.sse'))?.reasoning_details).toEqual([
      { type: 'reasoning.encrypted', data: 'gAAAA', id: 'tool_0_get', format: 'google-gemini-v1', index: 1 },
    ])
  })

  test('of another provider do not go back', async () => {
    expect(await turn('reasoning.sse', 'groq')).toEqual({ role: 'assistant', content: answers.text.text })
  })
})

test('an error inside a choice is one', async () => {
  await expect(asking('error-in-choice.json').resultOf(request)).rejects.toMatchObject({ code: 'rate-limited' })
})

test('an error quotes the provider that OpenRouter called', async () => {
  const words = /Provider returned error: .* temporarily rate-limited upstream/
  await expect(asking('error-first.json').resultOf(request)).rejects.toThrow(words)
})

test('effort, caching and a schema go out in its own words', async () => {
  const responseFormat = { name: 'rivers', schema: { type: 'object' } }
  const body = await asking('structured.sse').bodyOf({
    ...request,
    reasoning: 'low',
    responseFormat,
    messages: [
      { role: 'system', content: 'Long.', cache: true },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', url: 'https://example.com/a.png' },
        ],
        cache: true,
      },
    ],
  })
  expect(body).toMatchObject({
    reasoning: { effort: 'low' },
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'Long.', cache_control: { type: 'ephemeral' } }] },
      { role: 'user', content: [{ type: 'text', text: 'a' }, { cache_control: { type: 'ephemeral' } }] },
    ],
  })
  expect(body.response_format).toEqual({ type: 'json_schema', json_schema: { ...responseFormat, strict: true } })
  expect(body).not.toHaveProperty('reasoning_effort')
})

test('top_k, marks with their time to live, and images of results go out as they are', async () => {
  const image = { type: 'image', url: 'https://example.com/a.png' } as const
  const body = await asking('text.sse').bodyOf({
    ...request,
    topK: 5,
    tools: [{ name: 'f', cache: '1h' }],
    messages: [
      ...request.messages,
      { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', input: '{}' }] },
      { role: 'tool', toolCallId: '1', content: [{ type: 'text', text: 'a' }, image], cache: '5m' },
    ],
  })
  expect(body).toMatchObject({
    top_k: 5,
    tools: [{ type: 'function', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [
      {},
      {},
      { content: [{ text: 'a' }, { type: 'image_url', cache_control: { type: 'ephemeral', ttl: '5m' } }] },
    ],
  })
})

test('models() tells prices by the million, and none where it depends', async () => {
  const entry = (id: string, prompt: string): object => ({
    id,
    name: id.toUpperCase(),
    context_length: 200_000,
    architecture: { input_modalities: ['text', 'image', 'audio'] },
    top_provider: { max_completion_tokens: 64_000 },
    supported_parameters: ['tools', 'temperature'],
    pricing: { prompt, completion: '0.0000105', input_cache_read: '0.00000007' },
  })
  const listed = {
    request: { method: 'GET', url: 'https://openrouter.ai/api/v1/models' },
    body: JSON.stringify({ data: [entry('a', '0.0000021'), entry('auto', '-1')] }),
  }
  const model = {
    contextTokens: 200_000,
    outputTokens: 64_000,
    inputs: ['text', 'image'],
    tools: true,
    reasoning: false,
  }
  expect(await answered(listed, provider).provider.models?.()).toEqual([
    { id: 'a', name: 'A', ...model, price: { input: 2.1, output: 10.5, cachedInput: 0.07 } },
    { id: 'auto', name: 'AUTO', ...model },
  ])
})
