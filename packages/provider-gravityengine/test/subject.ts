import { readFileSync } from 'node:fs'
import { type AnswerFixture, chatVariants, type Subject } from '@rivulet/testkit'
import { gravityengine } from '../src/index.ts'

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url))
const contentType = 'text/event-stream; charset=utf-8'
const endMark = '"finish_reason":"stop"'
const usage = { inputTokens: 9, outputTokens: 12, source: 'reported' } as const
const weather = { type: 'tool-call', name: 'get_weather', input: '{"city":"Åre"}' } as const

const calling = (name: string, toolCalls: AnswerFixture['toolCalls']): AnswerFixture => ({
  contentType,
  body: fixture(name),
  ...(toolCalls !== undefined && { toolCalls }),
  endMark: '"finish_reason":"tool_calls"',
})

const text: AnswerFixture = {
  contentType,
  body: fixture('text.sse'),
  text: 'Rivers of "naïve" \\ data 🏞️\n→ sea',
  usage: 'absent',
  endMark,
}
const onePiece: AnswerFixture = {
  contentType: 'application/json',
  body: fixture('document.json'),
  text: 'One piece:\n"naïve" 🏞️.',
  usage,
  endMark: true,
}

/** Gravityengine under the laws: `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'Gravityengine',
  provider: gravityengine,
  request: { model: 'gpt-3.5-turbo-0613', messages: [{ role: 'user', content: 'count to 5' }] },
  answers: {
    ...chatVariants(text, onePiece),
    text,
    onePiece,
    onePieceToolCalls: {
      contentType: 'application/json',
      body: fixture('document-tool-call.json'),
      toolCalls: [{ id: 'call_Ab1', ...weather }],
      endMark: true,
    },
    toolCall: calling('tool-call.sse', [{ id: 'call_Ab1', ...weather }]),
    toolCalls: {
      'two calls, interleaved, the id in the first fragment only': calling('tool-calls-interleaved.sse', [
        { id: 'call_Ab1', ...weather },
        { type: 'tool-call', id: 'call_Cd2', name: 'get_time', input: '{"zone":"CET"}' },
      ]),
      'one index for two calls': calling('tool-calls-same-index.sse', [
        { id: 'call_Ab1', ...weather },
        { type: 'tool-call', id: 'call_Cd2', name: 'get_time', input: '{"zone":"CET"}' },
      ]),
      'no arguments': calling('tool-call-empty.sse', [
        { type: 'tool-call', id: 'call_Ab1', name: 'get_time', input: '{}' },
      ]),
    },
    cutToolCall: { contentType, body: fixture('tool-call-cut.sse') },
    empty: { contentType, body: fixture('empty.sse'), endMark },
    more: {
      lines: {
        contentType: 'application/x-ndjson',
        body: fixture('lines.ndjson'),
        text: 'Zwei Zeilen: ñ 🧵',
        endMark: false,
      },
      'usage in its own last chunk': {
        contentType,
        body: fixture('usage-last.sse'),
        text: 'Rivers to the sea',
        usage,
        endMark,
      },
      'usage in every chunk': {
        contentType,
        body: fixture('usage-every.sse'),
        text: 'Rivers to the sea',
        usage,
        endMark,
      },
    },
    errorFirst: { contentType: 'application/json', body: fixture('error-first.json'), code: 'quota' },
    errorMidStream: { contentType, body: fixture('error-mid-stream.sse'), code: 'overloaded' },
  },
}
