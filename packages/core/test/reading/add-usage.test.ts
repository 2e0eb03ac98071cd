import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Usage } from '../../src/chat.ts'
import { addUsage } from '../../src/reading/add-usage.ts'

const optional = ['cachedTokens', 'cacheWriteTokens', 'cacheWrite1hTokens', 'reasoningTokens'] as const
const usages: fc.Arbitrary<Usage> = fc.record(
  {
    inputTokens: fc.nat(),
    outputTokens: fc.nat(),
    cachedTokens: fc.nat(),
    cacheWriteTokens: fc.nat(),
    cacheWrite1hTokens: fc.nat(),
    reasoningTokens: fc.nat(),
    cost: fc.record({ usd: fc.nat(), source: fc.constantFrom('reported' as const, 'computed' as const) }),
    source: fc.constantFrom('reported' as const, 'estimated' as const),
  },
  { requiredKeys: ['inputTokens', 'outputTokens', 'source'] },
)

test('every count of the sum is the sum of the counts that are known', () => {
  fc.assert(
    fc.property(usages, usages, (one, other) => {
      const sum = addUsage(one, other)
      expect(sum?.inputTokens).toBe(one.inputTokens + other.inputTokens)
      expect(sum?.outputTokens).toBe(one.outputTokens + other.outputTokens)
      for (const name of optional) {
        const known = [one[name], other[name]].filter((count) => count !== undefined)
        expect(sum?.[name]).toBe(known.length === 0 ? undefined : known.reduce((total, count) => total + count, 0))
      }
    }),
  )
})

test('the order of two does not matter', () => {
  fc.assert(
    fc.property(usages, usages, (one, other) => {
      expect(addUsage(one, other)).toEqual(addUsage(other, one))
    }),
  )
})

test('a sum with an estimate is an estimate', () => {
  const reported: Usage = { inputTokens: 1, outputTokens: 1, source: 'reported' }
  expect(addUsage(reported, reported)?.source).toBe('reported')
  expect(addUsage(reported, { ...reported, source: 'estimated' })?.source).toBe('estimated')
})

test('the cost of two is known only if that of both is', () => {
  const tokens: Usage = { inputTokens: 1, outputTokens: 1, source: 'reported' }
  const reported: Usage = { ...tokens, cost: { usd: 1, source: 'reported' } }
  const computed: Usage = { ...tokens, cost: { usd: 2, source: 'computed' } }
  expect(addUsage(reported, reported)?.cost).toEqual({ usd: 2, source: 'reported' })
  expect(addUsage(reported, computed)?.cost).toEqual({ usd: 3, source: 'computed' })
  expect(addUsage(reported, tokens)?.cost).toBeUndefined()
  expect(addUsage(reported, undefined)).toBe(reported)
  expect(addUsage(undefined, undefined)).toBeUndefined()
})
