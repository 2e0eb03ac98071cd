import { ChatError, type ChatEvent, type Usage } from '@rivulet/core'
import { expect, test } from 'vitest'
import { read } from '../support/decoding.ts'
import { chunksIn, IDENTITY, say, start, writerOf } from '../support/server.ts'

const USAGE = { stream_options: { include_usage: true } }
const usage: Usage = { inputTokens: 3, outputTokens: 4, cachedTokens: 2, reasoningTokens: 1, source: 'reported' }
const finish = (reason: Extract<ChatEvent, { type: 'finish' }>['reason'] = 'stop'): ChatEvent => ({
  type: 'finish',
  reason,
  usage,
})

const written = (events: readonly ChatEvent[], asked: object = USAGE): string => writerOf(asked).write(events)

/** Events as a decoder emits them: `httpProvider()` adds the provider. */
const told = (events: readonly ChatEvent[]): unknown[] =>
  events.map((event) => (event.type === 'start' ? { type: 'start', model: event.model, id: event.id } : event))

test('a stream is what OpenAI sends: one chunk for each event, usage in its own chunk, an end mark', () => {
  const chunks = chunksIn(written([start, say('a'), finish()]))
  const about = { id: 'c1', object: 'chat.completion.chunk', created: IDENTITY.created, model: 'gpt-4' }
  const chunk = (delta: object, finish_reason: string | null = null): object => ({
    ...about,
    choices: [{ index: 0, delta, finish_reason }],
    usage: null,
  })
  expect(chunks.slice(0, -1)).toEqual([
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'a' }),
    chunk({}, 'stop'),
    {
      ...about,
      choices: [],
      usage: {
        prompt_tokens: 3,
        completion_tokens: 4,
        total_tokens: 7,
        prompt_tokens_details: { cached_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
    },
  ])
  expect(chunks.at(-1)).toBe('[DONE]')
})

test('usage is sent only to a client that asked for it', () => {
  expect(written([start, say('a'), finish()], {})).not.toContain('usage')
})

test('an answer without an id, or without a start, has the id of the options', () => {
  const { events } = read(written([{ type: 'start', provider: 'p', model: 'm' }, say('a'), finish()]))
  expect(events[0]).toEqual({ type: 'start', model: 'gpt-4', id: 'chatcmpl-1' })
  expect(read(written([say('a'), finish()])).events[0]).toEqual({ type: 'start', model: 'gpt-4', id: 'chatcmpl-1' })
})

test('a reason that the dialect has no word for is written as stop', () => {
  expect(read(written([start, say('a'), finish('other')])).events.at(-1)).toEqual(finish('stop'))
})

test('a stream that fails ends with its error, which a client reads with its code', () => {
  const answer = writerOf()
  const body = answer.write([start, say('a')]) + answer.fail(new ChatError('rate-limited', 'slow down'))
  expect(read(body)).toEqual({
    events: told([start, say('a')]),
    failure: { code: 'rate-limited', message: 'the endpoint reports: slow down' },
  })
})
