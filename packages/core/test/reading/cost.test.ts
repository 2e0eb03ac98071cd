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
