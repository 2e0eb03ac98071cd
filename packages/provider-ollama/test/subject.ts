import type { ToolCallPart, Usage } from '@rivulet/core'
import { type AnswerFixture, fixturesIn, ollamaEmbeddings, ollamaVariants, type Subject } from '@rivulet/testkit'
import { ollama } from '../src/index.ts'

export const fixture = fixturesIn(new URL('fixtures/', import.meta.url), { json: 'application/json; charset=utf-8' })

const whole = (name: string, text = ''): AnswerFixture => ({ ...fixture(name), text, endMark: '"done":true' })
const reported = (inputTokens: number, outputTokens: number): { usage: Usage } => ({
  usage: { inputTokens, outputTokens, source: 'reported' },
})
const parallelCalls: readonly ToolCallPart[] = [
  { type: 'tool-call', id: 'call_20261120102500123456_0', name: 'get_weather', input: '{"location":"Bern"}' },
  { type: 'tool-call', id: 'call_20261120102500123456_1', name: 'get_time', input: '{}' },
]
const parallel: AnswerFixture = {
  ...whole('parallel-tool-calls.ndjson'),
  toolCalls: parallelCalls,
  ...reported(169, 30),
}

const text: AnswerFixture = { ...whole('text.ndjson', 'Hallo Größe 🚀 "ok"\n— 你好 🌊.'), ...reported(26, 17) }
const onePiece: AnswerFixture = {
  ...fixture('one-piece.json'),
  text: 'Hallo Größe 🚀',
  reasoning: 'They greet me.',
  ...reported(26, 298),
  endMark: true,
}

/** Ollama under the laws: `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'Ollama',
  provider: (options) => ollama(options),
  request: { model: 'llama3.2:3b', messages: [{ role: 'user', content: 'Hello' }] },
  answers: {
    ...ollamaVariants(text, onePiece),
    text,
    onePiece,
    reasoning: {
      ...whole('reasoning.ndjson', 'No, it is not prime.'),
      reasoning: '27 is 3 × 9.',
      ...reported(20, 40),
    },
    onePieceToolCalls: {
      ...fixture('one-piece-tool-calls.json'),
      toolCalls: parallelCalls,
      endMark: true,
    },
    toolCall: {
      ...whole('tool-call.ndjson', 'I look.'),
      toolCalls: [{ type: 'tool-call', id: 'call_8f2b1a3c', name: 'get_weather', input: '{"location":"Zürich"}' }],
      ...reported(169, 15),
    },
    toolCalls: { parallel },
    empty: whole('empty.ndjson'),
    more: {
      'parallel tool calls': parallel,
      'structured output': { ...whole('structured-output.ndjson', '{"city":"Bern"}'), ...reported(12, 9) },
      'a refusal': { ...whole('refusal.ndjson', "I can't help with that."), ...reported(12, 9) },
    },
    errorFirst: { ...fixture('error-first.ndjson'), code: 'overloaded' },
    errorMidStream: { ...fixture('error-mid-stream.ndjson'), code: 'overloaded' },
    embeddings: ollamaEmbeddings('all-minilm'),
  },
}
