import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkFraming, FRAMINGS } from '../src/fuzz/framings.ts'
import { checkProvider } from '../src/fuzz/providers.ts'
import { fuzz, targets } from '../src/fuzz/run.ts'
import { seeds } from '../src/fuzz/seeds.ts'
import { streams } from '../src/fuzz/streams.ts'
import { subjectOf, subjects } from '../src/subjects.ts'

describe('fuzzing', () => {
  test('finds nothing in a short run', { timeout: 120_000 }, async () => {
    const proved = await subjects()
    const found = await fuzz(proved, { runs: 3_000, seed: 20_261_121 })
    expect(found.targets).toEqual([...targets(proved).keys()])
    expect(found.targets.length).toBe(Object.keys(FRAMINGS).length + proved.length)
  })

  test('a seed makes the same streams again', () => {
    const sample = (seed: number) => fc.sample(streams(seeds()), { seed, numRuns: 20 })
    expect(sample(1)).toEqual(sample(1))
    expect(sample(1)).not.toEqual(sample(2))
  })

  test('finds a provider that throws what it should not', async () => {
    const right = await subjectOf('lockchat')
    const wrong = {
      ...right,
      provider: () => {
        throw new RangeError('a mistake')
      },
    }
    await expect(fuzz([{ id: 'wrong', subject: wrong }], { runs: 500, seed: 1 })).rejects.toMatchObject({
      cause: { message: 'a mistake' },
    })
  })

  test('finds a provider that ends twice or never', async () => {
    const { provider, ...rest } = await subjectOf('lockchat')
    const stream = { contentType: 'text/event-stream', pieces: [], breaks: false }
    for (const events of [
      [],
      [{ type: 'finish', reason: 'stop' } as const, { type: 'finish', reason: 'stop' } as const],
    ]) {
      const wrong = {
        ...rest,
        provider: () => ({
          ...provider({}),
          async *stream() {
            yield* events
          },
        }),
      }
      await expect(checkProvider(wrong, stream)).rejects.toThrow(/finish events/)
    }
  })

  test('a framing keeps its bound', () => {
    const line = Buffer.from(`data: ${'x'.repeat(5_000)}\n\n`)
    const stream = { contentType: 'text/event-stream', pieces: [line], breaks: false }
    for (const name of Object.keys(FRAMINGS))
      expect(() => {
        checkFraming(name, stream)
      }).not.toThrow()
  })
})
