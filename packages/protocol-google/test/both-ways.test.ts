import type { ChatEvent, ChatRequest } from '@rivulet/core'
import { testBothWays } from '@rivulet/testkit'
import { describe, it } from 'vitest'
import { gemini, geminiServer } from '../src/index.ts'

const question: ChatRequest = { model: 'acme-1', messages: [{ role: 'user', content: 'Hello' }] }
const asking = (more: Partial<ChatRequest>): { request: ChatRequest } => ({ request: { ...question, ...more } })
const start: ChatEvent = { type: 'start', provider: 'acme', model: 'acme-1', id: 'a1' }
const finish = (reason: 'stop' | 'tool-calls'): ChatEvent => ({ type: 'finish', reason })

testBothWays({
  runner: { describe, it },
  name: 'Gemini',
  client: gemini({ provider: 'acme' }),
  server: geminiServer(),
  // Its clients see no thoughts that they did not ask for.
  question: { reasoning: 'high' },
  requests: {
    'a question': asking({}),
    'one that is not streamed': asking({ stream: false }),
    'every setting': asking({
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      maxTokens: 50,
      stop: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      responseFormat: { name: 'answer', schema: { type: 'object', properties: {} } },
      reasoning: 'high',
    }),
    'any JSON': asking({ responseFormat: 'json' }),
    tools: asking({
      tools: [
        { name: 'f', description: 'F.', parameters: { type: 'object', properties: { x: { type: 'number' } } } },
        { name: 'g' },
        { type: 'native', dialect: 'gemini', value: { googleSearch: {} } },
      ],
      toolChoice: { name: 'f' },
    }),
    'a conversation': asking({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'system', content: 'Be kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look:' },
            { type: 'image', url: 'data:image/png;base64,AAAA' },
            { type: 'file', url: 'https://example.com/a.pdf' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'Hm.', signature: 's0' },
            { type: 'native', dialect: 'gemini', value: { executableCode: { code: '1' } } },
            { type: 'text', text: 'I look.', signature: 's1' },
            { type: 'tool-call', id: 'a', name: 'f', input: '{"x":1}', signature: 's2' },
            { type: 'tool-call', id: 'b', name: 'g', input: '{}' },
          ],
        },
        { role: 'tool', toolCallId: 'a', content: 'no', isError: true },
        {
          role: 'tool',
          toolCallId: 'b',
          content: [
            { type: 'text', text: 'See:' },
            { type: 'image', url: 'data:image/png;base64,AAAA' },
          ],
        },
        { role: 'user', content: 'Well?' },
      ],
    }),
  },
  answers: {
    'signatures, each with what it signs': [
      start,
      { type: 'text', text: 'I look.', signature: 's1' },
      { type: 'tool-call', id: 'a', name: 'f', signature: 's2' },
      { type: 'tool-input', id: 'a', text: '{"x":1}' },
      finish('tool-calls'),
    ],
    "the API's own tools": [
      start,
      { type: 'native', dialect: 'gemini', value: { executableCode: { code: '1' }, thoughtSignature: 's' } },
      { type: 'native', dialect: 'gemini', value: { codeExecutionResult: { output: '1' } } },
      { type: 'text', text: 'One.' },
      { type: 'native', dialect: 'gemini', value: { groundingMetadata: { webSearchQueries: ['one'] } } },
      finish('stop'),
    ],
  },
})
