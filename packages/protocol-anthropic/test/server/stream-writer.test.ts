import { ChatError, type ChatEvent } from '@rivulet/core'
import { type AnswerWriter, readSeal } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { messagesServer } from '../../src/index.ts'
import {
  asChat,
  block,
  call,
  delta,
  done,
  end,
  finish,
  input,
  native,
  piece,
  read,
  say,
  sse,
  start,
  started,
  stop,
  text,
  thought,
  tool,
} from '../support/decoding.ts'
import { hello } from '../support/requests.ts'

type Message = Record<string, unknown> & { type: string }

const writerOf = (stream = true, seal = false): AnswerWriter =>
  messagesServer({ seal })
    .read({ path: '/v1/messages', body: JSON.stringify({ model: 'm', max_tokens: 9, messages: [hello], stream }) })
    .answer({ id: 'msg_mine', created: 1, model: 'mine' })
const write = (events: readonly ChatEvent[], writer = writerOf()): string => writer.write(events)
/** The messages of an event stream. */
const messagesOf = (sent: string): Message[] =>
  sent
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as Message)
/** A frame of this dialect, and the events that were read out of it. */
const frame = (message: Message, label: 'as-is' | 'mended' | 'end' = 'as-is', ...events: ChatEvent[]): ChatEvent[] => [
  { type: 'raw', dialect: 'anthropic-messages', label, event: message.type, data: JSON.stringify(message) },
  ...events,
]
const [begun] = asChat([started])
const said = (words: string): ChatEvent => ({ type: 'text', text: words })
const ended: ChatEvent = { type: 'finish', reason: 'stop' }

describe('an answer from events', () => {
  test('has one block open at a time: what follows a call waits until its arguments are whole', () => {
    const typesOf = (...events: Parameters<typeof asChat>[0]): string[] =>
      messagesOf(write(asChat(events)))
        .filter(({ type }) => type === 'content_block_start' || type === 'content_block_stop')
        .map(({ type, index }) => `${type.slice(14)} ${String(index)}`)
    const both = [call('t1', 'a'), input('t1', '{"x":1}'), call('t2', 'b'), input('t2', '{}')]
    const mixed = [
      call('t1', 'a'),
      call('t2', 'b'),
      input('t1', '{"x":'),
      input('t2', '{'),
      input('t1', '1}'),
      input('t2', '}'),
    ]
    expect(typesOf(started, text('I look.'), ...both, finish('tool-calls'))).toEqual([
      'start 0',
      'stop 0',
      'start 1',
      'stop 1',
      'start 2',
      'stop 2',
    ])
    expect(typesOf(started, ...mixed, finish('tool-calls'))).toEqual(['start 0', 'stop 0', 'start 1', 'stop 1'])
    const three = [
      call('t1', 'a'),
      call('t2', 'b'),
      text('Then.'),
      call('t3', 'c'),
      input('t3', '{}'),
      input('t2', '{'),
    ]
    const sent = write(asChat([started, ...three, input('t1', '{"x":1}'), input('t2', '}'), finish('tool-calls')]))
    expect(read(sent).events.slice(1, -1)).toEqual([
      call('t1', 'a'),
      input('t1', '{"x":1}'),
      call('t2', 'b'),
      input('t2', '{'),
      input('t2', '}'),
      text('Then.'),
      call('t3', 'c'),
      input('t3', '{}'),
    ])
  })

  test('has what waited for a call when it ends, and when it fails', () => {
    const events = asChat([started, call('t1', 'a'), input('t1', '{"x":'), text('Then.'), call('t2', 'b')])
    const cut = messagesOf(write([...events, { type: 'finish', reason: 'length' }]))
    expect(
      cut.flatMap(({ type, index }) => (type.startsWith('content') ? [`${type.slice(14)} ${String(index)}`] : [])),
    ).toEqual(['start 0', 'delta 0', 'stop 0', 'start 1', 'delta 1', 'stop 1', 'start 2', 'stop 2'])
    const writer = writerOf()
    expect(writer.write(events)).not.toContain('Then.')
    expect(writer.fail(new ChatError('truncated', 'cut'))).toContain('Then.')
  })

  test('may hold 16 million characters behind a call that does not end, and no more', () => {
    const writer = writerOf()
    const words = said('a'.repeat(1024 * 1024))
    writer.write(asChat([started, call('t1', 'a')]))
    for (let count = 0; count < 16; count++) writer.write([words])
    expect(() => writer.write([words])).toThrow(expect.objectContaining({ code: 'malformed' }))
  })

  test('of 20,000 calls whose arguments are interleaved is written in one pass', () => {
    const ids = Array.from({ length: 20_000 }, (_, at) => `t${at}`)
    const calls = ids.map((id) => call(id, 'f'))
    const sent = write(
      asChat([started, ...calls, ...ids.toReversed().map((id) => input(id, '{}')), finish('tool-calls')]),
    )
    expect(messagesOf(sent).filter(({ type }) => type === 'content_block_stop')).toHaveLength(20_000)
    const cut = write(asChat([started, ...calls, finish('length')]))
    expect(messagesOf(cut).filter(({ type }) => type === 'content_block_stop')).toHaveLength(20_000)
  })

  test('has the id and the model of its start, or else those that it was begun with', () => {
    expect(messagesOf(write(asChat([started])))).toMatchObject([{ message: { id: 'msg_1', model: 'claude-opus-5-5' } }])
    expect(messagesOf(write([said('a')]))[0]).toMatchObject({ message: { id: 'msg_mine', model: 'mine' } })
  })

  test('has blocks of another dialect in none of its messages', () => {
    const other: ChatEvent = { type: 'native', dialect: 'gemini', value: { executableCode: {} } }
    expect(write([...asChat([started]), other, said('a'), ended])).toBe(write([...asChat([started]), said('a'), ended]))
  })

  test('gives a client the input of a call of the vendor’s own in deltas, as the vendor does', () => {
    const use = { type: 'server_tool_use', id: 's', name: 'f', input: { x: 1 } }
    expect(messagesOf(write(asChat([started, native(use)]))).slice(1)).toEqual([
      block(0, { ...use, input: {} }),
      piece('{"x":1}'),
      end(0),
    ])
  })

  test('that has failed says so', () => {
    const writer = writerOf()
    const sent = [writer.write(asChat([started, text('Half')])), writer.fail(new ChatError('overloaded', 'too much'))]
    expect(read(sent.map((each) => Buffer.from(each)))).toEqual({
      events: [started, text('Half')],
      failure: { code: 'overloaded', message: 'the endpoint reports: too much' },
    })
    expect(writerOf().fail(new Error('secret'))).not.toContain('secret')
  })

  test('is kept open by pings of the vendor’s, before its start too', () => {
    const writer = writerOf()
    expect(writer.ping()).toBe('event: ping\ndata: {"type":"ping"}\n\n')
    expect(read(writer.ping() + writer.write(asChat([started, text('a')])) + writer.ping()).events).toEqual([
      started,
      text('a'),
    ])
  })
})

describe('frames of an endpoint of this dialect', () => {
  const answer = (label: 'as-is' | 'mended' = 'as-is'): ChatEvent[] => [
    ...frame(start(), 'as-is', begun ?? ended),
    ...frame(block(0, { type: 'text', text: '', citations: [] })),
    ...frame(say('a'), 'as-is', said('a')),
    ...frame(end(0)),
    ...frame(block(1, { type: 'text', text: '' })),
    ...frame(say('b', 1), label, said('b')),
    ...frame(end(1)),
    ...frame(block(2, tool('t')), 'as-is', { type: 'tool-call', id: 't', name: 'f' }),
    ...frame(piece('{}', 2), 'as-is', { type: 'tool-input', id: 't', text: '{}' }),
    ...frame(end(2)),
  ]
  const last = [...frame(stop('tool_use'), 'end'), ...frame(done, 'end', { type: 'finish', reason: 'tool-calls' })]

  test('pass as they came, with what has no word of ours', () => {
    const whole = write([...answer(), ...frame({ type: 'ping' }), ...last])
    expect(whole).toBe(sse(...messagesOf(whole)))
    expect(messagesOf(whole)).toHaveLength(13)
    expect(whole).toContain('"citations":[]')
  })

  test('after one that was mended, everything is written from events, so that blocks are counted right', () => {
    const events = [...frame(start(), 'as-is', begun ?? ended), ...frame(block(0, null as unknown as object), 'mended')]
    const later = [
      ...frame(block(1, { type: 'text', text: '' })),
      ...frame(say('a', 1), 'as-is', said('a')),
      ...frame(block(2, tool('')), 'mended', { type: 'tool-call', id: 't', name: 'f' }),
      ...frame(piece('{}', 2), 'as-is', { type: 'tool-input', id: 't', text: '{}' }),
      ...frame(end(2)),
    ]
    const sent = write([...events, ...later, ...last])
    expect(read(sent).failure).toBeUndefined()
    const starts = messagesOf(sent).filter(({ type }) => type === 'content_block_start')
    expect(starts.map(({ index }) => index)).toEqual([0, 1])
    expect(messagesOf(sent).filter(({ type }) => type === 'content_block_stop')).toHaveLength(2)
  })

  test('that say why the answer ends wait for its end', () => {
    const writer = writerOf()
    const sent = writer.write([...answer(), ...frame(stop('tool_use'), 'end')])
    expect(sent).not.toContain('message_delta')
    expect(read(sent + writer.fail(new ChatError('truncated', 'cut'))).failure).toMatchObject({
      message: /cut/ as never,
    })
  })

  test('whose reason to stop was mended end as their events say', () => {
    const odd = [...frame(stop('end_turn'), 'mended'), ...frame(done, 'end', { type: 'finish', reason: 'tool-calls' })]
    const sent = messagesOf(write([...answer(), ...odd]))
    expect(sent.slice(-2)).toMatchObject([{ type: 'message_delta', delta: { stop_reason: 'tool_use' } }, done])
  })

  test('end with another member’s words when that goes on, in the block that is open', () => {
    const resume: ChatEvent = { type: 'resume', from: 'a', reason: 'truncated', message: 'cut' }
    const first = answer().slice(0, 8)
    const sent = write([
      ...first,
      resume,
      ...frame(start(), 'as-is', begun ?? ended),
      ...frame(say('c', 0), 'as-is', said('c')),
      ended,
    ])
    expect(messagesOf(sent).slice(-4)).toMatchObject([say('c', 1), end(1), { type: 'message_delta' }, done])
    expect(messagesOf(sent).filter(({ type }) => type === 'message_start')).toHaveLength(1)
  })

  test('of a second member pass after a restart before any content', () => {
    const restart: ChatEvent = { type: 'restart', from: 'a', reason: 'overloaded', message: 'gone' }
    const again = write([...frame(start(), 'as-is', begun ?? ended), restart, ...answer(), ...last])
    expect(again).toBe(write([...answer(), ...last]))
    expect(() => write([...answer(), restart])).toThrow(expect.objectContaining({ code: 'overloaded' }))
  })
})

describe('signatures are sealed with their author', () => {
  const author = { provider: 'p', model: 'claude-opus-5-5' }
  const sealsIn = (sent: string): unknown[] => [...sent.matchAll(/rvl1\.[\w-]+/g)].map(([seal]) => readSeal(seal))
  const events = asChat([
    started,
    thought('Hm.', { signature: 'S' }),
    thought('', { sealed: 'D' }),
    text('a'),
    finish(),
  ])

  test('in what is written from events, streamed and whole', () => {
    const seals = [
      { ...author, value: 'S' },
      { ...author, value: 'D' },
    ]
    expect(sealsIn(write(events, writerOf(true, true)))).toEqual(seals)
    expect(sealsIn(write(events, writerOf(false, true)))).toEqual(seals)
    expect(sealsIn(write(events))).toEqual([])
  })

  test('in frames, which pass otherwise as they came', () => {
    const frames = [
      ...frame(start(), 'as-is', begun ?? ended),
      ...frame(block(0, { type: 'thinking', thinking: '', signature: '' })),
      ...frame(delta(0, { type: 'signature_delta', signature: 'S' })),
      ...frame(end(0)),
      ...frame(block(1, { type: 'redacted_thinking', data: 'D' })),
      ...frame(block(2, { type: 'text', text: 'a signature' })),
    ]
    const sent = write(frames, writerOf(true, true))
    expect(sealsIn(sent)).toEqual([
      { ...author, value: 'S' },
      { ...author, value: 'D' },
    ])
    expect(messagesOf(sent).at(-1)).toEqual(block(2, { type: 'text', text: 'a signature' }))
  })
})

describe('a document', () => {
  test('is written when the answer has ended, and comes with no pings', () => {
    const writer = writerOf(false)
    expect([writer.contentType, writer.write(asChat([started, text('a')])), writer.ping()]).toEqual([
      'application/json',
      '',
      '',
    ])
    expect(JSON.parse(writer.write([ended]))).toMatchObject({ content: [{ type: 'text', text: 'a' }] })
  })

  test('of an endpoint of this dialect passes as it came', () => {
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'x', content: [], container: { id: 'c' } }
    const data = JSON.stringify(message)
    const raw: ChatEvent = { type: 'raw', dialect: 'anthropic-messages', label: 'end', data }
    expect(write([raw, ...asChat([started]), ended], writerOf(false))).toBe(data)
    const restart: ChatEvent = { type: 'restart', from: 'a', reason: 'overloaded', message: 'gone' }
    expect(write([raw, restart, ...asChat([started]), said('b'), ended], writerOf(false))).toContain('"text":"b"')
  })

  test('has no tool call whose arguments the limit cut', () => {
    const events = asChat([started, call('t1', 'f'), input('t1', '{"x":'), finish('length')])
    expect(JSON.parse(write(events, writerOf(false)))).toMatchObject({ content: [], stop_reason: 'max_tokens' })
  })

  test('with arguments that are not JSON is refused', () => {
    const events = asChat([started, call('t1', 'f'), input('t1', '{x}'), finish('tool-calls')])
    expect(() => write(events, writerOf(false))).toThrow(expect.objectContaining({ code: 'malformed' }))
  })

  test('that has failed is an error', () => {
    const writer = writerOf(false)
    writer.write([said('Half')])
    const outcome = read(writer.fail(new ChatError('rate-limited', 'slow down')), 'application/json')
    expect(outcome.failure).toMatchObject({ code: 'rate-limited' })
  })
})
