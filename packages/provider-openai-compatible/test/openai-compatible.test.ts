import type { ChatRequest } from '@rivulet/core'
import { answered, testErrors, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test, vi } from 'vitest'
import { type ChatQuirks, KNOWN_QUIRKS, openaiCompatible, type OpenaiCompatibleOptions } from '../src/index.ts'
import { baseUrl, fixture, subject } from './subject.ts'

const { provider, request } = subject
const runner = { describe, it }

testProvider({ runner, ...subject })
testErrors({ runner, ...subject, errors: new URL('fixtures/errors.json', import.meta.url) })

const asking = (name: string, own: Partial<OpenaiCompatibleOptions> = {}) =>
  answered(fixture(name), (options) => openaiCompatible({ ...options, baseUrl: options.baseUrl ?? baseUrl, ...own }))

test('structured output is requested', async () => {
  const responseFormat = { name: 'rivers', schema: { type: 'object' } }
  const body = await asking('structured.sse').bodyOf({ ...request, responseFormat })
  expect(body.response_format).toEqual({ type: 'json_schema', json_schema: { ...responseFormat, strict: true } })
})

test('a refusal is a filtered answer', async () => {
  expect(await asking('refusal.sse').resultOf(request)).toMatchObject({ reason: 'content-filter' })
})

test('quirks are data, typed and dated', async () => {
  for (const { verified, source } of Object.values(KNOWN_QUIRKS)) {
    expect(verified).toMatch(/^2026-\d\d-\d\d$/)
    expect(source).toMatch(/^https:/)
  }
  const { bodyOf } = asking('text.sse', { quirks: KNOWN_QUIRKS.cerebras.quirks })
  expect(await bodyOf({ ...request, maxTokens: 9 })).toMatchObject({
    max_completion_tokens: 9,
    stream_options: { include_usage: true },
  })
})

test('it has the id and the name that its user gives it', async () => {
  const own = { id: 'cellar', name: 'The cellar', models: [{ id: 'qwen3' }] }
  const { sent, resultOf, provider: cellar } = asking('text.sse', own)
  expect(await resultOf(request)).toMatchObject({ provider: 'cellar' })
  expect(cellar.info).toMatchObject({ name: 'The cellar', auth: 'optional', models: [{ id: 'qwen3' }] })
  expect(sent[0]?.url).toBe('http://127.0.0.1:8000/v1/chat/completions')
})

test("a key is not needed, and none is taken from the environment: it might be another endpoint's", async () => {
  vi.stubEnv('OPENAI_API_KEY', 'of-another')
  const { sent, resultOf } = asking('text.sse')
  await resultOf(request)
  vi.unstubAllEnvs()
  expect(sent[0]?.headers).not.toHaveProperty('authorization')
})

test('a server may have an error name of its own for a conversation that is too long', async () => {
  const error = { code: 400, message: 'request exceeds the available context size', type: 'exceed_context_size_error' }
  const { resultOf } = answered({ status: 400, body: JSON.stringify({ error }) }, (options) =>
    openaiCompatible({ ...options, baseUrl: options.baseUrl ?? baseUrl, quirks: KNOWN_QUIRKS.llamaCpp.quirks }),
  )
  await expect(resultOf(request)).rejects.toMatchObject({ code: 'context-length' })
})

test('prefill is declared where a quirk says so', () => {
  const prefillOf = (prefix: ChatQuirks['prefix']) => asking('text.sse', { quirks: { prefix } }).provider.info.prefill
  expect(prefillOf(true)).toBe(true)
  expect(prefillOf({ as: 'unmarked' })).toBe(true)
  expect(prefillOf({ as: 'prefix', efforts: ['none'] })).toEqual(['none'])
  expect(prefillOf(false)).toBe(false)
  expect(asking('text.sse').provider.info.prefill).toBeUndefined()
})

test.each([
  ['vllm', { continue_final_message: true, add_generation_prompt: false }],
  ['llamaCpp', {}],
] as const)('a server of %s continues a last message of the assistant', async (name, fields) => {
  const messages: ChatRequest['messages'] = [...request.messages, { role: 'assistant', content: 'Flü' }]
  const server = asking('text.sse', { quirks: KNOWN_QUIRKS[name].quirks })
  const {
    continue_final_message: continues,
    add_generation_prompt: begins,
    ...body
  } = await server.bodyOf({
    ...request,
    messages,
  })
  expect({
    ...(continues !== undefined && { continue_final_message: continues, add_generation_prompt: begins }),
  }).toEqual(fields)
  expect(body.messages).toEqual(messages)
  expect(await server.bodyOf(request)).not.toHaveProperty('continue_final_message')
  expect(server.provider.info.prefill).toBe(true)
})

test('a llama.cpp that thinks can not continue: a group asks its next member', async () => {
  const error = { code: 400, message: 'Assistant response prefill is incompatible with enable_thinking.' }
  const { resultOf } = answered({ status: 400, body: JSON.stringify({ error }) }, (options) =>
    openaiCompatible({ ...options, baseUrl: options.baseUrl ?? baseUrl, quirks: KNOWN_QUIRKS.llamaCpp.quirks }),
  )
  await expect(resultOf(request)).rejects.toMatchObject({ code: 'unsupported' })
})

test.each([
  ['no baseUrl', {}, /baseUrl is missing/],
  ['an empty key', { baseUrl, apiKey: '' }, /apiKey must be a string/],
  ['an id that is not a string', { baseUrl, id: 7 }, /id must be a string/],
])('%s is a TypeError at once', (_name, options, words) => {
  expect(() => openaiCompatible(options as OpenaiCompatibleOptions)).toThrow(words)
})

test('models() asks the endpoint', async () => {
  const listed = { request: { method: 'GET', url: `${baseUrl}/models` }, body: '[{"id":"a"},{"id":""},7]' }
  expect(await answered(listed, provider).provider.models?.()).toEqual([{ id: 'a' }])
})
