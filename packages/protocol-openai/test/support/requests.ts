import type { ChatRequest } from '@rivulet/core'
import type { ChatQuirks } from '../../src/index.ts'

export const hello: ChatRequest = { model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }

/** Requests that the dialect carries without loss, with the quirks that it needs. `stream: true` is the default, so it is omitted. */
export const REQUESTS: Readonly<Record<string, [ChatRequest, ChatQuirks?]>> = {
  'only the required fields': [hello],
  'in one piece': [{ ...hello, stream: false }],
  'every setting': [
    {
      ...hello,
      temperature: 0,
      topP: 0.5,
      maxTokens: 9,
      stop: ['.', '\n'],
      seed: -1,
      presencePenalty: -2,
      frequencyPenalty: 2,
      reasoning: 'low',
      tools: [{ name: 'f', parameters: { type: 'object', properties: {} } }],
      toolChoice: 'required',
      responseFormat: 'json',
      parallelToolCalls: false,
    },
  ],
  'the newer names': [
    { ...hello, maxTokens: 9 },
    { maxTokens: 'max_completion_tokens', systemRole: 'developer' },
  ],
  'a system message, in either role': [
    { ...hello, messages: [{ role: 'system', content: 'Be brief.' }, ...hello.messages] },
    { systemRole: 'developer' },
  ],
  'tools, and a choice of one': [
    {
      ...hello,
      tools: [
        { name: 'f', description: 'd', parameters: { type: 'object', properties: { a: { type: 'string' } } } },
        { name: 'g', parameters: { type: 'object', properties: {} } },
      ],
      toolChoice: { name: 'f' },
    },
  ],
  'a schema': [{ ...hello, responseFormat: { name: 'n', schema: { type: 'object' } } }],
  'a schema that is a hint': [{ ...hello, responseFormat: { name: 'n', schema: { type: 'object' }, strict: false } }],
  'parts: text, image, file': [
    {
      ...hello,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image', url: 'data:image/png;base64,AA' },
            { type: 'file', url: 'data:application/pdf;base64,AA', name: 'a.pdf' },
          ],
        },
      ],
    },
  ],
  'a conversation with tools': [
    {
      ...hello,
      messages: [
        ...hello.messages,
        {
          role: 'assistant',
          content: [
            { type: 'tool-call', id: '1', name: 'f', input: '{"a":1}' },
            { type: 'tool-call', id: '2', name: 'g', input: '{}' },
          ],
        },
        { role: 'tool', toolCallId: '1', content: '42' },
        { role: 'tool', toolCallId: '2', content: '' },
        { role: 'assistant', content: 'It is 42.' },
        { role: 'user', content: 'Why?' },
      ],
    },
  ],
  'messages marked for the cache': [
    {
      ...hello,
      messages: [
        { role: 'system', content: 'Long.', cache: true },
        { role: 'user', content: 'Hello', cache: true },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image', url: 'https://example.com/a.png' },
          ],
          cache: true,
        },
      ],
    },
    { cacheControl: true },
  ],
  'thoughts, signed, sealed and neither': [
    {
      ...hello,
      messages: [
        ...hello.messages,
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm', signature: 'proof' },
            { type: 'reasoning', text: '', sealed: 'gAAA', id: 'rs_1' },
            { type: 'reasoning', text: '', sealed: '{"type":"reasoning.encrypted","data":"d","format":"f"}' },
            { type: 'reasoning', text: 'plain' },
            { type: 'text', text: 'Hi' },
          ],
        },
      ],
    },
    { thoughts: { origin: 'acme', as: 'reasoning_details' } },
  ],
  'thoughts as text': [
    {
      ...hello,
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm' },
            { type: 'text', text: 'Hi' },
          ],
        },
        ...hello.messages,
      ],
    },
    { thoughts: { origin: 'acme', as: 'reasoning_content' } },
  ],
}
