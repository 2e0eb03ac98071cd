import type { Usage } from '@rivulet/core'
import { fixturesIn, type Subject, withoutLines } from '@rivulet/testkit'
import { deepseek } from '../src/index.ts'

export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

const text = 'Flüsse "fließen" \\ 🌊\n→ Meer'
const endMark = '"finish_reason":"stop"'
const usage: Usage = { inputTokens: 17, outputTokens: 42, cachedTokens: 16, reasoningTokens: 30, source: 'reported' }

const toolCalls = [
  { id: 'call_00_Ab', name: 'get_weather', json: '{"city":"Åre"}' },
  { id: 'call_01_Cd', name: 'get_time', json: '{}' },
]

/** DeepSeek under the laws: `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'DeepSeek',
  provider: (options) => deepseek({ apiKey: 'a-secret-key', ...options }),
  secrets: ['a-secret-key'],
  request: { model: 'deepseek-flash', messages: [{ role: 'user', content: 'Rivers?' }] },
  answers: {
    text: { ...fixture('text.sse'), text, usage, endMark },
    onePiece: { ...fixture('document.json'), text, reasoning: 'Rivers run.', usage, endMark: true },
    reasoning: { ...fixture('reasoning.sse'), text, reasoning: 'Rivers run.', usage, endMark },
    onePieceToolCalls: { ...fixture('document-tool-calls.json'), toolCalls, endMark: true },
    toolCall: {
      ...fixture('tool-calls.sse'),
      reasoning: 'Rivers run.',
      toolCalls,
      usage,
      endMark: '"finish_reason":"tool_calls"',
    },
    cutToolCall: withoutLines(fixture('tool-calls.sse'), 'Åre', '"tool_calls":[{"index":1'),
    empty: { ...fixture('empty.sse'), endMark },
    more: {
      'structured output': { ...fixture('structured.sse'), text: '{"rivers":["Po","Ob"]}', usage, endMark },
    },
    errorFirst: { ...fixture('error-first.json'), code: 'quota' },
    errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'overloaded' },
  },
}
