import { ChatError, type ChatEvent, type Usage } from '@rivulet/core'
import { Collector, type DecodedEvent } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { answerDocument, answerStream } from '../../src/index.ts'
import { read } from '../support/decoding.ts'

const options = { id: 'chatcmpl-1', created: 1_795_132_800, includeUsage: true }
const start: ChatEvent = { type: 'start', provider: 'acme', model: 'gpt-4', id: 'c1' }
const usage: Usage = { inputTokens: 3, outputTokens: 4, cachedTokens: 2, reasoningTokens: 1, source: 'reported' }
const finish = (reason: Extract<ChatEvent, { type: 'finish' }>['reason'] = 'stop'): ChatEvent => ({
  type: 'finish',
  reason,
  usage,
})
const say = (text: string): ChatEvent => ({ type: 'text', text })

/** The table: answers that are the same on the way out and back, as a stream and as a document. */
const ANSWERS: Readonly<Record<string, readonly ChatEvent[]>> = {
  text: [start, say('Hel'), say('lo'), finish()],
  'text that needs escaping': [start, say('"\\\n\u0000\u2028🌊'), say(' }]}'), say('\ud83c\udf0a'), finish()],
  'text as a stream spells its end': [start, say('data: [DONE]\n\n'), finish()],
  'no text at all': [start, finish()],
  'text cut by its length': [start, say('Hel'), finish('length')],
  'a filtered answer': [start, say('I can’t.'), finish('content-filter')],
  thoughts: [start, { type: 'reasoning', text: 'hm' }, { type: 'reasoning', text: '…' }, say('a'), finish()],
  'a thought that is signed': [
    start,
    { type: 'reasoning', text: 'hm' },
    { type: 'reasoning', text: '', signature: 'proof' },
    say('a'),
    finish(),
  ],
  'a thought that is signed as it comes': [
    start,
    { type: 'reasoning', text: 'hm', signature: 'proof' },
    say('a'),
    finish(),
  ],
  'a thought that is sealed': [start, { type: 'reasoning', text: '', sealed: 'gAAA' }, say('a'), finish()],
  'a thought that is sealed and signed': [
    start,
    { type: 'reasoning', text: '', signature: 'rs_1', sealed: 'gAAA' },
    say('a'),
    finish(),
  ],
  'thoughts signed in details of a router': [
    start,
    { type: 'reasoning', text: 'hm', signature: '{"type":"reasoning.text","signature":"s","format":"f","index":0}' },
    { type: 'reasoning', text: '', sealed: '{"type":"reasoning.encrypted","data":"d","format":"f","index":1}' },
    say('a'),
    finish(),
  ],
  'a tool call': [
    start,
    { type: 'tool-call', id: '1', name: 'f' },
    { type: 'tool-input', id: '1', json: '{"a"' },
    { type: 'tool-input', id: '1', json: ':"\\"é"}' },
    finish('tool-calls'),
  ],
  'tool calls at once, interleaved, one without input, behind words': [
    start,
    say('Let me see.'),
    { type: 'tool-call', id: '1', name: 'f' },
    { type: 'tool-call', id: '2', name: 'g' },
    { type: 'tool-call', id: '3', name: 'h' },
    { type: 'tool-input', id: '2', json: '[' },
    { type: 'tool-input', id: '1', json: '{}' },
    { type: 'tool-input', id: '2', json: ']' },
    finish('tool-calls'),
  ],
  'no usage': [start, say('a'), { type: 'finish', reason: 'stop' }],
}
const table = Object.entries(ANSWERS)

const written = (events: readonly ChatEvent[], given = options): string => {
  const answer = answerStream(given)
  return events.map((event) => answer.write(event)).join('')
}
/** As a decoder tells it: who answers is for the provider to say. */
const told = (events: readonly ChatEvent[]): unknown[] =>
  events.map((event) => (event.type === 'start' ? { type: 'start', model: event.model, id: event.id } : event))
const resultOf = (events: readonly (ChatEvent | DecodedEvent)[]) => {
  const collector = new Collector()
  for (const event of events) {
    collector.add(event.type === 'start' ? { ...event, model: event.model ?? '', provider: 'acme' } : event)
  }
  return collector.result()
}

describe('what was written is read as it was: decode(encode(events)) = events', () => {
  test.each(table)('as a stream: %s', (_name, events) => {
    expect(read(written(events))).toEqual({ events: told(events) })
  })

  test.each(table)('as a stream, byte by byte: %s', (_name, events) => {
    const bytes = Array.from(Buffer.from(written(events)), (byte) => Uint8Array.of(byte))
    expect(read(bytes)).toEqual({ events: told(events) })
  })

  test.each(table)('as one document: %s', (_name, events) => {
    const result = resultOf(events)
    const { events: back, failure } = read(JSON.stringify(answerDocument(result, options)), 'application/json')
    expect(failure).toBeUndefined()
    expect(resultOf(back)).toEqual(result)
  })
})

test('a stream is what OpenAI sends: one event a chunk, usage in its own, an end mark', () => {
  const chunks = written([start, say('a'), finish()])
    .trimEnd()
    .split('\n\n')
    .map((line) => line.slice('data: '.length))
  const about = { id: 'c1', object: 'chat.completion.chunk', created: 1_795_132_800, model: 'gpt-4' }
  const chunk = (delta: object, finish_reason: string | null = null): object => ({
    ...about,
    choices: [{ index: 0, delta, finish_reason }],
    usage: null,
  })
  expect(chunks.slice(0, -1).map((line) => JSON.parse(line) as unknown)).toEqual([
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

test('usage is told only to who asked for it', () => {
  expect(written([start, say('a'), finish()], { ...options, includeUsage: false })).not.toContain('usage')
})

test('an answer without an id has that of its options; one without a start is begun', () => {
  const { events } = read(written([{ type: 'start', provider: 'p', model: 'm' }, say('a'), finish()]))
  expect(events[0]).toEqual({ type: 'start', model: 'm', id: 'chatcmpl-1' })
  expect(read(written([say('a'), finish()])).events[0]).toEqual({ type: 'start', id: 'chatcmpl-1' })
})

test('a reason that the dialect has no word for is an end', () => {
  expect(read(written([start, say('a'), finish('other')])).events.at(-1)).toEqual(finish('stop'))
})

describe('what the dialect has no word for', () => {
  const resume: ChatEvent = { type: 'resume', from: 'a', reason: 'truncated', message: 'broke off' }
  const restart: ChatEvent = { ...resume, type: 'restart' }

  test('another provider goes on: it is one answer', () => {
    const events = [start, say('a'), resume, { ...start, id: 'c2' }, say('b'), finish()]
    expect(read(written(events))).toEqual({ events: told([start, say('a'), say('b'), finish()]) })
  })

  test('an answer that begins anew before its first content is one answer', () => {
    expect(read(written([start, restart, start, say('b'), finish()]))).toEqual({
      events: told([start, say('b'), finish()]),
    })
  })

  test('an answer that begins anew behind content breaks: what was sent stays sent', () => {
    const answer = answerStream(options)
    answer.write(start)
    answer.write(say('a'))
    expect(() => answer.write(restart)).toThrow(ChatError)
  })

  test('raw frames are not handed on', () => {
    expect(written([start, { type: 'raw', data: 'x' }])).toBe(written([start]))
  })
})

test('a stream that breaks ends with its error, which a client reads as what it means', () => {
  const answer = answerStream(options)
  const body = answer.write(start) + answer.write(say('a')) + answer.fail(new ChatError('rate-limited', 'slow down'))
  expect(read(body)).toEqual({
    events: told([start, say('a')]),
    failure: { code: 'rate-limited', message: 'the endpoint reports: slow down' },
  })
})
