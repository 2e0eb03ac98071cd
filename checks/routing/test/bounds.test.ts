import { failover, hedge } from '@rivulet/router'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allDown, allSlow, DOWN_GROUPS, heavyTail, HEDGE_RATIO } from '../simulation/bounds.ts'

// A million calls fail on purpose, and the stack of none is read: it would be a quarter of the time.
const { stackTraceLimit } = Error
beforeAll(() => {
  Error.stackTraceLimit = 0
})
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit
})

describe('with all members down', () => {
  it.each([1, 2, 3])('of %i attempts, each call is as many requests and no more', async (attempts) => {
    const { requests, calls } = await allDown(failover, { attempts }, 2000)
    expect(requests).toBe(calls * attempts)
  })

  it.each(Object.entries(DOWN_GROUPS))(
    '%s sends no storm: with breakers its probes go out at one rate, whatever the traffic',
    async (_, group) => {
      const [quiet, busy] = await Promise.all([2000, 100].map((everyMs) => allDown(group, { breaker: {} }, everyMs)))
      // Three members, one probe each in a minute at most.
      for (const each of [quiet, busy]) {
        expect(each?.perMinute).toBeGreaterThan(0)
        expect(each?.perMinute).toBeLessThanOrEqual(3.3)
        expect(each?.requests).toBeLessThanOrEqual((each?.calls ?? 0) * 3)
      }
      // A probe more or less at the end of the time.
      expect(Math.abs((busy?.perMinute ?? 0) - (quiet?.perMinute ?? 0))).toBeLessThanOrEqual(0.3)
    },
  )
})

describe('a hedge', () => {
  const calls = 10_000
  const options = { maxExtraRatio: HEDGE_RATIO, allowance: 0 }

  it('of members with a heavy tail brings the 99th percentile to a fifth or less, for at most 5 % more requests', async () => {
    const plain = await heavyTail(failover, calls)
    const hedged = await heavyTail(
      (members, more) => hedge(members, { ...more, ...options, afterPercentile: 95 }),
      calls,
    )
    expect(plain).toMatchObject({ requests: calls, answered: calls })
    expect(hedged.answered).toBe(calls)
    expect(hedged.requests).toBeLessThanOrEqual(calls * (1 + HEDGE_RATIO))
    expect(plain.p99 / hedged.p99).toBeGreaterThan(5)
  })

  it.each([0, 3])('keeps its budget when every member is slow, with an allowance of %i', async (allowance) => {
    const storm = await allSlow(
      (members, more) => hedge(members, { ...more, ...options, allowance, afterMs: 500 }),
      calls,
    )
    expect(storm.answered).toBe(calls)
    expect(storm.requests).toBeLessThanOrEqual(calls * (1 + HEDGE_RATIO) + allowance)
    // The budget has been spent.
    expect(storm.requests).toBeGreaterThan(calls * (1 + HEDGE_RATIO * 0.8))
  })
})
