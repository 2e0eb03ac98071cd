import type { Usage } from '@rivulet/core'
import { fixturesIn, type Subject } from '@rivulet/testkit'
import { groq } from '../src/index.ts'

export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

const text = 'Flüsse "fließen" \\ 🌊\n→ Meer'
const endMark = '"finish_reason":"stop"'
/** Told beside the choices, in `x_groq`. */
const usage: Usage = { inputTokens: 74, outputTokens: 42, cachedTokens: 64, reasoningTokens: 30, source: 'reported' }

const toolCalls = [
  { id: 'fc_1a', name: 'get_weather', json: '{"city":"Åre"}' },
  { id: 'fc_2b', name: 'get_time', json: '{}' },
]

/** Groq under the laws: `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'Groq',
  provider: (options) => groq({ apiKey: 'a-secret-key', ...options }),
  secrets: ['a-secret-key'],
  request: { model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'Rivers?' }] },
  answers: {
    text: { ...fixture('text.sse'), text, usage, endMark },
    onePiece: { ...fixture('document.json'), text, reasoning: 'Rivers run.', usage, endMark: true },
    reasoning: { ...fixture('reasoning.sse'), text, reasoning: 'Rivers run.', usage, endMark },
    onePieceToolCalls: { ...fixture('document-tool-calls.json'), toolCalls, endMark: true },
    toolCall: {
      ...fixture('tool-calls.sse'),
      toolCalls,
      usage,
      endMark: '"finish_reason":"tool_calls"',
    },
    empty: { ...fixture('empty.sse'), endMark },
    more: {
      'structured output': { ...fixture('structured.sse'), text: '{"rivers":["Po","Ob"]}', usage, endMark },
    },
    errorFirst: { ...fixture('error-first.sse'), code: 'malformed' },
    errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'overloaded' },
  },
}
