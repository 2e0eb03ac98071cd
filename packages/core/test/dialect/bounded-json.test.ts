import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundedJson } from '../../src/dialect/bounded-json.ts'

const SEED = { seed: 20261127, numRuns: 500 }

test('a value that fits is written exactly as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const json = JSON.stringify(value)
      expect(boundedJson(value, json.length)).toBe(json)
    }),
    SEED,
  )
})

test('a longer one is cut between two tokens', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(200), (value, maxCharacters) => {
      const json = JSON.stringify(value)
      fc.pre(json.length > maxCharacters)
      const text = boundedJson(value, maxCharacters)
      expect(text.endsWith('…')).toBe(true)
      const kept = text.slice(0, -1)
      expect(kept.length).toBeLessThanOrEqual(maxCharacters)
      expect(json.startsWith(kept)).toBe(true)
      // An even number of quotes: the end is outside every string.
      expect((kept.replaceAll(/\\./g, '').match(/"/g) ?? []).length % 2).toBe(0)
    }),
    SEED,
  )
})

test('no string is written in part, so that half a secret never is', () => {
  const secret = 'sk-0123456789'
  const whole = JSON.stringify({ a: [secret] })
  for (let max = 0; max < whole.length; max++) {
    expect(boundedJson({ a: [secret] }, max).replace(JSON.stringify(secret), '')).not.toMatch(/sk|0123/)
  }
})

test('JSON nested too deep for JSON.stringify is written all the same', () => {
  const json = `${'[{"a":'.repeat(20_000)}null${'}]'.repeat(20_000)}`
  const value: unknown = JSON.parse(json)
  expect(() => JSON.stringify(value)).toThrow(RangeError)
  expect(boundedJson(value, json.length)).toBe(json)
  expect(boundedJson(value, Infinity)).toBe(json)
  expect(boundedJson(value, 10)).toBe('[{"a":[{…')
})

test('an endless value is cut', () => {
  const endless: unknown[] = []
  endless.push(endless)
  expect(boundedJson(endless, 5)).toBe('[[[[[…')
})

test.each<[unknown, string]>([
  [undefined, 'null'],
  [{ a: undefined }, '{"a":null}'],
  [10n, '10'],
  [Number.NaN, 'null'],
])('%o, which JSON cannot express, is written as %s', (value, json) => {
  expect(boundedJson(value, 100)).toBe(json)
})
