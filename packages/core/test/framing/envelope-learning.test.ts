import { describe, expect, test, vi } from 'vitest'
import { Envelope } from '../../src/framing/envelope.ts'
import { frameOf, pieceOf } from '../support/envelopes.ts'
import { readMessages, say } from '../support/read-envelopes.ts'

const bytes = (messages: readonly string[]): Uint8Array[] => messages.map((message) => Buffer.from(message))
const many = (make: (at: number) => string, count = 1_000): Uint8Array[] =>
  bytes(Array.from({ length: count }, (_, at) => make(at)))

describe('the fast path is taken', () => {
  const fast = (messages: readonly Uint8Array[], isBuffer?: boolean) =>
    readMessages(messages, new Envelope(pieceOf), isBuffer)

  test.each([true, false])('by every message of one envelope but the first (in a Buffer: %s)', (isBuffer) => {
    expect(
      fast(
        many((at) => say(` word ${at}`)),
        isBuffer,
      ),
    ).toBe(999)
  })

  test('with any padding, which is not part of the envelope', () => {
    expect(fast(many((at) => say('word').replace(/\}$/, `${' '.repeat(at % 17)}}`)))).toBe(999)
  })

  test('by an empty text, and by one that looks like padding', () => {
    expect(fast(bytes(['a', '', '   ', '}', ' } '].map((text) => say(text))))).toBe(4)
  })

  test('by texts with escapes, wherever the text ends after them', () => {
    expect(fast(bytes(['a', 'a "b', '\\\\c', '\n', 'd\ne'].map((text) => say(text))))).toBe(4)
  })

  test('by texts with escapes, from which nothing is learnt', () => {
    const messages = many((at) => say(at % 10 === 9 ? 'a "\n' : 'word'))
    const spy = vi.fn(pieceOf)
    expect(readMessages(messages, new Envelope(spy))).toBe(999)
    expect(spy).toHaveBeenCalledTimes(1)
  })

  test('with any noise, unless it has escapes', () => {
    expect(fast(many((at) => say(`word ${at}`, 1, `10:25:${at}`)))).toBe(999)
    expect(fast(many((at) => say('word', 1, at % 10 === 9 ? '\n' : `${at}`)))).toBe(899)
  })

  test('again after a change of envelope', () => {
    expect(fast([...many(() => say('a'), 500), ...many(() => say('a', 2), 500)])).toBe(998)
  })

  test('after every change of envelope, if each envelope repeats', () => {
    expect(fast(many((at) => say('a', Math.floor(at / 5)), 100))).toBe(80)
  })

  test('never if no envelope repeats, and then little is learnt', () => {
    const spy = vi.fn(pieceOf)
    expect(
      readMessages(
        many((at) => say('a', at)),
        new Envelope(spy),
      ),
    ).toBe(0)
    const proofs = spy.mock.calls.filter(([message]) => pieceOf(message)?.text !== 'a')
    expect(proofs.length).toBeLessThan(15)
  })
})

describe('an envelope is learnt only with a proof of where the text is', () => {
  const learns = (...messages: [object | string, object | string]): boolean => {
    const json = messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)))
    return readMessages(bytes(json), new Envelope(pieceOf)) === 1
  }

  test('not if the same string follows it', () => {
    expect(learns({ say: { text: 'a' }, again: 'a' }, { say: { text: 'a' }, again: 'b' })).toBe(false)
  })

  test('not if the same string precedes it, until a message has another', () => {
    expect(learns({ echo: 'a', say: { text: 'a' } }, { echo: 'a', say: { text: 'b' } })).toBe(false)
    const messages = ['a', 'b', 'c'].map((text) => JSON.stringify({ echo: 'a', say: { text } }))
    expect(readMessages(bytes(messages), new Envelope(pieceOf))).toBe(1)
  })

  test('not of a text with other escapes, nor of one in a repeated field', () => {
    expect(learns('{"say":{"text":"\\u0061"}}', { say: { text: 'a' } })).toBe(false)
    expect(learns('{"say":{"text":"a","text":"b"}}', { say: { text: 'a' } })).toBe(false)
    expect(learns('{"say":{"text":"b","text":"a"},"say":{"text":"a"},"x":"a"}', { say: { text: 'a' } })).toBe(false)
  })

  test('not if another field has the string that the text is with other escapes', () => {
    expect(learns('{"say":{"text":"\\u0061"},"x":"a"}', '{"say":{"text":"\\u0061"},"x":"b"}')).toBe(false)
    expect(learns('{"x":"a","say":{"text":"\\u0061"}}', '{"x":"b","say":{"text":"\\u0061"}}')).toBe(false)
  })

  test('beside strings with the escapes that JSON needs, and not beside others', () => {
    const model = 'C:\\models\\"small"'
    expect(learns({ model, say: { text: 'a "\n' } }, { model, say: { text: 'b' } })).toBe(true)
    expect(learns({ model: '\u0001', say: { text: 'a' } }, { model: '\u0001', say: { text: 'b' } })).toBe(false)
    expect(learns('{"model":"a\\/b","say":{"text":"a"}}', '{"model":"a\\/b","say":{"text":"b"}}')).toBe(false)
  })

  test('not if the end of one field and the beginning of the next look like it', () => {
    expect(learns({ 'x:': true, say: { text: ':true,' } }, { 'x:': true, say: { text: 'a' } })).toBe(false)
  })

  test('padding is not learnt', () => {
    expect(learns('{"say":{"text":"a"}   }', { say: { text: 'b' } })).toBe(true)
    expect(learns('{"say":{"text":"a"}   }', '{"say":{"text":"b"} }')).toBe(true)
  })

  test('white space around a message is ignored', () => {
    const envelope = new Envelope(pieceOf)
    expect(envelope.learn(`\u00a0${say('a')}\n`, JSON.parse(say('a')))).toBe(true)
    expect(envelope.textOf(frameOf(Buffer.from(say('b'))))).toBe('b')
  })
})

describe('learning', () => {
  const learn = (envelope: Envelope, json: string): boolean => envelope.learn(json, JSON.parse(json))
  const textOf = (envelope: Envelope, json: string): string | undefined => envelope.textOf(frameOf(Buffer.from(json)))

  test('nothing is read before it', () => {
    for (const json of ['', '}', ' }', say('a')]) expect(textOf(new Envelope(pieceOf), json)).toBeUndefined()
  })

  test.each([
    ['without a text', '{"done":true}'],
    ['with an empty text', say('')],
    ['whose text is there twice', '{"echo":"a","say":{"text":"a"}}'],
    ['whose text is written otherwise', '{"say":{"text":"\\u0061"}}'],
  ])('does not happen at a message %s: %s', (_what, json) => {
    const envelope = new Envelope(pieceOf)
    expect(learn(envelope, json)).toBe(false)
    expect(textOf(envelope, json)).toBeUndefined()
  })

  test('does not happen at a message that is no object', () => {
    const envelope = new Envelope((message) => (Array.isArray(message) ? { text: String(message[0]) } : undefined))
    expect(learn(envelope, '["a"]')).toBe(false)
  })

  test.each(['a', ''])('does not happen where two strings have one place: %j', (noise) => {
    const envelope = new Envelope(() => ({ text: 'b', noise: [noise, noise] }))
    expect(learn(envelope, `{"say":"b","noise":"${noise}"}`)).toBe(false)
  })

  test('happens at the 1st, 2nd, 4th and 8th message of another envelope', () => {
    const envelope = new Envelope(pieceOf)
    const learnt = Array.from({ length: 9 }, (_, at) => (learn(envelope, say('a', at)) ? at + 1 : 0))
    expect(learnt.filter((at) => at > 0)).toEqual([1, 2, 4, 8])
  })

  test('begins anew after a message of its envelope, unless its text cannot be read', () => {
    for (const [text, isNext] of [
      ['b', true],
      ['\\x', false],
    ] as const) {
      const envelope = new Envelope(pieceOf)
      for (const at of [1, 2]) learn(envelope, say('a', at))
      expect(textOf(envelope, say('@', 2).replace('@', text))).toBe(isNext ? text : undefined)
      expect(learn(envelope, say('a', 3))).toBe(isNext)
    }
  })
})
