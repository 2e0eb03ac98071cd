import type { ChatRequest } from '@rivulet/core'
import { messages, type MessagesModel, type MessagesOptions } from '../../src/index.ts'

export const MODELS: MessagesModel[] = [{ id: 'old', outputTokens: 64_000, thinking: 'budget' }]
const base = { model: 'claude-opus-5-5', stream: true, maxTokens: 100 }
export const hello = { role: 'user', content: 'Hello' } as const

/** The body of a request to the model `m`, as it is sent. */
export function bodyOf(request: Partial<ChatRequest>, options?: MessagesOptions): Record<string, unknown> {
  return openedAs(request, options).body
}

/** The same, with what was left out, lowered or carried another way. */
export function openedAs(
  request: Partial<ChatRequest>,
  options?: MessagesOptions,
): { body: Record<string, unknown>; dropped: readonly string[] } {
  const { http, dropped = [] } = messages(options).open({ model: 'm', messages: [hello], ...request })
  return { body: JSON.parse(http.json ?? JSON.stringify(http.body)) as Record<string, unknown>, dropped }
}

const PNG = 'data:image/png;base64,iVBORw0KGgo='
const schema = { type: 'object', properties: { x: { type: 'number' } }, additionalProperties: false }

const dialect = 'anthropic-messages'
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
    topK: 40,
    stop: ['END', '\n\n'],
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
          { type: 'text', text: 'What is this?', cache: '5m' },
        ],
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
  'a turn in its own order, with blocks of the vendor': {
    ...base,
    messages: [
      hello,
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'First.', signature: 'a' },
          { type: 'text', text: 'I search.' },
          {
            type: 'native',
            dialect,
            value: { type: 'server_tool_use', id: 's1', name: 'web_search', input: { q: 'x' } },
          },
          { type: 'native', dialect, value: { type: 'web_search_tool_result', tool_use_id: 's1', content: [] } },
          { type: 'reasoning', text: 'Then.', signature: 'b' },
          { type: 'tool-call', id: 't1', name: 'weather', input: '{}' },
          { type: 'reasoning', text: 'And.', signature: 'c' },
          { type: 'tool-call', id: 't2', name: 'weather', input: '{}' },
        ],
      },
      {
        role: 'tool',
        toolCallId: 't1',
        content: [
          { type: 'image', url: PNG },
          { type: 'text', text: 'A map.' },
        ],
      },
      {
        role: 'tool',
        toolCallId: 't2',
        content: [
          { type: 'native', dialect, value: { type: 'tool_reference', tool_name: 'now' } },
          { type: 'file', url: 'data:application/pdf;base64,JVBERi0=' },
        ],
        cache: '1h',
      },
    ],
    tools: [
      { ...tools[0], name: 'weather', strict: false, cache: '1h' },
      { type: 'native', dialect, value: { type: 'web_search_20260318', name: 'web_search' } },
    ],
  },
  'calls one after the other': { ...base, messages: [hello], tools, toolChoice: 'auto', parallelToolCalls: false },
  'a tool that must be called': { ...base, messages: [hello], tools, toolChoice: 'required' },
  'no tool': { ...base, messages: [hello], tools, toolChoice: 'none' },
  'one tool': { ...base, messages: [hello], tools, toolChoice: { name: 'weather' } },
  'JSON of a schema': { ...base, messages: [hello], responseFormat: { name: 'response', schema } },
  'any JSON': { ...base, messages: [{ role: 'system', content: 'Be brief.' }, hello], responseFormat: 'json' },
  ...Object.fromEntries(
    (['none', 'low', 'medium', 'high', 'xhigh', 'max'] as const).flatMap((reasoning): [string, ChatRequest][] => [
      [`reasoning ${reasoning}`, { ...base, messages: [hello], reasoning }],
      [`reasoning ${reasoning} by budget`, { ...base, model: 'old', maxTokens: 60_000, messages: [hello], reasoning }],
    ]),
  ),
  'minimal reasoning by budget': { ...base, model: 'old', maxTokens: 9000, messages: [hello], reasoning: 'minimal' },
}
