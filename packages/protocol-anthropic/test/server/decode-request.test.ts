import type { ChatRequest } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { decodeRequest, encode, type MessagesModel } from '../../src/index.ts'

const MODELS: MessagesModel[] = [{ id: 'old', outputTokens: 64_000, thinking: 'budget' }]
const base = { model: 'claude-opus-5-5', stream: true, maxTokens: 100 }
const hello = { role: 'user', content: 'Hello' } as const
const PNG = 'data:image/png;base64,iVBORw0KGgo='
const schema = { type: 'object', properties: { x: { type: 'number' } }, additionalProperties: false }

/** Requests in the form in which they are read back. */
const REQUESTS: Record<string, ChatRequest> = {
  'a question': { ...base, messages: [hello] },
  'in one piece': { ...base, stream: false, messages: [hello] },
  'every setting': {
    ...base,
    messages: [hello],
    temperature: 0.5,
    topP: 0.9,
    stop: ['END', '\n\n'],
    extra: { top_k: 40, metadata: { user_id: 'u' } },
  },
  'one instruction': { ...base, messages: [{ role: 'system', content: 'Be brief.' }, hello] },
  'instructions, one of them to be kept': {
    ...base,
    messages: [
      { role: 'system', content: 'A long book.', cache: true },
      { role: 'system', content: 'Be brief.' },
      hello,
    ],
  },
  'a conversation': {
    ...base,
    messages: [hello, { role: 'assistant', content: 'Hi.' }, { role: 'user', content: 'Go on.', cache: true }],
  },
  'images and documents': {
    ...base,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', url: PNG },
          { type: 'image', url: 'https://example.com/a.png' },
          { type: 'file', url: 'data:application/pdf;base64,JVBERi0=', name: 'a.pdf' },
          { type: 'file', url: 'https://example.com/b.pdf' },
          { type: 'file', url: 'data:text/plain;base64,R3LDvMOfZQ==' },
          { type: 'text', text: 'What is this?' },
        ],
        cache: true,
      },
    ],
  },
  'tools and their results': {
    ...base,
    messages: [
      hello,
      {
        role: 'assistant',
        content: 'I look.',
        toolCalls: [
          { id: 't1', name: 'weather', json: '{"city":"Bern"}' },
          { id: 't2', name: 'now', json: '{}' },
        ],
      },
      { role: 'tool', toolCallId: 't1', content: 'Rain.' },
      { role: 'tool', toolCallId: 't2', content: 'no clock', isError: true },
      { role: 'user', content: 'And now?' },
    ],
    tools: [
      { name: 'weather', description: 'The weather.', parameters: schema },
      { name: 'now', parameters: schema },
    ],
    toolChoice: 'auto',
  },
  'a turn that only calls': {
    ...base,
    messages: [
      hello,
      { role: 'assistant', content: '', toolCalls: [{ id: 't', name: 'f', json: '{}' }] },
      { role: 'tool', toolCallId: 't', content: '' },
    ],
  },
  'thoughts with their proofs': {
    ...base,
    messages: [
      hello,
      {
        role: 'assistant',
        content: 'Yes.',
        thoughts: [
          { text: 'Hm.', signature: 'c2ln' },
          { text: '', sealed: 'c2VhbA==' },
          { text: '', signature: 't' },
        ],
      },
      { role: 'user', content: 'Why?' },
    ],
  },
  'a tool that must be called': { ...base, messages: [hello], toolChoice: 'required' },
  'no tool': { ...base, messages: [hello], toolChoice: 'none' },
  'one tool': { ...base, messages: [hello], toolChoice: { name: 'weather' } },
  'JSON of a schema': { ...base, messages: [hello], responseFormat: { name: 'response', schema } },
  'any JSON': { ...base, messages: [{ role: 'system', content: 'Be brief.' }, hello], responseFormat: 'json' },
  ...Object.fromEntries(
    (['none', 'low', 'medium', 'high'] as const).flatMap((reasoning): [string, ChatRequest][] => [
      [`reasoning ${reasoning}`, { ...base, messages: [hello], reasoning }],
      [`reasoning ${reasoning} by budget`, { ...base, model: 'old', maxTokens: 60_000, messages: [hello], reasoning }],
    ]),
  ),
  'a little reasoning by budget': { ...base, model: 'old', maxTokens: 9000, messages: [hello], reasoning: 'minimal' },
}

const wire = (request: ChatRequest): unknown =>
  JSON.parse(JSON.stringify(encode(request, { models: MODELS }).body)) as unknown

describe('a request that is encoded is the request that is decoded', () => {
  test.each(Object.entries(REQUESTS))('%s', (_what, request) => {
    expect(decodeRequest(wire(request))).toEqual(request)
  })
})

const turn = (content: unknown, role = 'user') => ({ model: 'm', max_tokens: 1, messages: [{ role, content }] })

describe('the server half', () => {
  test('takes instructions in the middle of a conversation, where the API takes them', () => {
    const messages = [hello, { role: 'system', content: 'Be brief.' }]
    expect(decodeRequest({ model: 'm', max_tokens: 1, messages }).messages).toEqual(messages)
  })

  test('takes thoughts without a signature, as the encoder writes them for providers that sign nothing', () => {
    const content = [{ type: 'thinking', thinking: 'Hm.', signature: '' }]
    expect(decodeRequest(turn(content, 'assistant')).messages).toEqual([
      { role: 'assistant', content: '', thoughts: [{ text: 'Hm.' }] },
    ])
  })

  test.each<[string, unknown, RegExp]>([
    ['no body', undefined, /body/],
    ['no model', { max_tokens: 1, messages: [hello] }, /^model/],
    ['no limit', { model: 'm', messages: [hello] }, /^max_tokens/],
    ['a limit of nothing', { model: 'm', max_tokens: 0, messages: [hello] }, /^max_tokens/],
    ['no messages', { model: 'm', max_tokens: 1, messages: [] }, /^messages/],
    ['a message that is none', { model: 'm', max_tokens: 1, messages: ['Hello'] }, /messages\.0/],
    ['an unknown role', turn('x', 'robot'), /messages\.0\.role/],
    ['content that is none', turn(1), /messages\.0\.content/],
    ['an unknown piece', turn([{ type: 'smell' }]), /"smell"/],
    ['an unknown piece of an answer', turn([{ type: 'server_tool_use' }], 'assistant'), /"server_tool_use"/],
    ['text without text', turn([{ type: 'text' }]), /text: a string/],
    ['an image of a file id', turn([{ type: 'image', source: { type: 'file', file_id: 'f' } }]), /"file"/],
    ['an image without a source', turn([{ type: 'image' }]), /source/],
    [
      'an image as the result of a tool',
      turn([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'image' }] }]),
      /tool result of type "image"/,
    ],
    ['tools that are none', { ...turn('x'), tools: {} }, /^tools/],
    ['a tool without a name', { ...turn('x'), tools: [{}] }, /tools\.0\.name/],
    ["a tool of the server's own", { ...turn('x'), tools: [{ type: 'bash', name: 'bash' }] }, /tools\.0\.input_schema/],
    ['an unknown choice', { ...turn('x'), tool_choice: { type: 'maybe' } }, /tool_choice/],
    ['an unknown format', { ...turn('x'), output_config: { format: { type: 'xml' } } }, /output_config\.format/],
    ['a temperature in words', { ...turn('x'), temperature: 'hot' }, /^temperature/],
    ['a stop that is no list', { ...turn('x'), stop_sequences: 'END' }, /^stop_sequences/],
  ])('refuses %s, and names what is wrong', (_what, body, words) => {
    expect(() => decodeRequest(body)).toThrow(
      expect.objectContaining({
        name: 'ChatError',
        code: 'bad-request',
        message: expect.stringMatching(words) as string,
      }),
    )
  })
})
