import { type AnswerFixture, anthropicVariants, chatVariants, type Fixtures, type Subject } from '@rivulet/testkit'
import { subjectOf } from '../subjects.ts'

/** The dialect that a competitor reads: the answers and errors are the same in each. */
export type Dialect = 'chat completions' | 'messages'

const contentType = 'text/event-stream'

/** The endpoint's own words. */
export const WORDS = 'Please slow down, says the endpoint.'

const TEXT = 'Rivers of data → sea'

const completions = (...data: (string | object)[]): Uint8Array =>
  Buffer.from(data.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join(''))
const chunk = (delta: object, reason: string | null = null): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_699_000_000,
  model: 'gpt-4',
  choices: [{ index: 0, delta, finish_reason: reason }],
})

const messages = (...events: ({ type: string } & object)[]): Uint8Array =>
  Buffer.from(events.map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join(''))
const usage = { input_tokens: 9, output_tokens: 12 }
const started = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-4-1',
    content: [],
    stop_reason: null,
    usage,
  },
}
const opened = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
const said = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
const ended = [
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
  { type: 'message_stop' },
]
const overloaded = { type: 'error', error: { type: 'overloaded_error', message: WORDS } }

const start = chunk({ role: 'assistant', content: '' })
const limited = { error: { message: WORDS, type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' } }

const completionsText: AnswerFixture = {
  contentType,
  body: completions(
    start,
    chunk({ content: 'Rivers of' }),
    chunk({ content: ' data → sea' }),
    chunk({}, 'stop'),
    '[DONE]',
  ),
  text: TEXT,
  endMark: '"finish_reason":"stop"',
}
const messagesText: AnswerFixture = {
  contentType,
  body: messages(
    started,
    opened,
    said('Rivers of'),
    said(' data → sea'),
    { type: 'content_block_stop', index: 0 } as never,
    ...ended,
  ),
  text: TEXT,
  endMark: '"content_block_stop"',
}

const FIXTURES: Readonly<Record<Dialect, Fixtures & { empty: AnswerFixture; errorDocument: object }>> = {
  'chat completions': {
    ...chatVariants(completionsText),
    text: completionsText,
    empty: { contentType, body: completions(start, chunk({}, 'stop'), '[DONE]'), endMark: '"finish_reason":"stop"' },
    errorFirst: { contentType, body: completions(limited), code: 'rate-limited' },
    errorMidStream: {
      contentType,
      body: completions(start, chunk({ content: 'Rivers of' }), limited),
      code: 'rate-limited',
    },
    errorDocument: limited,
  },
  messages: {
    ...anthropicVariants(messagesText),
    text: messagesText,
    empty: { contentType, body: messages(started, ...ended), endMark: '"end_turn"' },
    errorFirst: { contentType, body: messages(overloaded), code: 'overloaded' },
    errorMidStream: { contentType, body: messages(started, opened, said('Rivers of'), overloaded), code: 'overloaded' },
    errorDocument: overloaded,
  },
}

/** A subject of this dialect, of which only the answers are used. */
export async function competitorSubject(dialect: Dialect): Promise<Subject & { answers: (typeof FIXTURES)[Dialect] }> {
  const { provider, request } = await subjectOf('gravityengine')
  return { name: dialect, provider, request, answers: FIXTURES[dialect] }
}
