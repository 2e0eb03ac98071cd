import type { Usage } from '@rivulet/core'
import { fixturesIn, type Subject } from '@rivulet/testkit'
import { xai } from '../src/index.ts'

export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

const text = 'Flüsse "fließen" \\ 🌊\n→ Meer'
const endMark = '"finish_reason":"stop"'
/** What was thought counts, though it stands beside the completion tokens and not in them: 9 + 194. */
const usage: Usage = { inputTokens: 32, outputTokens: 203, cachedTokens: 6, reasoningTokens: 194, source: 'reported' }

const toolCalls = [
  { id: 'call_71', name: 'get_weather', json: '{"city":"Åre"}' },
  { id: 'call_72', name: 'get_time', json: '{}' },
]

/** xAI under the laws: `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'xAI',
  provider: (options) => xai({ apiKey: 'a-secret-key', ...options }),
  secrets: ['a-secret-key'],
  request: { model: 'grok-4.7', messages: [{ role: 'user', content: 'Rivers?' }] },
  answers: {
    text: { ...fixture('text.sse'), text, usage, endMark },
    onePiece: { ...fixture('document.json'), text, usage, endMark: true },
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
    errorFirst: { ...fixture('error-first.json'), code: 'rate-limited' },
    errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'overloaded' },
  },
}
