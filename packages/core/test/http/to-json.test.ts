import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toJson } from '../../src/http/to-json.ts'

describe('half a surrogate pair becomes U+FFFD', () => {
  test.each([
    ['the first half', { a: 'x\ud83d' }, '{"a":"x\ufffd"}'],
    ['the second half', { a: '\ude00x' }, '{"a":"\ufffdx"}'],
    ['in a name', { 'k\ud83d': 1 }, '{"k\ufffd":1}'],
    ['twice the first half', ['\ud83d\ud83d'], '["\ufffd\ufffd"]'],
    ['beside a whole character', ['\ud83d🔑'], '["\ufffd🔑"]'],
    ['after a backslash', ['\\\ud83d'], '["\\\\\ufffd"]'],
  ])('%s', (_name, body, json) => {
    expect(toJson('Acme', body)).toBe(json)
  })

  test('and nothing else is changed: not its escape as text, not a whole character', () => {
    for (const text of ['\\ud83d', '\\\\ud83d', '\\u0001', '\u0001', '🔑', '\\', 'ud83d']) {
      expect(toJson('Acme', [text, '\ud83d'])).toBe(JSON.stringify([text, '\ufffd']))
    }
  })

  test('in any value: the body means the well-formed one', () => {
    const unit = fc.constantFrom('\ud83d', '\ude00', '\\', '"', 'u', 'd83d', '🔑', '\u0000', 'a')
    const text = fc.string({ unit, maxLength: 8 })
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
        const body = texts.map((one) => ({ [one]: one }))
        const expected = texts.map((one) => ({ [one.toWellFormed()]: one.toWellFormed() }))
        expect(JSON.parse(toJson('Acme', body))).toEqual(expected)
        expect(Buffer.from(toJson('Acme', body)).toString()).toBe(toJson('Acme', body))
      }),
    )
  })
})

test('a body that cannot be written is a TypeError that names the place, or says why', () => {
  const circular: Record<string, unknown> = {}
  circular.a = [circular]
  expect(() => toJson('Acme', circular)).toThrow("Acme: a[0] can't be written as JSON (circular, or a BigInt).")
  expect(() => toJson('Acme', { a: 1n })).toThrow("Acme: a can't be written as JSON (circular, or a BigInt).")
  let deep: unknown = 0
  for (let depth = 0; depth < 50_000; depth++) deep = [deep]
  expect(() => toJson('Acme', deep)).toThrow(new TypeError('Acme: the request is nested too deep for JSON.'))
})
