import type { ChatRequest } from '@rivulet/core'
import type { MessagesModel } from '../../src/index.ts'

export const MODELS: MessagesModel[] = [{ id: 'old', outputTokens: 64_000, thinking: 'budget' }]
const base = { model: 'claude-opus-5-5', stream: true, maxTokens: 100 }
export const hello = { role: 'user', content: 'Hello' } as const
const PNG = 'data:image/png;base64,iVBORw0KGgo='
const schema = { type: 'object', properties: { x: { type: 'number' } }, additionalProperties: false }

const tools = [{ name: 'weather', parameters: { type: 'object', properties: {} } }]

/** Requests that the dialect carries without loss. */
export const REQUESTS: Record<string, ChatRequest> = {
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
  'one system message': { ...base, messages: [{ role: 'system', content: 'Be brief.' }, hello] },
  'system messages, one of them cached': {
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
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', id: 't1', name: 'weather', input: '{"city":"Bern"}' },
          { type: 'tool-call', id: 't2', name: 'now', input: '{}' },
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
  'a turn that only calls tools': {
    ...base,
    messages: [
      hello,
      { role: 'assistant', content: [{ type: 'tool-call', id: 't', name: 'f', input: '{}' }] },
      { role: 'tool', toolCallId: 't', content: '' },
    ],
  },
  'signed and sealed thoughts': {
    ...base,
    messages: [
      hello,
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', signature: 'c2ln' },
          { type: 'reasoning', text: '', sealed: 'c2VhbA==' },
          { type: 'reasoning', text: '', signature: 't' },
          { type: 'text', text: 'Yes.' },
        ],
      },
      { role: 'user', content: 'Why?' },
    ],
  },
  'a tool that must be called': { ...base, messages: [hello], tools, toolChoice: 'required' },
  'no tool': { ...base, messages: [hello], tools, toolChoice: 'none' },
  'one tool': { ...base, messages: [hello], tools, toolChoice: { name: 'weather' } },
  'JSON of a schema': { ...base, messages: [hello], responseFormat: { name: 'response', schema } },
  'any JSON': { ...base, messages: [{ role: 'system', content: 'Be brief.' }, hello], responseFormat: 'json' },
  ...Object.fromEntries(
    (['none', 'low', 'medium', 'high'] as const).flatMap((reasoning): [string, ChatRequest][] => [
      [`reasoning ${reasoning}`, { ...base, messages: [hello], reasoning }],
      [`reasoning ${reasoning} by budget`, { ...base, model: 'old', maxTokens: 60_000, messages: [hello], reasoning }],
    ]),
  ),
  'minimal reasoning by budget': { ...base, model: 'old', maxTokens: 9000, messages: [hello], reasoning: 'minimal' },
}
