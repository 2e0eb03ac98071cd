import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cost } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { KNOWN_PROVIDERS } from '../src/index.ts'

/** Older than this, what a file says of its vendor's models is more likely wrong than right. */
const MAX_AGE_DAYS = 730

const providers = KNOWN_PROVIDERS.map(({ id, create }) => ({ id, models: create({}).info.models }))

describe.each(providers)('the models of $id', ({ models }) => {
  test('have names that are told apart', () => {
    const ids = models.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^\S+$/)
  })

  test('have sizes and prices that can be: what is unknown is absent, never 0', () => {
    for (const { id, contextTokens, outputTokens, price } of models) {
      for (const tokens of [contextTokens, outputTokens])
        if (tokens !== undefined) expect(tokens, id).toBeGreaterThan(255)
      if (contextTokens !== undefined) expect(outputTokens ?? 0, id).toBeLessThanOrEqual(contextTokens)
      if (price === undefined) continue
      const { input, output, cachedInput = input, upToInputTokens } = price
      for (const dollars of [input, output, cachedInput]) expect(dollars, id).toBeGreaterThan(0)
      expect(cachedInput, id).toBeLessThanOrEqual(input)
      // US dollars per million tokens: a price per thousand would be far below, one in cents far above.
      expect(output, id).toBeLessThan(1_000)
      // A tier that the model has no room for is none.
      if (upToInputTokens !== undefined) expect(upToInputTokens, id).toBeLessThan(contextTokens ?? Infinity)
      const usage = { inputTokens: 100_000, outputTokens: 0, source: 'reported' } as const
      expect(cost(usage, { price }), id).toBeCloseTo(input / 10, 9)
    }
  })
})

const files = globSync('../../provider-*/src/models.ts', { cwd: import.meta.dirname })

test.each(files)('%s says where it has its facts from, and when', (file) => {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8')
  expect(text).toMatch(/https:\/\/\S+/)
  const dates = [...text.matchAll(/\b20\d\d-\d\d-\d\d\b/g)].map(([date]) => Date.parse(date))
  expect(dates.length).toBeGreaterThan(0)
  const days = (Date.now() - Math.max(...dates)) / 86_400_000
  expect(days, 'look its facts up again, and date them').toBeLessThan(MAX_AGE_DAYS)
})
