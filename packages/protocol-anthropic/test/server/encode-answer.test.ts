import { ChatError, type ChatEvent } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { answerEncoder, encodeAnswer } from '../../src/index.ts'
import { asChat, call, finish, input, read, started, text } from '../support/decoding.ts'

describe('the encoder', () => {
  test('ends each block before the next starts, except for incomplete arguments', () => {
    const typesOf = (events: Parameters<typeof asChat>[0]): string[] =>
      encodeAnswer(asChat(events))
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .map((line) => JSON.parse(line.slice(6)) as { type: string; index?: number })
        .filter(({ type }) => type === 'content_block_start' || type === 'content_block_stop')
        .map(({ type, index }) => `${type.slice(14)} ${String(index)}`)
    const inOrder = [
      started,
      text('I look.'),
      call('t1', 'weather'),
      input('t1', '{"city":"Bern"}'),
      call('t2', 'weather'),
      input('t2', '{"city":"Ulm"}'),
      finish('tool-calls'),
    ]
    const interleaved = [
      started,
      call('t1', 'a'),
      call('t2', 'b'),
      input('t1', '{"x":'),
      input('t2', '{'),
      input('t1', '1}'),
      input('t2', '}'),
      finish('tool-calls'),
    ]
    expect(typesOf(inOrder)).toEqual(['start 0', 'stop 0', 'start 1', 'stop 1', 'start 2', 'stop 2'])
    expect(typesOf(interleaved)).toEqual(['start 0', 'start 1', 'stop 0', 'stop 1'])
  })

  test('uses the id and the model of its options', () => {
    const [line] = encodeAnswer(asChat([started]), { id: 'msg_mine', model: 'mine' })
      .split('\n')
      .slice(1)
    expect(JSON.parse(line?.slice(6) ?? '')).toMatchObject({ message: { id: 'msg_mine', model: 'mine' } })
  })

  test('omits a tool call from a document when the limit cut its arguments', () => {
    const events = [started, call('t1', 'f'), input('t1', '{"x":'), finish('length')]
    const body: unknown = JSON.parse(encodeAnswer(asChat(events), { stream: false }))
    expect(body).toMatchObject({ content: [], stop_reason: 'max_tokens' })
  })

  test('refuses arguments in a document that are not JSON', () => {
    const events = asChat([started, call('t1', 'f'), input('t1', '{x}'), finish('tool-calls')])
    expect(() => encodeAnswer(events, { stream: false })).toThrow(expect.objectContaining({ code: 'malformed' }))
  })

  test('writes an error in place of a document', () => {
    const encoder = answerEncoder({ stream: false })
    expect([encoder.contentType, encoder.write({ type: 'text', text: 'Half' })]).toEqual(['application/json', ''])
    const outcome = read(encoder.fail(new ChatError('rate-limited', 'slow down')), 'application/json')
    expect(outcome.failure).toMatchObject({ code: 'rate-limited' })
  })

  test('writes an error after an answer began', () => {
    const encoder = answerEncoder()
    const sent = asChat([started, text('Half')]).map((event) => encoder.write(event))
    const failed = encoder.fail(new ChatError('overloaded', 'too much'))
    expect(read([...sent, failed].map((piece) => Buffer.from(piece)))).toEqual({
      events: [started, text('Half')],
      failure: { code: 'overloaded', message: 'the endpoint reports: too much' },
    })
  })

  const restart: ChatEvent = { type: 'restart', from: 'a', reason: 'overloaded', message: 'gone' }
  test('restarts a document, and a stream without content; it refuses to restart a stream with content', () => {
    const again = [...asChat([started, text('Half')]), restart, ...asChat([started, text('Whole'), finish()])]
    expect(encodeAnswer(again, { stream: false })).toContain('[{"type":"text","text":"Whole"}]')
    expect(() => encodeAnswer(again)).toThrow(expect.objectContaining({ code: 'overloaded' }))
    expect(read(encodeAnswer([...asChat([started]), restart, ...again.slice(3)])).events).toHaveLength(3)
  })
})
