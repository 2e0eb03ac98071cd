import type { Usage } from '@rivulet/core'
import { fixturesIn, type Subject, withoutLines } from '@rivulet/testkit'
import { openrouter } from '../src/index.ts'

export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

const text = 'Flüsse "fließen" \\ 🌊\n→ Meer'
const endMark = '"finish_reason":"stop"'
const usage: Usage = { inputTokens: 21, outputTokens: 42, cachedTokens: 16, reasoningTokens: 30, source: 'reported' }

const toolCalls = [
  { id: 'toolu_01A', name: 'get_weather', json: '{"city":"Åre"}' },
  { id: 'toolu_01B', name: 'get_time', json: '{}' },
]

/** OpenRouter under the laws: `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'OpenRouter',
  provider: (options) => openrouter({ apiKey: 'a-secret-key', ...options }),
  secrets: ['a-secret-key'],
  request: { model: 'anthropic/claude-sonnet-5.5', messages: [{ role: 'user', content: 'Rivers?' }] },
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
    cutToolCall: withoutLines(fixture('tool-calls.sse'), 'Åre', '"tool_calls":[{"index":1'),
    empty: { ...fixture('empty.sse'), endMark },
    more: {
      'structured output': { ...fixture('structured.sse'), text: '{"rivers":["Po","Ob"]}', usage, endMark },
    },
    errorFirst: { ...fixture('error-first.json'), code: 'rate-limited' },
    errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'overloaded' },
  },
}
