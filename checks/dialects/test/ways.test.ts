import { simulator } from '@rivulet/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DIALECTS } from '../src/dialects.ts'
import { FIELDS } from '../src/fields.ts'
import { allWays, type Way } from '../src/table.ts'

let ways: Way[] = []
let sim: Awaited<ReturnType<typeof simulator>> | undefined

beforeAll(async () => {
  sim = await simulator({ seed: 1, pace: 'instant' })
  ways = await allWays(sim)
}, 60_000)
afterAll(async () => {
  await sim?.[Symbol.asyncDispose]()
})

const names = DIALECTS.map(({ name }) => name)

describe.each(names)('from a client of %s', (from) => {
  test.each(names)('to an endpoint of %s: each field arrives, is named, or is refused', (to) => {
    const found = ways.filter((way) => way.from === from && way.to === to)
    expect(found).toHaveLength(FIELDS.length)
    expect(found.filter(({ outcome }) => outcome.kind === 'lost')).toEqual([])
  })

  test('to an endpoint of the same dialect: everything arrives', () => {
    const found = ways.filter((way) => way.from === from && way.to === from && way.outcome.kind !== 'no word')
    expect(found.filter(({ outcome }) => outcome.kind !== 'survives' || outcome.dropped.length > 0)).toEqual([])
    // Each dialect has a word for most of what a request may have.
    expect(found.length).toBeGreaterThan(FIELDS.length / 2)
  })
})
