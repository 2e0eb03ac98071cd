import { describe, expect, it, vi } from 'vitest'
import { CACHE_GROUPS, conversations, type CacheRun } from '../simulation/caches.ts'
import { spreadOf } from '../simulation/homes.ts'

// Thousands of conversations: seconds on a quiet machine, more on a busy one.
vi.setConfig({ testTimeout: 120_000 })

describe('balance by affinity', () => {
  it('spreads 100,000 sessions over four members within four standard deviations', () => {
    const spread = spreadOf(4, 100_000)
    expect(spread.sigmas).toBeLessThan(4)
    // Of n members and one that joins, one in n + 1 sessions moves, to that one.
    expect(spread.movedSigmas).toBeLessThan(4)
    expect(spread.movedElsewhere).toBe(0)
  })
})

describe('conversations whose members keep them in caches', () => {
  const run = (name: string, more: Partial<CacheRun> = {}) => {
    const group = CACHE_GROUPS[name]
    if (group === undefined) throw new Error(`no group "${name}"`)
    return conversations({ group, sessions: 400, outageMs: 0, seed: 1, ...more })
  }

  it('are found there by affinity, and one time in three not in turn', async () => {
    const [turns, home] = [await run('in turn'), await run('by affinity')]
    expect(home.hits / home.later).toBeGreaterThan(0.995)
    expect(turns.hits / turns.later).toBeLessThan(0.75)
    expect([turns.answered, home.answered]).toEqual([turns.calls, home.calls])
  })

  it('stay at home when copies of their requests go elsewhere', async () => {
    const hedged = await run('by affinity, hedged')
    expect(hedged.homes).toBe(1)
    // There were such copies.
    expect(hedged.requests).toBeGreaterThan(hedged.calls)
    expect(hedged.hits / hedged.later).toBeGreaterThan(0.995)
  })

  it('lose two hits each at most in an outage of their home: when they leave, and when they come back', async () => {
    const [calm, outage] = [await run('by affinity'), await run('by affinity', { outageMs: 300_000 })]
    expect(outage.answered).toBe(outage.calls)
    const lost = calm.hits - outage.hits
    expect(lost).toBeGreaterThan(0)
    // A quarter of the conversations is at home at the member that is down; far from all of them are under way then.
    expect(lost).toBeLessThan((2 * 400) / 4)
  })
})
