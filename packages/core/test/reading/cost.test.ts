import { expect, test } from 'vitest'
import { cost } from '../../src/reading/cost.ts'

const usage = { inputTokens: 1_000_000, outputTokens: 500_000, source: 'reported' } as const

test('a cost is tokens times price, with a price of its own for cached tokens', () => {
  const price = { input: 2, output: 8, cachedInput: 0.5 }
  expect(cost(usage, { price })).toBe(6)
  expect(cost({ ...usage, cachedTokens: 400_000 }, { price })).toBe(1.2 + 0.2 + 4)
  expect(cost({ ...usage, cachedTokens: 400_000 }, { price: { input: 2, output: 8 } })).toBe(6)
})

test('an unknown price is undefined, never 0', () => {
  expect(cost(usage, {})).toBeUndefined()
})

test('a price holds for prompts up to its length', () => {
  const price = { input: 2, output: 8, upToInputTokens: 1_000_000 }
  expect(cost(usage, { price })).toBe(6)
  expect(cost({ ...usage, inputTokens: 1_000_001 }, { price })).toBeUndefined()
})

test('more cached tokens than input tokens cost as much as all of them cached', () => {
  expect(cost({ ...usage, cachedTokens: 9_000_000 }, { price: { input: 2, output: 0, cachedInput: 1 } })).toBe(1)
})

test('tokens that are written to the cache have a price by the time that they are kept', () => {
  const price = { input: 2, output: 0, cachedInput: 0.2, cacheWrite: 2.5, cacheWrite1h: 4 }
  const written = { ...usage, cachedTokens: 500_000, cacheWriteTokens: 300_000, cacheWrite1hTokens: 100_000 }
  expect(cost(written, { price })).toBeCloseTo(0.2 * 2 + 0.5 * 0.2 + 0.2 * 2.5 + 0.1 * 4, 10)
  expect(cost(written, { price: { ...price, cacheWrite1h: undefined } })).toBeCloseTo(0.4 + 0.1 + 0.3 * 2.5, 10)
  expect(cost(written, { price: { input: 2, output: 0, cachedInput: 0.2 } })).toBeCloseTo(0.5 * 2 + 0.1, 10)
})

test('a count that is larger than the whole costs as much as the whole', () => {
  const price = { input: 2, output: 0, cacheWrite: 3, cacheWrite1h: 4 }
  expect(cost({ ...usage, cacheWriteTokens: 9_000_000, cacheWrite1hTokens: 8_000_000 }, { price })).toBe(4)
})

test('what the endpoint reported comes before any price', () => {
  const reported = { ...usage, cost: { usd: 0.25, source: 'reported' } } as const
  expect(cost(reported, { price: { input: 2, output: 8 } })).toBe(0.25)
  expect(cost(reported, {})).toBe(0.25)
})

test('a computed cost counts where there is no price', () => {
  const computed = { ...usage, cost: { usd: 0.25, source: 'computed' } } as const
  expect(cost(computed, {})).toBe(0.25)
  expect(cost(computed, { price: { input: 2, output: 8 } })).toBe(6)
})
