import { ManualClock } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedFailure, scriptedProvider } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { hedge, type HedgeOptions } from '../src/index.ts'
import { Percentile } from '../src/stats/percentile.ts'
import { call } from './support/call.ts'
import { REQUEST } from './support/members.ts'

function setting(firstMs: readonly number[], options: Omit<HedgeOptions, 'clock'>) {
  const clock = new ManualClock(0)
  const all = firstMs.map((ms, index) =>
    scriptedProvider(`m${index}`, clock, () =>
      ms < 0 ? scriptedFailure(`m${index}`, 'overloaded', -ms) : scriptedAnswer(`m${index}`, ms, 10),
    ),
  )
  return { clock, all, group: hedge(all, { ...options, clock }) }
}

describe('a hedge', () => {
  it('asks the next as well after a while, and the first content wins', async () => {
    const { clock, all, group } = setting([1000, 100], { afterMs: 200 })
    const called = call(group)
    await clock.run()
    expect(called.starts).toEqual(['m1'])
    expect(called.events.map(({ type }) => type)).toEqual(['start', 'text', 'text', 'finish'])
    expect(called.reports).toEqual([
      { provider: 'm0', outcome: 'superseded', startedMs: 0, totalMs: 300 },
      { provider: 'm1', outcome: 'answered', startedMs: 200, firstTokenMs: 100, totalMs: 110 },
    ])
    expect(all.map(({ inFlight }) => inFlight)).toEqual([0, 0])
    expect(clock.now()).toBe(310)
  })

  it('asks no other member when the first is quick', async () => {
    const { clock, all, group } = setting([100, 100], { afterMs: 200 })
    call(group)
    await clock.run()
    expect(all.map(({ requests }) => requests)).toEqual([1, 0])
  })

  it('lets the first win when it is quicker in the end, and aborts the other at once', async () => {
    const { clock, all, group } = setting([250, 100], { afterMs: 200 })
    const called = call(group)
    await clock.run()
    expect(called.reports).toMatchObject([
      { provider: 'm1', outcome: 'superseded', startedMs: 200, totalMs: 50 },
      { provider: 'm0', outcome: 'answered' },
    ])
    expect(all[1]?.inFlight).toBe(0)
  })

  it('asks one after the other, each a while after the last', async () => {
    const { clock, group } = setting([Infinity, Infinity, 50], { afterMs: 200 })
    const called = call(group)
    await clock.run()
    expect(called.reports.map(({ startedMs }) => startedMs)).toEqual([0, 200, 400])
    expect(called.starts).toEqual(['m2'])
  })

  it('a failure starts the next at once, and is no extra request', async () => {
    const { clock, group } = setting([-20, 100], { afterMs: 200, maxExtraRatio: 0, allowance: 0 })
    const called = call(group)
    await clock.run()
    expect(called.reports).toMatchObject([
      { provider: 'm0', outcome: 'failed', totalMs: 20 },
      { provider: 'm1', outcome: 'answered', startedMs: 20 },
    ])
  })

  it('waits for the running attempts when one of them fails', async () => {
    const { clock, group } = setting([1000, -10], { afterMs: 200 })
    const called = call(group)
    await clock.run()
    expect(called.starts).toEqual(['m0'])
  })

  it('fails when all attempts have failed, with each error', async () => {
    const { clock, group } = setting([-500, -500], { afterMs: 200 })
    const called = call(group)
    await clock.run()
    expect(called.error).toMatchObject({ code: 'exhausted', attempts: [{ provider: 'm0' }, { provider: 'm1' }] })
  })

  it('closes all of them when the caller aborts or leaves', async () => {
    const { clock, all, group } = setting([1000, 1000], { afterMs: 200 })
    const abort = new AbortController()
    const called = call(group, REQUEST, { signal: abort.signal })
    clock.after(300, () => {
      abort.abort(new Error('enough'))
    })
    await clock.run()
    expect(called.error).toBe(abort.signal.reason)
    expect(called.reports.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled'])
    expect(all.map(({ requests, inFlight }) => [requests, inFlight])).toEqual([
      [1, 0],
      [1, 0],
    ])
    expect(clock.now()).toBe(300)
  })

  it('learns when to ask from the times it has seen, of each model', async () => {
    const clock = new ManualClock(0)
    const firstMs = { slow: 1000, quick: 100 } as Record<string, number>
    const make = (id: string) =>
      scriptedProvider(id, clock, ({ request, index }) =>
        scriptedAnswer(id, index < 60 ? (firstMs[request.model] ?? 0) : 9000, 1),
      )
    const all = [make('a'), make('b')]
    const group = hedge(all, { afterPercentile: 90, clock })
    for (let count = 0; count < 60; count++) {
      clock.after(count * 2000, () => void call(group, { ...REQUEST, model: count % 2 === 0 ? 'slow' : 'quick' }))
    }
    await clock.run()
    expect(all[1]?.requests).toBe(0)
    const [slow, quick] = ['slow', 'quick'].map((model) => call(group, { ...REQUEST, model }))
    await clock.run()
    expect(slow?.reports.find(({ provider }) => provider === 'b')?.startedMs).toBe(1000)
    expect(quick?.reports.find(({ provider }) => provider === 'b')?.startedMs).toBe(100)
  })

  it.each([
    [{}, /say when: afterMs/],
    [{ afterPercentile: 100 }, /below 100/],
    [{ afterMs: 0 }, /afterMs must be a number above 0/],
    [{ afterMs: 1, maxExtraRatio: -1 }, /maxExtraRatio must be 0 or/],
    [{ afterMS: 1 }, /Did you mean "afterMs"\?/],
  ])('names a mistake (%#)', (options, words) => {
    expect(() => setting([1], options as never)).toThrow(words)
  })
})

it('a percentile needs some values, and forgets old ones', () => {
  const times = new Percentile(90, 100)
  for (let value = 1; value < 20; value++) times.add(value)
  expect(times.get()).toBeUndefined()
  for (let value = 20; value <= 100; value++) times.add(value)
  expect(times.get()).toBe(91)
  for (let count = 0; count < 100; count++) times.add(7)
  expect(times.get()).toBe(7)
})

it('a member that was superseded has not failed: it is asked again when the winner breaks', async () => {
  const clock = new ManualClock(0)
  const broken = [...scriptedAnswer('b', 100, 10).slice(0, 1), ...scriptedFailure('b', 'truncated', 10)]
  const slow = scriptedProvider('a', clock, () => scriptedAnswer('a', 400, 10))
  const quick = scriptedProvider('b', clock, () => broken)
  const called = call(hedge([slow, quick], { afterMs: 200, onBreak: 'restart', clock }))
  await clock.run()
  expect(called.text).toBe('Hello, world')
  expect(called.starts).toEqual(['b', 'a'])
  expect(called.reports.map(({ provider, outcome }) => `${provider} ${outcome}`)).toEqual([
    'a superseded',
    'b failed',
    'a answered',
  ])
  expect([slow.requests, quick.requests, slow.inFlight]).toEqual([2, 1, 0])
})
