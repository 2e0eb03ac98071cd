import { ManualClock } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedFailure, scriptedProvider, type ScriptedProvider, seeded } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { balance, type BalanceOptions, failover } from '../src/index.ts'
import { call } from './support/call.ts'

function setting(firstMs: readonly number[], options: Omit<BalanceOptions, 'clock'>) {
  const clock = new ManualClock(0)
  const all = firstMs.map((ms, index) =>
    scriptedProvider(`m${index}`, clock, () =>
      ms < 0 ? scriptedFailure(`m${index}`, 'overloaded', -ms) : scriptedAnswer(`m${index}`, ms, 10),
    ),
  )
  return { clock, all, group: balance(all, { ...options, clock }) }
}

const requestsOf = (all: readonly ScriptedProvider[]): number[] => all.map(({ requests }) => requests)

async function after(requests: number, everyMs: number, { clock, group }: ReturnType<typeof setting>): Promise<void> {
  for (let count = 0; count < requests; count++) clock.after(count * everyMs, () => void call(group))
  await clock.run()
}

describe("'round-robin'", () => {
  it('asks each in its turn', async () => {
    const made = setting([10, 10, 10], { by: 'round-robin' })
    const starts: string[][] = []
    for (let count = 0; count < 6; count++) {
      const called = call(made.group)
      await made.clock.run()
      starts.push(called.starts)
    }
    expect(starts.flat()).toEqual(['m0', 'm1', 'm2', 'm0', 'm1', 'm2'])
  })

  it('spreads the load of a member that is down over all others', async () => {
    const made = setting([-1, 10, 10, 10], { by: 'round-robin' })
    await after(300, 100, made)
    expect(requestsOf(made.all)).toEqual([100, 100, 100, 100])
  })
})

describe("'weight'", () => {
  it('asks each as often as its weight says, and never in bursts', async () => {
    const made = setting([10, 10, 10], { by: 'weight', weights: [5, 1, 1] })
    const starts: string[] = []
    for (let count = 0; count < 14; count++) {
      const called = call(made.group)
      await made.clock.run()
      starts.push(...called.starts)
    }
    expect(starts.join(' ')).toBe('m0 m0 m0 m1 m0 m0 m2 '.repeat(2).trim())
  })

  it('fails over to the others by their weights', async () => {
    const made = setting([-1, 10, 10], { by: 'weight', weights: [8, 3, 1] })
    await after(400, 100, made)
    const [, b = 0, c = 0] = requestsOf(made.all)
    expect(b + c).toBe(400)
    expect(b / c).toBeGreaterThan(2)
  })
})

describe("'random'", () => {
  it('asks any, each as likely as another, and none twice', async () => {
    const made = setting([10, -1, 10, 10], { by: 'random', random: seeded(1) })
    await after(3000, 100, made)
    for (const requests of requestsOf(made.all)) expect(requests).toBeGreaterThan(650)
    expect(made.all[1]?.requests).toBeLessThan(850)
  })
})

describe("'latency'", () => {
  it('asks the quicker of two', async () => {
    const made = setting([100, 1000, 100], { by: 'latency', random: seeded(1) })
    await after(3000, 50, made)
    const [a = 0, b = 0, c = 0] = requestsOf(made.all)
    expect(b).toBeLessThan(0.1 * 3000)
    expect(Math.min(a, c)).toBeGreaterThan(0.35 * 3000)
  })

  it('avoids a member that fails quickly, however quick it is', async () => {
    const made = setting([200, -1, 200], { by: 'latency', random: seeded(1) })
    await after(3000, 50, made)
    expect(made.all[1]?.requests).toBeLessThan(0.1 * 3000)
  })

  it('counts the calls in flight: a burst is spread before anything is known', async () => {
    const made = setting([500, 500, 500, 500], { by: 'latency', random: seeded(1) })
    await after(400, 0, made)
    for (const requests of requestsOf(made.all)) expect(Math.abs(requests - 100)).toBeLessThan(10)
  })

  it('forgets: a member that was slow is tried again', async () => {
    const clock = new ManualClock(0)
    const slow = scriptedProvider('slow', clock, ({ now }) => scriptedAnswer('slow', now < 60_000 ? 3000 : 100, 10))
    const even = scriptedProvider('even', clock, () => scriptedAnswer('even', 100, 10))
    const group = balance([slow, even], { by: 'latency', halfLifeMs: 5000, clock, random: seeded(1) })
    let [during, later] = [0, 0]
    for (let at = 0; at < 180_000; at += 100) clock.after(at, () => void call(group))
    clock.after(60_000, () => {
      during = slow.requests
    })
    clock.after(150_000, () => {
      later = slow.requests
    })
    await clock.run()
    expect(during).toBeLessThan(120)
    expect(slow.requests - later).toBeGreaterThan(90)
  })
})

describe('a balance', () => {
  it('is a group like any other, and nests', async () => {
    const { clock, all, group } = setting([-1, -1], { by: 'round-robin', id: 'east' })
    const west = scriptedProvider('west', clock, () => scriptedAnswer('west', 5, 5))
    const called = call(failover([group, west], { clock }))
    await clock.run()
    expect(called.starts).toEqual(['west'])
    expect(requestsOf(all)).toEqual([1, 1])
    expect(called.reports.map(({ provider }) => provider)).toEqual(['m0', 'm1', 'east', 'west'])
  })

  it.each([
    [{}, /by must be one of round-robin, weight, random, latency, .* or a policy with choose\(\).*, got undefined/],
    [{ by: 'weight' }, /give a weight for each of the 2 members/],
    [{ by: 'weight', weights: [1, 0] }, /weights\[1\] must be a number above 0/],
    [{ by: 'random', weights: [1, 1] }, /weights go with by: 'weight'/],
    [{ by: 'random', halfLifeMs: 1 }, /halfLifeMs goes with by: 'latency'/],
    [{ by: 'latency', wieghts: [] }, /Did you mean "weights"\?/],
  ])('names a mistake (%#)', (options, words) => {
    expect(() => setting([1, 1], options as never)).toThrow(words)
  })
})
