import type { Usage } from '@rivulet/core'
import { fixturesIn, type Subject } from '@rivulet/testkit'
import { mistral } from '../src/index.ts'

export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

const text = 'Flüsse "fließen" \\ 🌊\n→ Meer'
const endMark = '"finish_reason":"stop"'
const usage: Usage = { inputTokens: 12, outputTokens: 42, cachedTokens: 8, source: 'reported' }

const toolCalls = [
  { id: 'D681PevKs', name: 'get_weather', json: '{"city":"Åre"}' },
  { id: 'gSIMJiOkT', name: 'get_time', json: '{}' },
]

/** Mistral under the laws: `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'Mistral',
  provider: (options) => mistral({ apiKey: 'a-secret-key', ...options }),
  secrets: ['a-secret-key'],
  request: { model: 'mistral-medium-3-5', messages: [{ role: 'user', content: 'Rivers?' }] },
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
    errorFirst: { ...fixture('error-first.json'), code: 'overloaded' },
    errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'overloaded' },
  },
}
