import { type AnswerFixture, anthropicVariants, fixturesIn, type Subject, withoutLines } from '@rivulet/testkit'
import { anthropic } from '../src/index.ts'

export const KEY = 'sk-ant-api03-0123456789_abc-DEF'
export const fixture = fixturesIn(new URL('fixtures/', import.meta.url), { sse: 'text/event-stream; charset=utf-8' })

const whole = (name: string, text = ''): AnswerFixture => ({
  ...fixture(name),
  text,
  startMark: '"type":"message_start"',
  endMark: '"type":"message_stop"',
})
const parallel: AnswerFixture = {
  ...whole('parallel-tool-calls.sse'),
  toolCalls: [
    { type: 'tool-call', id: 'toolu_01A', name: 'get_weather', input: '{"location": "Bern"}' },
    { type: 'tool-call', id: 'toolu_01B', name: 'get_time', input: '{}' },
  ],
}

const text: AnswerFixture = {
  ...whole('text.sse', 'Hallo Größe 🚀 "ok"\n— 你好 🌊.'),
  usage: { inputTokens: 12, outputTokens: 17, cachedTokens: 0, cacheWriteTokens: 0, source: 'reported' },
}
const onePiece: AnswerFixture = {
  ...fixture('one-piece.json'),
  text: 'Hallo Größe 🚀',
  reasoning: 'They greet me.',
  usage: {
    inputTokens: 16,
    outputTokens: 17,
    cachedTokens: 4,
    cacheWriteTokens: 0,
    reasoningTokens: 6,
    source: 'reported',
  },
  endMark: true,
}

/** Anthropic under the laws: `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'Anthropic',
  provider: (options) => anthropic({ apiKey: KEY, ...options }),
  request: { model: 'claude-opus-5-5', messages: [{ role: 'user', content: 'Hello' }] },
  secrets: [KEY],
  answers: {
    ...anthropicVariants(text, onePiece),
    text,
    onePiece,
    reasoning: { ...whole('reasoning.sse', 'No, it is not prime.'), reasoning: '27 is 3 × 9.' },
    onePieceToolCalls: {
      ...fixture('one-piece-tool-calls.json'),
      toolCalls: [
        { type: 'tool-call', id: 'toolu_01A', name: 'get_weather', input: '{"location":"Bern"}' },
        { type: 'tool-call', id: 'toolu_01B', name: 'get_time', input: '{}' },
      ],
      endMark: true,
    },
    toolCall: {
      ...whole('tool-call.sse', 'I look.'),
      toolCalls: [{ type: 'tool-call', id: 'toolu_01T1', name: 'get_weather', input: '{"location": "Zürich"}' }],
    },
    toolCalls: { parallel },
    cutToolCall: withoutLines(fixture('tool-call.sse'), 'Zürich'),
    empty: whole('empty.sse'),
    more: {
      'parallel tool calls': parallel,
      'structured output': whole('structured-output.sse', '{"city":"Bern"}'),
      'a search of its own': whole('web-search.sse', 'I look it up. They are high.'),
      'a refusal': whole('refusal.sse', 'Hello..'),
    },
    errorFirst: { ...fixture('error-first.sse'), code: 'overloaded' },
    errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'overloaded' },
  },
}
