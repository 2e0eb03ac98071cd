import { fixturesIn, type Subject, withoutLines } from '@rivulet/testkit'
import { openaiCompatible } from '../src/index.ts'

export const baseUrl = 'http://127.0.0.1:8000/v1'
export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

const text = 'Flüsse "fließen" \\ 🌊\n→ Meer'
const endMark = '"finish_reason":"stop"'

const toolCalls = [
  { id: 'chatcmpl-tool-1', name: 'get_weather', json: '{"city":"Åre"}' },
  { id: 'chatcmpl-tool-2', name: 'get_time', json: '{}' },
]

/** A server that speaks OpenAI's dialect under the laws: `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'OpenAI-compatible',
  provider: (options) => openaiCompatible({ apiKey: 'a-secret-key', ...options, baseUrl: options?.baseUrl ?? baseUrl }),
  secrets: ['a-secret-key'],
  request: { model: 'qwen3', messages: [{ role: 'user', content: 'Rivers?' }] },
  answers: {
    text: { ...fixture('text.sse'), text, usage: 'absent', endMark },
    onePiece: {
      ...fixture('document.json'),
      text,
      usage: { inputTokens: 9, outputTokens: 11, source: 'reported' },
      endMark: true,
    },
    reasoning: { ...fixture('reasoning.sse'), text, reasoning: 'Rivers run.', usage: 'absent', endMark },
    onePieceToolCalls: { ...fixture('document-tool-calls.json'), toolCalls, endMark: true },
    toolCall: {
      ...fixture('tool-calls.sse'),
      toolCalls,
      usage: 'absent',
      endMark: '"finish_reason":"tool_calls"',
    },
    cutToolCall: withoutLines(fixture('tool-calls.sse'), 'Åre', '"tool_calls":[{"index":1'),
    empty: { ...fixture('empty.sse'), endMark },
    more: {
      'structured output': { ...fixture('structured.sse'), text: '{"rivers":["Po","Ob"]}', endMark },
      'a refusal': { ...fixture('refusal.sse'), text: "I can't help with that.", endMark },
    },
    errorFirst: { ...fixture('error-first.json'), code: 'context-length' },
    errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'overloaded' },
  },
}
