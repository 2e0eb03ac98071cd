import type { Usage, ToolCallPart } from '@rivulet/core'
import {
  type AnswerFixture,
  chatSubject,
  fixturesIn,
  openaiEmbeddings,
  responsesVariants,
  type Subject,
} from '@rivulet/testkit'
import { openai } from '../src/index.ts'

const folder = new URL('fixtures/', import.meta.url)
export const fixture = fixturesIn(folder)
/** Those of Responses, whose event streams say their charset. */
export const responsesFixture = fixturesIn(folder, { sse: 'text/event-stream; charset=utf-8' })

const text = 'Flüsse "fließen" \\ 🌊\n→ Meer'
const toolCalls: readonly ToolCallPart[] = [
  { type: 'tool-call', id: 'call_Ab1', name: 'get_weather', input: '{"city":"Åre"}' },
  { type: 'tool-call', id: 'call_Cd2', name: 'get_time', input: '{}' },
]

/** OpenAI's chat completions under the laws: `pnpm truth` finds it here. */
export const subject = chatSubject({
  name: 'OpenAI',
  factory: openai,
  fixture,
  model: 'gpt-6.1-terra',
  usage: { inputTokens: 19, outputTokens: 42, cachedTokens: 16, reasoningTokens: 30, source: 'reported' },
  usageIn: {
    'document.json': { inputTokens: 19, outputTokens: 42, cachedTokens: 0, reasoningTokens: 0, source: 'reported' },
    'structured.sse': 'absent',
  },
  toolIds: ['call_Ab1', 'call_Cd2'],
  argumentsInParts: true,
  refusal: "I can't help with that.",
  errorFirst: { ...fixture('error-first.json'), code: 'quota' },
})

const reasoning = '**Looking** at rivers\n\nand seas'
const completed = '"type":"response.completed"'
const thought: Usage = {
  inputTokens: 75,
  outputTokens: 120,
  cachedTokens: 64,
  reasoningTokens: 96,
  source: 'reported',
}
const responsesText: AnswerFixture = {
  ...responsesFixture('responses-text.sse'),
  text,
  usage: thought,
  startMark: '"type":"response.created"',
  endMark: completed,
}

/** OpenAI's Responses under the laws. */
export const responsesSubject: Subject = {
  ...subject,
  name: 'OpenAI (Responses)',
  provider: (options) => openai({ api: 'responses', apiKey: 'a-secret-key', ...options }),
  answers: {
    ...responsesVariants(responsesText),
    text: responsesText,
    onePiece: { ...responsesFixture('responses-document.json'), text, reasoning, usage: thought, endMark: true },
    reasoning: { ...responsesFixture('responses-reasoning.sse'), text, reasoning, usage: thought, endMark: completed },
    onePieceToolCalls: { ...responsesFixture('responses-document-tool-calls.json'), toolCalls, endMark: true },
    toolCall: { ...responsesFixture('responses-tool-calls.sse'), toolCalls, usage: thought, endMark: completed },
    empty: { ...responsesFixture('responses-empty.sse'), endMark: completed },
    more: {
      'a refusal': {
        ...responsesFixture('responses-refusal.sse'),
        text: "I can't help with that.",
        endMark: completed,
      },
      'an answer that was too long': {
        ...responsesFixture('responses-incomplete.sse'),
        text: 'Flüsse',
        endMark: '"type":"response.incomplete"',
      },
    },
    errorFirst: { ...responsesFixture('responses-error-first.sse'), code: 'rate-limited' },
    errorMidStream: { ...responsesFixture('responses-failed.sse'), code: 'overloaded' },
    embeddings: openaiEmbeddings('text-embedding-4'),
  },
}
