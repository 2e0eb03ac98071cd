import type { ToolCallPart, Usage } from '@rivulet/core'
import { type AnswerFixture, fixturesIn, geminiEmbeddings, geminiVariants, type Subject } from '@rivulet/testkit'
import { google } from '../src/index.ts'

export const KEY = 'AIzaSy-0123456789_abcDEF'
export const fixture = fixturesIn(new URL('fixtures/', import.meta.url), { json: 'application/json; charset=UTF-8' })

const whole = (name: string, text = '', endMark = '"finishReason": "STOP"'): AnswerFixture => ({
  ...fixture(name),
  text,
  endMark,
  endsWithBody: true,
})
/** Thoughts count as output. */
const reported = (inputTokens: number, outputTokens: number, more: Partial<Usage> = {}): Usage => ({
  inputTokens,
  outputTokens,
  ...more,
  source: 'reported',
})
const parallelCalls = (signature: string): readonly ToolCallPart[] => [
  { type: 'tool-call', id: 'p1_0', name: 'get_weather', input: '{"location":"Bern"}', signature },
  { type: 'tool-call', id: 'p1_1', name: 'get_time', input: '{}' },
]
const parallel: AnswerFixture = {
  ...whole('parallel-tool-calls.sse'),
  toolCalls: parallelCalls('CtQBAdHtim9e'),
  usage: reported(60, 30),
}

const text: AnswerFixture = {
  ...whole('text.sse', 'Hallo Größe 🚀 "ok"\n— 你好 🌊.'),
  usage: reported(8, 42, { cachedTokens: 4, reasoningTokens: 30 }),
}
const onePiece: AnswerFixture = {
  ...fixture('one-piece.json'),
  text: 'Hallo Größe 🚀',
  reasoning: 'They greet me.',
  usage: reported(15, 15, { reasoningTokens: 9 }),
  endMark: true,
}

/** Google as a subject of the laws; `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'Google',
  provider: (options) => google({ apiKey: KEY, ...options }),
  request: { model: 'gemini-3.8-flash', messages: [{ role: 'user', content: 'Hello' }] },
  secrets: [KEY],
  answers: {
    ...geminiVariants(text, onePiece),
    text,
    onePiece,
    reasoning: {
      ...whole('reasoning.sse', 'No, it is not prime.'),
      reasoning: '27 is 3 × 9.',
      usage: reported(10, 27, { reasoningTokens: 20 }),
    },
    onePieceToolCalls: {
      ...fixture('one-piece-tool-calls.json'),
      toolCalls: parallelCalls('EjQKMgEM'),
      endMark: true,
    },
    toolCall: {
      ...whole('tool-call.sse', 'I look.'),
      toolCalls: [
        {
          type: 'tool-call',
          id: '8f2b1a3c',
          name: 'get_weather',
          input: '{"location":"Zürich"}',
          signature: 'CtQBAdHtim9eK1tP',
        },
      ],
      usage: reported(60, 58, { reasoningTokens: 40 }),
    },
    toolCalls: { parallel },
    empty: whole('empty.sse'),
    more: {
      'parallel tool calls': parallel,
      'structured output': whole('structured-output.sse', '{"city":"Bern"}'),
      'a refusal': whole('refusal.sse', 'First you', '"finishReason": "SAFETY"'),
    },
    errorFirst: { ...fixture('error-first.json'), code: 'overloaded' },
    errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'rate-limited' },
    embeddings: geminiEmbeddings('gemini-embedding-2'),
  },
}
