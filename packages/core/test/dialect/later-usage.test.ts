import { expect, test } from 'vitest'
import { laterUsage } from '../../src/dialect/later-usage.ts'

const usage = (inputTokens: number, outputTokens: number, rest: object = {}) => ({
  inputTokens,
  outputTokens,
  source: 'reported' as const,
  ...rest,
})

test('later counts hold, and zero is no count', () => {
  expect(laterUsage(usage(9, 2), usage(9, 5))).toEqual(usage(9, 5))
  expect(laterUsage(usage(9, 5), usage(8, 4))).toEqual(usage(8, 4))
  expect(laterUsage(usage(9, 0), usage(0, 5))).toEqual(usage(9, 5))
  expect(laterUsage(usage(9, 5), usage(0, 0))).toEqual(usage(9, 5))
  expect(laterUsage(usage(9, 5, { cachedTokens: 3 }), usage(9, 6))).toEqual(usage(9, 6, { cachedTokens: 3 }))
})

test('one usage by itself is that usage', () => {
  expect(laterUsage(undefined, usage(0, 0))).toEqual(usage(0, 0))
  expect(laterUsage(usage(1, 2), undefined)).toEqual(usage(1, 2))
  expect(laterUsage(undefined, undefined)).toBeUndefined()
})
