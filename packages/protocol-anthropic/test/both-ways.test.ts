import { ChatError, type ChatEvent, type Usage } from '@rivulet/core'
import { Collector, type DecodedEvent } from '@rivulet/core/provider'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerEncoder, encodeAnswer } from '../src/index.ts'
import { asChat, byteByByte, read, started } from './support/decoding.ts'

const text = (words: string): DecodedEvent => ({ type: 'text', text: words })
const thought = (words: string, proof: object = {}): DecodedEvent => ({ type: 'reasoning', text: words, ...proof })
const call = (id: string, name: string): DecodedEvent => ({ type: 'tool-call', id, name })
const input = (id: string, json: string): DecodedEvent => ({ type: 'tool-input', id, json })
const usage: Usage = { inputTokens: 12, outputTokens: 7, cachedTokens: 4, reasoningTokens: 3, source: 'reported' }
const finish = (reason: 'stop' | 'length' | 'tool-calls' | 'content-filter' = 'stop', more = {}): DecodedEvent => ({
  type: 'finish',
  reason,
  ...more,
})

/** Answers, as the decoder says them. */
const ANSWERS: Record<string, DecodedEvent[]> = {
  'a text': [started, text('Hel'), text('lo 🌊'), text('\n"quoted\\'), finish('stop', { usage })],
  'no content': [started, finish()],
  'a text that was cut by the limit': [started, text('Hel'), finish('length', { usage })],
  'a refusal': [started, text('I'), finish('content-filter')],
  'a thought with its signature': [
    started,
    thought('Let me '),
    thought('see.'),
    thought('', { signature: 'c2ln' }),
    text('Yes.'),
    finish('stop', { usage }),
  ],
  'a thought of which only the signature is told': [started, thought('', { signature: 's' }), text('Yes.'), finish()],
  'a thought without a signature': [started, thought('Hm.'), text('Yes.'), finish()],
  'two thoughts and a sealed one': [
    started,
    thought('One.'),
    thought('', { signature: 'a' }),
    thought('', { sealed: 'c2VhbGVk' }),
    thought('Two.'),
    thought('', { signature: 'b' }),
    text('Yes.'),
    finish(),
  ],
  'a tool call': [
    started,
    call('t1', 'weather'),
    input('t1', '{"city":'),
    input('t1', '"Bern"}'),
    finish('tool-calls'),
  ],
  'a tool call without arguments': [started, call('t1', 'now'), finish('tool-calls')],
  'words and parallel tool calls': [
    started,
    text('I look.'),
    call('t1', 'weather'),
    input('t1', '{"city":"Bern"}'),
    call('t2', 'weather'),
    input('t2', '{"city":"Ulm"}'),
    finish('tool-calls', { usage: { inputTokens: 3, outputTokens: 2, source: 'reported' } }),
  ],
  'tool calls whose arguments come in turns': [
    started,
    call('t1', 'a'),
    call('t2', 'b'),
    input('t1', '{"x":'),
    input('t2', '{'),
    input('t1', '1}'),
    input('t2', '}'),
    finish('tool-calls'),
  ],
  'thoughts between tool calls': [
    started,
    thought('First.'),
    thought('', { signature: 'a' }),
    call('t1', 'a'),
    input('t1', '{}'),
    thought('Then.'),
    thought('', { signature: 'b' }),
    call('t2', 'b'),
    input('t2', '{}'),
    finish('tool-calls'),
  ],
}

const table = Object.entries(ANSWERS)

/** What an answer says, however it was cut into events. */
function meaningOf(events: readonly DecodedEvent[]) {
  const collector = new Collector()
  for (const event of asChat(events)) collector.add(event)
  return collector.result()
}

describe('what is encoded is what is decoded', () => {
  test.each(table)('as an event stream: %s', (_what, events) => {
    expect(read(encodeAnswer(asChat(events)))).toEqual({ events })
  })

  test.each(table)('as an event stream, byte by byte: %s', (_what, events) => {
    expect(read(byteByByte(encodeAnswer(asChat(events))))).toEqual({ events })
  })

  test.each(table)('in one piece: %s', (_what, events) => {
    const body = encodeAnswer(asChat(events), { stream: false })
    const outcome = read(byteByByte(body), 'application/json')
    expect(outcome.failure).toBeUndefined()
    expect(meaningOf(outcome.events)).toEqual(meaningOf(events))
  })

  const event: fc.Arbitrary<ChatEvent> = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 6 }).map((words): ChatEvent => ({ type: 'text', text: words })),
    fc
      .record({ text: fc.string({ maxLength: 5 }), signature: fc.constantFrom('s', 't') }, { requiredKeys: ['text'] })
      .map((fields): ChatEvent => ({ type: 'reasoning', ...fields })),
    fc.constantFrom('a', 'b', 'c').map((id): ChatEvent => ({ type: 'tool-call', id, name: `f_${id}` })),
    fc.constantFrom('a', 'b', 'c').map((id): ChatEvent => ({ type: 'tool-input', id, json: ' ' })),
    fc.constant<ChatEvent>({ type: 'raw', data: '{}' }),
  )

  test('whatever is said, in whatever order: the same texts, thoughts and calls', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (drawn) => {
        const called = new Set<string>()
        const content = drawn.filter((one) => {
          if (one.type === 'tool-input') return called.has(one.id)
          if (one.type !== 'tool-call') return true
          const isNew = !called.has(one.id)
          called.add(one.id)
          return isNew
        })
        // Whole arguments at the end, so that they come in turns.
        const inputs = [...called].map((id): ChatEvent => ({ type: 'tool-input', id, json: '{"x":1}' }))
        const events = [...asChat([started]), ...content, ...inputs, ...asChat([finish()])]
        const outcome = read(encodeAnswer(events))
        expect(outcome.failure).toBeUndefined()
        const { thoughts, ...expected } = meaningOf(events)
        const { thoughts: found, ...result } = meaningOf(outcome.events)
        expect(result).toEqual(expected)
        expect(found?.map(({ signature }) => signature)).toEqual(thoughts?.map(({ signature }) => signature))
      }),
    )
  })
})

describe('the encoder', () => {
  test('ends each piece before the next begins, but for arguments that are not whole', () => {
    const typesOf = (name: string): string[] =>
      encodeAnswer(asChat(ANSWERS[name] ?? []))
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .map((line) => JSON.parse(line.slice(6)) as { type: string; index?: number })
        .filter(({ type }) => type === 'content_block_start' || type === 'content_block_stop')
        .map(({ type, index }) => `${type.slice(14)} ${String(index)}`)
    const inOrder = ['start 0', 'stop 0', 'start 1', 'stop 1', 'start 2', 'stop 2']
    expect(typesOf('words and parallel tool calls')).toEqual(inOrder)
    expect(typesOf('tool calls whose arguments come in turns')).toEqual(['start 0', 'start 1', 'stop 0', 'stop 1'])
  })

  test('names the id and the model that it is given', () => {
    const [line] = encodeAnswer(asChat([started]), { id: 'msg_mine', model: 'mine' })
      .split('\n')
      .slice(1)
    expect(JSON.parse(line?.slice(6) ?? '')).toMatchObject({ message: { id: 'msg_mine', model: 'mine' } })
  })

  test('leaves a tool call out of a document when the limit cut its arguments', () => {
    const events = [started, call('t1', 'f'), input('t1', '{"x":'), finish('length')]
    const body: unknown = JSON.parse(encodeAnswer(asChat(events), { stream: false }))
    expect(body).toMatchObject({ content: [], stop_reason: 'max_tokens' })
  })

  test('refuses to put arguments into a document that are not JSON', () => {
    const events = asChat([started, call('t1', 'f'), input('t1', '{x}'), finish('tool-calls')])
    expect(() => encodeAnswer(events, { stream: false })).toThrow(expect.objectContaining({ code: 'malformed' }))
  })

  test('says an error in place of a document', () => {
    const encoder = answerEncoder({ stream: false })
    expect([encoder.contentType, encoder.write({ type: 'text', text: 'Half' })]).toEqual(['application/json', ''])
    const outcome = read(encoder.fail(new ChatError('rate-limited', 'slow down')), 'application/json')
    expect(outcome.failure).toMatchObject({ code: 'rate-limited' })
  })

  test('says an error behind the beginning of an answer', () => {
    const encoder = answerEncoder()
    const sent = asChat([started, text('Half')]).map((event) => encoder.write(event))
    const failed = encoder.fail(new ChatError('overloaded', 'too much'))
    expect(read([...sent, failed].map((piece) => Buffer.from(piece)))).toEqual({
      events: [started, text('Half')],
      failure: { code: 'overloaded', message: 'the endpoint reports: too much' },
    })
  })

  const restart: ChatEvent = { type: 'restart', from: 'a', reason: 'overloaded', message: 'gone' }
  test('begins a document anew, and refuses to begin a stream anew whose content is sent', () => {
    const again = [...asChat([started, text('Half')]), restart, ...asChat([started, text('Whole'), finish()])]
    expect(encodeAnswer(again, { stream: false })).toContain('[{"type":"text","text":"Whole"}]')
    expect(() => encodeAnswer(again)).toThrow(expect.objectContaining({ code: 'overloaded' }))
    expect(read(encodeAnswer([...asChat([started]), restart, ...again.slice(3)])).events).toHaveLength(3)
  })
})
