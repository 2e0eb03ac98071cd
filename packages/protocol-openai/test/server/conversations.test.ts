import type { AssistantMessage, ChatRequest, Message } from '@rivulet/core'
import { writeSeal } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { chatCompletionsServer } from '../../src/index.ts'
import { readRequest } from '../support/server.ts'

const wire = { model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }
const read = (message: object, seal = false): Message | undefined =>
  readRequest({ ...wire, messages: [message] }, { seal }).messages[0]
const asked = (fields: object): ChatRequest => readRequest({ ...wire, ...fields })

describe('messages', () => {
  test('text in parts, in any role; a refusal as content', () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]
    expect(read({ role: 'developer', content })).toEqual({ role: 'system', content: 'ab' })
    expect(read({ role: 'assistant', content: null, refusal: 'No.' })).toEqual({ role: 'assistant', content: 'No.' })
    expect(read({ role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] })).toEqual({
      role: 'assistant',
      content: 'No.',
    })
    expect(read({ role: 'tool', tool_call_id: '1', content })).toEqual({ role: 'tool', toolCallId: '1', content })
  })

  test('a result may have images, as some clients send them', () => {
    const image = { type: 'image_url', image_url: { url: 'https://a.example/a.png', detail: 'high' } }
    expect(read({ role: 'tool', tool_call_id: '1', content: [image] })).toMatchObject({
      content: [{ type: 'image', url: 'https://a.example/a.png' }],
    })
  })

  test('calls of functions and of custom tools, after the text', () => {
    const tool_calls = [
      { id: '1', type: 'custom', custom: { name: 'patch', input: 'a\n' } },
      { id: '2', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: '3', function: { name: 'g' } },
    ]
    expect(read({ role: 'assistant', content: 'Now.', tool_calls })).toEqual({
      role: 'assistant',
      content: [
        { type: 'text', text: 'Now.' },
        { type: 'tool-call', id: '1', name: 'patch', input: 'a\n', format: 'text' },
        { type: 'tool-call', id: '2', name: 'f', input: '{}' },
        { type: 'tool-call', id: '3', name: 'g', input: '{}' },
      ],
    })
  })

  test('what only this dialect has a word for stays as it is', () => {
    const sound = { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } }
    expect(read({ role: 'user', content: [sound] })).toMatchObject({
      content: [{ type: 'native', dialect: 'openai-chat', value: sound }],
    })
    expect(read({ role: 'assistant', content: null, audio: { id: 'a1' } })).toMatchObject({
      content: [{ type: 'native', dialect: 'openai-chat', value: { audio: { id: 'a1' } } }],
    })
  })

  test('marks for the cache are on parts, and that of the last part on the message', () => {
    const marked = (text: string, ttl?: string): object => ({
      type: 'text',
      text,
      cache_control: { type: 'ephemeral', ...(ttl && { ttl }) },
    })
    expect(read({ role: 'user', content: [marked('a', '1h'), marked('b')] })).toEqual({
      role: 'user',
      content: [
        { type: 'text', text: 'a', cache: '1h' },
        { type: 'text', text: 'b' },
      ],
      cache: true,
    })
    expect(read({ role: 'system', content: [marked('a', '5m')] })).toEqual({
      role: 'system',
      content: 'a',
      cache: '5m',
    })
    expect(read({ role: 'assistant', content: [marked('a')] })).toMatchObject({ content: [{ text: 'a', cache: true }] })
  })
})

describe('tools and the choice among them', () => {
  const f = { type: 'function', function: { name: 'f', strict: true } }
  const patch = {
    type: 'custom',
    custom: { name: 'patch', format: { type: 'grammar', grammar: { syntax: 'regex', definition: 'a+' } } },
  }
  const query = { type: 'custom', custom: { name: 'query', description: 'd', format: { type: 'text' } } }
  const search = { type: 'web_search', web_search: {} }

  test('are functions, texts, and whatever the endpoint has', () => {
    expect(asked({ tools: [f, patch, query, search] }).tools).toEqual([
      { name: 'f', strict: true },
      { type: 'text', name: 'patch', grammar: { syntax: 'regex', definition: 'a+' } },
      { type: 'text', name: 'query', description: 'd' },
      { type: 'native', dialect: 'openai-chat', value: search },
    ])
  })

  test.each([
    ['required', 'required'],
    [{ type: 'function', function: { name: 'f' } }, { name: 'f' }],
    [{ type: 'custom', custom: { name: 'patch' } }, { name: 'patch' }],
  ])('a choice of %j', (tool_choice, toolChoice) => {
    expect(asked({ tools: [f, patch], tool_choice })).toMatchObject({ toolChoice })
  })

  test('a choice of some tools leaves out the others', () => {
    const allowed_tools = { mode: 'required', tools: [{ type: 'custom', custom: { name: 'patch' } }] }
    expect(asked({ tools: [f, patch, search], tool_choice: { type: 'allowed_tools', allowed_tools } })).toMatchObject({
      tools: [{ name: 'patch' }],
      toolChoice: 'required',
    })
  })
})

test('settings of agents have their fields', () => {
  expect(
    asked({ top_k: 5, parallel_tool_calls: false, prompt_cache_key: 's1', reasoning_effort: 'xhigh', max_tokens: 9 }),
  ).toMatchObject({ topK: 5, parallelToolCalls: false, session: 's1', reasoning: 'xhigh', maxTokens: 9 })
})

describe('the request as it came', () => {
  test('is kept as text, with the names that have no field, and the headers of the vendor without those of accounts', () => {
    const body =
      '{"model":"m","messages":[{"role":"user","content":"a"}],"seed":1,"user":"u","store":null,"reasoning_effort":"much","service_tier":"flex"}'
    const headers = {
      'openai-beta': 'a',
      'openai-organization': 'b',
      'openai-project': 'c',
      authorization: 'Bearer d',
      cookie: 'e',
    }
    const { native } = chatCompletionsServer().read({ path: '/', headers, body }).request
    expect(native).toEqual({
      dialect: 'openai-chat',
      text: body,
      body: JSON.parse(body) as unknown,
      headers: { 'openai-beta': 'a' },
      unnamed: ['user', 'reasoning_effort', 'service_tier'],
    })
  })

  test.each([
    ['words', '{"model":', 'JSON'],
    ['a list', '[]', 'object'],
    ['lists in lists', `{"model":"m","messages":${'['.repeat(500)}${']'.repeat(500)}}`, 'too deeply'],
    ['more than any client sends', ' '.repeat(67_108_865), 'too long'],
  ])('is refused where it is %s', (_what, body, words) => {
    expect(() => chatCompletionsServer().read({ path: '/', body })).toThrow(new RegExp(words))
    expect(() => chatCompletionsServer().read({ path: '/', body })).toThrow(TypeError)
  })
})

describe('thoughts', () => {
  const seal = (model: string, value: string, id?: string): string => writeSeal({ provider: 'acme', model, value, id })
  const turn = (fields: object, isSealing = false): AssistantMessage =>
    read({ role: 'assistant', content: 'a', ...fields }, isSealing) as AssistantMessage
  const text = { type: 'text', text: 'a' }

  test('without a seal are of the model that is asked', () => {
    expect(turn({ reasoning_content: 'hm' })).toEqual({
      role: 'assistant',
      content: [{ type: 'reasoning', text: 'hm' }, text],
    })
  })

  test('with a seal are of its author', () => {
    const reasoning_details = [
      { type: 'reasoning.text', text: 'hm', signature: seal('m1', 's') },
      { type: 'reasoning.encrypted', data: seal('m1', 'd', 'rs_1') },
    ]
    expect(turn({ reasoning_content: 'hm', reasoning_details })).toEqual({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm', signature: 's' },
        { type: 'reasoning', text: '', sealed: 'd', id: 'rs_1' },
        text,
      ],
      origin: { provider: 'acme', model: 'm1' },
    })
  })

  test('of a second author in one turn are left out', () => {
    const reasoning_details = ['m1', 'm2'].map((model) => ({
      type: 'reasoning.text',
      text: model,
      signature: seal(model, 's'),
    }))
    expect(turn({ reasoning_details }).content).toEqual([{ type: 'reasoning', text: 'm1', signature: 's' }, text])
  })

  test('signed calls are of their author, and lose the signature of another', () => {
    const call = (id: string, signature: string): object => ({
      id,
      type: 'function',
      function: { name: 'f', arguments: '{}' },
      extra_content: { google: { thought_signature: signature } },
    })
    const part = { type: 'tool-call', name: 'f', input: '{}' }
    expect(turn({ content: null, tool_calls: [call('1', seal('m1', 's')), call('2', seal('m2', 's'))] })).toEqual({
      role: 'assistant',
      content: [
        { ...part, id: '1', signature: 's' },
        { ...part, id: '2' },
      ],
      origin: { provider: 'acme', model: 'm1' },
    })
    const plain = { content: null, tool_calls: [call('1', 's')] }
    expect(turn(plain).content).toEqual([{ ...part, id: '1', signature: 's' }])
    expect(turn(plain, true).content).toEqual([{ ...part, id: '1' }])
  })

  test('without a seal are left out by a server that seals, and named: their author is unknown', () => {
    const message = { role: 'assistant', content: 'a', reasoning_content: 'hm' }
    expect(turn(message, true)).toEqual({ role: 'assistant', content: 'a' })
    const unnamed = (seal: boolean): unknown =>
      chatCompletionsServer({ seal }).read({ path: '/', body: { model: 'm', messages: [message] } }).request.native
        ?.unnamed
    expect(unnamed(true)).toEqual(['reasoning of another model'])
    expect(unnamed(false)).toEqual([])
  })

  test('in pieces, as a stream has them, are one', () => {
    const pieces = [
      { type: 'reasoning.text', text: 'h' },
      { type: 'reasoning.text', text: 'm' },
      { type: 'reasoning.text', text: '', signature: 's' },
      { type: 'reasoning.text', text: 'next' },
    ]
    expect(turn({ reasoning_details: pieces }).content).toEqual([
      { type: 'reasoning', text: 'hm', signature: 's' },
      { type: 'reasoning', text: 'next' },
      text,
    ])
  })

  test('whose text was in another field of the stream have it', () => {
    const reasoning_details = [{ type: 'reasoning.text', text: '', signature: 's' }]
    expect(turn({ reasoning_content: 'hm', reasoning_details }).content).toEqual([
      { type: 'reasoning', text: 'hm', signature: 's' },
      text,
    ])
  })
})
