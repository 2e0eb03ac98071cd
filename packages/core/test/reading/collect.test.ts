import { describe, expect, test } from 'vitest'
import type { AssistantMessage, ChatEvent } from '../../src/chat.ts'
import { collect, textOf, toMessage } from '../../src/reading/collect.ts'
import { Collector } from '../../src/reading/collector.ts'
import { ChatError } from '../../src/errors.ts'
import { chatStream } from '../../src/stream.ts'
import { failure, finish, local, hello, rejection, textEvent, start } from '../support/providers.ts'

const answering = (...events: ChatEvent[]): AsyncIterable<ChatEvent> =>
  local(async function* () {
    yield* events
  }).stream(hello)

const restart: ChatEvent = { type: 'restart', from: 'a', reason: 'truncated', message: 'a broke' }
const call = (id: string, name = 'f'): ChatEvent => ({ type: 'tool-call', id, name })
const input = (id: string, json: string): ChatEvent => ({ type: 'tool-input', id, text: json })

describe('collect', () => {
  test('gives the whole answer, without absent fields', async () => {
    expect(await collect(answering(start, textEvent('Hel'), textEvent('lo'), finish))).toEqual({
      provider: 'local',
      model: 'm1',
      content: [textEvent('Hello')],
      text: 'Hello',
      toolCalls: [],
      reason: 'stop',
    })
  })

  test('gives every field', async () => {
    const usage = { inputTokens: 1, outputTokens: 2, source: 'reported' } as const
    const result = await collect(
      answering({ ...start, id: 'c1' } as ChatEvent, { type: 'reasoning', text: 'hm' }, textEvent('a'), {
        type: 'finish',
        reason: 'length',
        usage,
        skipped: 3,
      }),
    )
    expect(result).toEqual({
      provider: 'local',
      model: 'm1',
      id: 'c1',
      content: [{ type: 'reasoning', text: 'hm' }, textEvent('a')],
      text: 'a',
      reasoning: 'hm',
      toolCalls: [],
      reason: 'length',
      usage,
      skipped: 3,
    })
  })

  test('of a run of tools, gives the last answer: what a tool was called for is no part of it', async () => {
    const result = { type: 'tool-result', id: 'c1', name: 'f', content: '20', isError: false } as unknown as ChatEvent
    const first = [start, textEvent('Let me look.'), call('c1'), input('c1', '{}'), result, result]
    const second = [{ ...start, model: 'm2' } as ChatEvent, textEvent('It is '), textEvent('20.'), finish]
    expect(await collect(answering(...first, ...second))).toEqual({
      provider: 'local',
      model: 'm2',
      content: [textEvent('It is 20.')],
      text: 'It is 20.',
      toolCalls: [],
      reason: 'stop',
    })
  })

  test.each([1_023, 1_024, 1_025, 50_000])('joins %i pieces in order', async (count) => {
    const pieces = Array.from({ length: count }, (_, at) => `${at},`)
    const { text } = await collect(answering(start, ...pieces.map(textEvent), finish))
    expect(text).toBe(pieces.join(''))
  })

  test('joins the input of each tool call, interleaved or not; no input is an empty object', async () => {
    const { toolCalls } = await collect(
      answering(
        start,
        call('1'),
        call('2', 'g'),
        input('1', '{"a"'),
        input('2', '['),
        input('1', ':1}'),
        input('2', ']'),
        call('3', 'h'),
        finish,
      ),
    )
    expect(toolCalls).toEqual([
      { type: 'tool-call', id: '1', name: 'f', input: '{"a":1}' },
      { type: 'tool-call', id: '2', name: 'g', input: '[]' },
      { type: 'tool-call', id: '3', name: 'h', input: '{}' },
    ])
  })

  test('keeps what the model said, thought and called in its order', async () => {
    const result = await collect(
      answering(
        { ...start, dropped: ['topK'] } as ChatEvent,
        { type: 'reasoning', text: 'I ', id: 'rs_1' },
        { type: 'reasoning', text: 'look.', id: 'rs_1' },
        { type: 'reasoning', text: '', signature: 's1', id: 'rs_1' },
        { type: 'reasoning', text: '', sealed: 'x', id: 'rs_2' },
        textEvent('Let me '),
        textEvent('see.'),
        call('1'),
        input('1', '{"a":1}'),
        { type: 'native', dialect: 'acme', value: { type: 'search' } },
        { type: 'tool-call', id: '2', name: 'patch', format: 'text', signature: 's2' },
        { type: 'text', text: 'So.', signature: 's3' },
        input('2', ''),
        textEvent('Done.'),
        finish,
      ),
    )
    expect(result).toEqual({
      provider: 'local',
      model: 'm1',
      dropped: ['topK'],
      content: [
        { type: 'reasoning', text: 'I look.', signature: 's1', id: 'rs_1' },
        { type: 'reasoning', text: '', sealed: 'x', id: 'rs_2' },
        textEvent('Let me see.'),
        { type: 'tool-call', id: '1', name: 'f', input: '{"a":1}' },
        { type: 'native', dialect: 'acme', value: { type: 'search' } },
        { type: 'tool-call', id: '2', name: 'patch', format: 'text', input: '', signature: 's2' },
        { type: 'text', text: 'So.', signature: 's3' },
        textEvent('Done.'),
      ],
      text: 'Let me see.So.Done.',
      reasoning: 'I look.',
      toolCalls: [
        { type: 'tool-call', id: '1', name: 'f', input: '{"a":1}' },
        { type: 'tool-call', id: '2', name: 'patch', format: 'text', input: '', signature: 's2' },
      ],
      reason: 'stop',
    })
    expect(toMessage(result)).toEqual({
      role: 'assistant',
      content: result.content,
      origin: { provider: 'local', model: 'm1' },
    })
  })

  test.each<[string, ChatEvent[], AssistantMessage['content']]>([
    ['nothing but text is a string', [textEvent('Hel'), textEvent('lo')], 'Hello'],
    ['nothing at all is an empty string', [], ''],
    [
      'text with a signature stays a part',
      [{ type: 'text', text: 'Hello', signature: 's' }],
      [{ type: 'text', text: 'Hello', signature: 's' }],
    ],
  ])('as a message, %s', async (_what, events, content) => {
    const { content: sent } = toMessage(await collect(answering(start, ...events, finish)))
    expect(sent).toEqual(content)
  })

  test('a restarted answer discards everything before it', async () => {
    const second: ChatEvent = { type: 'start', provider: 'b', model: 'm2' }
    const result = await collect(
      answering(
        start,
        textEvent('old'),
        { type: 'reasoning', text: 'old' },
        call('1'),
        restart,
        second,
        textEvent('new'),
        finish,
      ),
    )
    expect(result).toEqual({
      provider: 'b',
      model: 'm2',
      content: [textEvent('new')],
      text: 'new',
      toolCalls: [],
      reason: 'stop',
    })
  })

  test('a resumed answer keeps everything before it', async () => {
    const resume: ChatEvent = { type: 'resume', from: 'a', reason: 'truncated', message: 'a broke' }
    const result = await collect(
      answering(start, textEvent('one '), resume, { ...start, provider: 'b' } as ChatEvent, textEvent('two'), finish),
    )
    expect(result).toMatchObject({ provider: 'b', text: 'one two' })
  })

  test('a stream without a finish is truncated, with the partial answer', async () => {
    const error = await failure(collect(answering(start, textEvent('half'))), 'truncated')
    expect(error.partial).toEqual({
      provider: 'local',
      model: 'm1',
      content: [textEvent('half')],
      text: 'half',
      toolCalls: [],
    })
    expect(error.provider).toBe('local')
    await failure(collect(answering()), 'truncated')
  })

  test('throws what the stream throws, the same object', async () => {
    const reason = new ChatError('overloaded', 'later')
    const failing = local(async function* () {
      yield start
      throw reason
    })
    expect(await rejection(collect(failing.stream(hello)))).toBe(reason)
  })

  test('skips unknown events', async () => {
    const unknown = { type: 'audio', data: 'x' } as unknown as ChatEvent
    expect((await collect(answering(start, unknown, textEvent('a'), finish))).text).toBe('a')
  })
})

describe('a Collector', () => {
  test('gives the answer so far at any time', () => {
    const collector = new Collector()
    expect(collector.result()).toEqual({ provider: '', model: '', content: [], text: '', toolCalls: [] })
    collector.add(start)
    collector.add(textEvent('a'))
    expect(collector.result()).toEqual({
      provider: 'local',
      model: 'm1',
      content: [textEvent('a')],
      text: 'a',
      toolCalls: [],
    })
    collector.add(textEvent('b'))
    expect(collector.result().text).toBe('ab')
  })

  test('gives results that later events do not change', () => {
    const collector = new Collector()
    collector.add(call('1'))
    const early = collector.result()
    collector.add(input('1', '[]'))
    expect(early.toolCalls).toEqual([{ type: 'tool-call', id: '1', name: 'f', input: '{}' }])
  })

  test('skips the input of an unknown call', () => {
    const collector = new Collector()
    collector.add(input('9', '{}'))
    expect(collector.result().toolCalls).toEqual([])
  })
})

describe('textOf', () => {
  test('gives the text alone', async () => {
    const stream = answering(
      start,
      textEvent('a'),
      { type: 'reasoning', text: 'no' },
      call('1'),
      textEvent('b'),
      finish,
    )
    expect(await Array.fromAsync(textOf(stream))).toEqual(['a', 'b'])
  })

  test.each([
    ['one by one', (events: ChatEvent[]) => answering(...events)],
    ['at once', (events: ChatEvent[]) => batch(events)],
  ])(
    'throws when the answer restarts, because delivered text can not be taken back: events %s',
    async (_name, stream) => {
      const texts: string[] = []
      const reading = (async () => {
        for await (const text of textOf(stream([start, textEvent('old'), restart, textEvent('new'), finish])))
          texts.push(text)
      })()
      const error = await failure(reading, 'truncated')
      expect(error.message).toContain('a failed (a broke) and the answer starts over')
      expect(texts).toEqual(['old'])
    },
  )
})

function batch(events: ChatEvent[]): AsyncIterable<ChatEvent> {
  let read = false
  return chatStream(undefined, () => ({
    next: () => {
      const done = read
      read = true
      return Promise.resolve(done ? { done, value: undefined } : { done, value: events })
    },
    close: () => undefined,
  }))
}
