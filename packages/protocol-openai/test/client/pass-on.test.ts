import type { ChatRequest, NativeRequest } from '@rivulet/core'
import { writeSeal } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/client/encode-request.ts'
import { type ChatQuirks, chatCompletionsServer } from '../../src/index.ts'

/** A request as a client of the dialect sends it: no encoder writes these bytes. */
const TEXT =
  '{ "messages": [{"role":"user","name":"ann","content":"Hi"}], "seed": 12345678901234567890, "stream":true,\n' +
  '  "model":"alias", "logit_bias": {"50256":-100}, "user":"u1" }'
const received = (text = TEXT): ChatRequest =>
  chatCompletionsServer().read({ path: '/', headers: { 'openai-beta': 'x' }, body: text }).request
const sent = (request: ChatRequest, quirks: ChatQuirks = {}): string => {
  const { body, json } = encode(request, quirks).http
  return json ?? JSON.stringify(body)
}

describe('a request of the same dialect', () => {
  test('passes as it came, byte by byte, but for the model', () => {
    expect(sent({ ...received(), model: 'gpt-4' })).toBe(TEXT.replace('"alias"', '"gpt-4"'))
  })

  test('keeps long integers, the order of its keys and what has no field of ours', () => {
    const text = sent(
      { ...received(), model: 'gpt-4' },
      { includeUsage: true, maxToolIdLength: 40, files: 'file-data' },
    )
    expect(text).toContain('"seed": 12345678901234567890')
    expect(text).toContain('"name":"ann"')
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      'messages',
      'seed',
      'stream',
      'model',
      'logit_bias',
      'user',
      'stream_options',
    ])
    expect(encode(received()).dropped).toEqual([])
    expect(encode(received()).http.headers).toEqual({ 'openai-beta': 'x' })
  })

  test('is a stream or not, and asks for usage, as this call wants', () => {
    expect(JSON.parse(sent({ ...received(), stream: false }, { includeUsage: true }))).not.toHaveProperty('stream')
    expect(JSON.parse(sent({ ...received(), stream: false }, { includeUsage: true }))).not.toHaveProperty(
      'stream_options',
    )
    const asking = received(
      TEXT.replace('"stream":true', '"stream":true,"stream_options":{"include_obfuscation":false}'),
    )
    expect(JSON.parse(sent(asking))).toMatchObject({ stream_options: { include_obfuscation: false } })
    expect(JSON.parse(sent(asking, { includeUsage: true }))).toMatchObject({
      stream_options: { include_obfuscation: false, include_usage: true },
    })
  })

  test('takes extra fields last', () => {
    expect(JSON.parse(sent({ ...received(), extra: { 'openai-chat': { user: 'u2' } } }))).toMatchObject({ user: 'u2' })
  })

  test.each<[string, ChatQuirks]>([
    ['another role of the system', { systemRole: 'developer' }],
    ['another field of the seed', { seed: 'random_seed' }],
    ['efforts of its own', { efforts: {} }],
  ])('is written anew for an endpoint with %s, with the fields that have no name', (_what, quirks) => {
    const request = received(TEXT.replace('"seed"', '"max_tokens":9,"seed"'))
    const body: unknown = JSON.parse(sent(request, quirks))
    expect(body).toMatchObject({ model: 'alias', user: 'u1', logit_bias: { 50256: -100 } })
    expect(JSON.stringify(body)).not.toContain('ann')
  })

  test('has its limit in the field that the endpoint takes, and is otherwise as it came', () => {
    const request = received(TEXT.replace('"seed"', '"max_tokens":9,"seed"'))
    const text = sent(request, { maxTokens: 'max_completion_tokens' })
    expect(text.replaceAll(/\s/g, '')).toBe(TEXT.replaceAll(/\s/g, '').replace(/}$/, ',"max_completion_tokens":9}'))
    expect(sent(request)).toContain('"max_tokens":9')
    const both = received(TEXT.replace('"seed"', '"max_completion_tokens":9,"seed"'))
    expect(sent(both, { maxTokens: 'max_completion_tokens' })).toContain('"max_completion_tokens":9,"seed"')
  })

  test('with text tools is written anew for an endpoint that has none', () => {
    const request = received(
      TEXT.replace('"logit_bias"', '"tools":[{"type":"custom","custom":{"name":"f"}}],"logit_bias"'),
    )
    expect(JSON.parse(sent(request))).toMatchObject({ tools: [{ type: 'function' }] })
    expect(JSON.parse(sent(request, { customTools: true }))).toMatchObject({ tools: [{ type: 'custom' }] })
  })

  test('has the effort that the client asked for, also one that the model is not known to have', () => {
    const request = received(TEXT.replace('"logit_bias"', '"reasoning_effort":"max","logit_bias"'))
    const { http, dropped } = encode(request, { effortsOf: () => ['high'] })
    expect(http.json).toContain('"reasoning_effort":"max"')
    expect(dropped).toEqual([])
  })

  test('with a meaning that the endpoint has no word for is unsupported all the same', () => {
    const image = '[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]'
    const request = received(TEXT.replace('"Hi"', image))
    expect(() => sent(request, { imageTypes: [] })).toThrow(expect.objectContaining({ code: 'unsupported' }) as Error)
  })
})

describe('sealed thoughts in a request of the same dialect', () => {
  const seal = (model: string): string => writeSeal({ provider: 'acme', model, value: 's' })
  const turn = (model: string, content: string | null): string =>
    JSON.stringify({
      role: 'assistant',
      content,
      reasoning_content: 'hm',
      reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: seal(model) }],
    })
  const asking = (model: string, content: string | null): ChatRequest =>
    received(TEXT.replace('[{"role"', `[${turn(model, content)},{"role"`))

  test('are taken out and named', () => {
    const { http, dropped } = encode(asking('other', 'a'))
    expect(JSON.parse(http.json ?? '')).toMatchObject({
      messages: [{ role: 'assistant', content: 'a' }, { name: 'ann' }],
    })
    expect(http.json).not.toContain('hm')
    expect(dropped).toEqual(['reasoning of another model'])
    expect(encode(asking('alias', 'a')).dropped).toEqual(['reasoning with a signature'])
  })

  test('are taken out of calls as well, which keep everything else', () => {
    const call = (signature: string): object => ({
      id: '1',
      type: 'function',
      function: { name: 'f', arguments: '{}' },
      extra_content: { google: { thought_signature: signature } },
    })
    const calling = JSON.stringify({ role: 'assistant', content: null, tool_calls: [call(seal('other')), call('own')] })
    const request = received(TEXT.replace('[{"role"', `[${calling},{"role"`))
    const { extra_content: _extra, ...plain } = call('') as { extra_content: object }
    expect(JSON.parse(encode(request).http.json ?? '')).toMatchObject({ messages: [{}, { name: 'ann' }] })
    const { messages } = JSON.parse(encode(request).http.json ?? '') as { messages: { tool_calls: object[] }[] }
    expect(messages[0]?.tool_calls).toEqual([plain, call('own')])
  })

  test('take a turn with them that is left empty', () => {
    expect(JSON.parse(encode(asking('other', '')).http.json ?? '')).toMatchObject({ messages: [{ name: 'ann' }] })
  })
})

test('of a request of another dialect, the fields without a name are what was left out', () => {
  const native: NativeRequest = {
    dialect: 'gemini',
    text: '{}',
    body: { labels: {} },
    headers: { 'x-goog-a': 'b' },
    unnamed: ['labels'],
  }
  const { http, dropped } = encode({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hi' }], native })
  expect(dropped).toEqual(['labels'])
  expect(http.headers).toBeUndefined()
  expect(http.body).not.toHaveProperty('labels')
})

test('what a server left out of the messages is named where the request is written anew', () => {
  const text = TEXT.replace('[{"role"', '[{"role":"assistant","content":"a","reasoning_content":"hm"},{"role"')
  const { request } = chatCompletionsServer({ seal: true }).read({ path: '/', body: text })
  expect(encode(request, { systemRole: 'developer' }).dropped).toEqual(['reasoning of another model'])
  expect(encode(request).dropped).toEqual([])
  expect(encode(request).http.json).toContain('"reasoning_content":"hm"')
})
