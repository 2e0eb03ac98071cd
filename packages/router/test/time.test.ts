import { type ChatEvent, deadlines, pipe, retry } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedFailure, scriptedProvider } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { failover } from '../src/index.ts'
import { call, codeOf } from './support/call.ts'
import { REQUEST } from './support/members.ts'

function members(...firstMs: number[]) {
  const clock = new ManualClock(0)
  return {
    clock,
    all: firstMs.map((ms, index) =>
      scriptedProvider('abcdefghij'.charAt(index), clock, () => scriptedAnswer('x', ms, 10)),
    ),
  }
}

describe('one deadline for the whole', () => {
  it('leaves no timer, also of a member that had nothing to add', async () => {
    const clock = new ManualClock(0)
    const said: ChatEvent[] = [
      { type: 'start', provider: 'a', model: 'm' },
      { type: 'text', text: 'Hello' },
    ]
    const broken = scriptedProvider('a', clock, () => [
      { afterMs: 1, events: said },
      ...scriptedFailure('a', 'truncated', 1),
    ])
    const ending: ChatEvent[] = [
      { type: 'start', provider: 'b', model: 'm' },
      { type: 'finish', reason: 'stop' },
    ]
    const silent = scriptedProvider('b', clock, () => [{ afterMs: 1, events: ending }], { prefill: true })
    const called = call(failover([broken, silent], { totalMs: 9000, clock, onBreak: 'continue' }))
    await clock.run()
    expect(codeOf(called)).toBe('truncated')
    expect(clock.now()).toBe(3)
  })

  it('is shared among the candidates left for their first content', async () => {
    const { clock, all } = members(Infinity, Infinity, 2900)
    const called = call(failover(all, { totalMs: 9000, clock }))
    await clock.run()
    expect(called.text).toBe('Hello, world')
    expect(
      called.reports.map(({ provider, outcome, startedMs, totalMs }) => [provider, outcome, startedMs, totalMs]),
    ).toEqual([
      ['a', 'failed', 0, 3000],
      ['b', 'failed', 3000, 3000],
      ['c', 'answered', 6000, 2910],
    ])
    expect(called.reports[0]?.error).toMatchObject({ code: 'timeout' })
    expect(all.map(({ inFlight }) => inFlight)).toEqual([0, 0, 0])
  })

  it('gives the others what a quick failure did not use', async () => {
    const clock = new ManualClock(0)
    const quick = scriptedProvider('a', clock, () => scriptedFailure('a', 'overloaded', 100))
    const slow = scriptedProvider('b', clock, () => scriptedAnswer('b', 4000, 10))
    const called = call(
      failover([quick, slow, scriptedProvider('c', clock, () => scriptedAnswer('c', 1, 1))], { totalMs: 9000, clock }),
    )
    await clock.run()
    expect(called.starts).toEqual(['b'])
  })

  it('of many members, leaves each its chance: it is shared among four at most, and among those that may be asked', async () => {
    const { clock, all } = members(2000, 1, 1, 1, 1, 1, 1, 1)
    const [patient, two] = [
      call(failover(all, { totalMs: 9000, clock })),
      call(failover(all, { totalMs: 4100, attempts: 2, clock })),
    ]
    await clock.run()
    expect([patient.reports.length, two.reports.length]).toEqual([1, 1])
  })

  it('ends the call when all of it is used, with one error for each attempt', async () => {
    const { clock, all } = members(Infinity, Infinity)
    const called = call(failover(all, { totalMs: 1000, clock }))
    await clock.run()
    expect(called.error).toMatchObject({ code: 'exhausted', attempts: [{ code: 'timeout' }, { code: 'timeout' }] })
    expect(clock.now()).toBe(1000)
  })

  it('also bounds an answer that has begun, and no other begins then', async () => {
    const clock = new ManualClock(0)
    const endless = scriptedProvider('a', clock, () => scriptedAnswer('a', 10, Infinity))
    const called = call(
      failover([endless, scriptedProvider('b', clock, () => scriptedAnswer('b', 1, 1))], {
        totalMs: 1000,
        onBreak: 'restart',
        clock,
      }),
    )
    await clock.run()
    expect(codeOf(called)).toBe('timeout')
    expect(called.starts).toEqual(['a'])
    expect(clock.now()).toBe(1000)
  })

  it('of an answer in one piece, the share is for all of it', async () => {
    const { clock, all } = members(600, 100)
    const called = call(failover(all, { totalMs: 1000, clock }), { ...REQUEST, stream: false })
    await clock.run()
    expect(called.starts).toEqual(['x'])
    expect(called.reports.map(({ outcome }) => outcome)).toEqual(['failed', 'answered'])
  })

  it("counts from the caller's first attempt, when a layer around the group asks again", async () => {
    const { clock, all } = members(Infinity)
    const group = pipe(
      failover(all, { totalMs: 1000, clock }),
      retry({ attempts: 3, clock, random: () => 0.5, retryWhen: () => true }),
    )
    const called = call(group)
    await clock.run()
    expect(all[0]?.requests).toBe(1)
    expect(called.error).toMatchObject({
      code: 'exhausted',
      message: 'failover: no time left to ask a member (totalMs).',
    })
  })

  it('leaves members their own deadlines, each from its own beginning, when there is none', async () => {
    const { clock, all } = members(Infinity, Infinity, 900)
    const own = all.map((each) => pipe(each, deadlines({ firstTokenMs: 1000, clock })))
    const called = call(failover(own, { clock }))
    await clock.run()
    expect(called.reports.map(({ startedMs }) => startedMs)).toEqual([0, 1000, 2000])
    expect(called.text).toBe('Hello, world')
  })
})

describe('attempts', () => {
  it('are bounded', async () => {
    const clock = new ManualClock(0)
    const all = ['a', 'b', 'c'].map((id) => scriptedProvider(id, clock, () => scriptedFailure(id, 'network', 1)))
    const called = call(failover(all, { attempts: 2, clock }))
    await clock.run()
    expect(called.error).toMatchObject({ code: 'exhausted', attempts: [{ provider: 'a' }, { provider: 'b' }] })
    expect(all.map(({ requests }) => requests)).toEqual([1, 1, 0])
  })

  it('are reported to the call and to the option alike, with their times; those of a nested group count from the whole', async () => {
    const clock = new ManualClock(0)
    const inner = failover(
      [
        scriptedProvider('b', clock, () => scriptedFailure('b', 'network', 30)),
        scriptedProvider('c', clock, () => scriptedAnswer('c', 20, 5)),
      ],
      { clock, id: 'inner' },
    )
    const told: unknown[] = []
    const group = failover([scriptedProvider('a', clock, () => scriptedFailure('a', 'overloaded', 10)), inner], {
      clock,
      onAttempt: (report) => told.push(report),
    })
    const called = call(group)
    await clock.run()
    expect(called.reports).toMatchObject([
      { provider: 'a', outcome: 'failed', startedMs: 0, totalMs: 10, error: { code: 'overloaded' } },
      { provider: 'b', outcome: 'failed', startedMs: 10, totalMs: 30, error: { code: 'network' } },
      { provider: 'c', outcome: 'answered', startedMs: 40, firstTokenMs: 20, totalMs: 25 },
      { provider: 'inner', outcome: 'answered', startedMs: 10, firstTokenMs: 50, totalMs: 55 },
    ])
    expect(told).toEqual(called.reports.filter(({ provider }) => provider === 'a' || provider === 'inner'))
  })

  it('whose reader aborts are cancelled', async () => {
    const { clock, all } = members(10)
    const abort = new AbortController()
    const called = call(failover(all, { clock }), REQUEST, { signal: abort.signal })
    clock.after(5, () => {
      abort.abort(new Error('enough'))
    })
    await clock.run()
    expect(called.reports).toMatchObject([{ outcome: 'cancelled', totalMs: 5 }])
    expect(called.error).toBe(abort.signal.reason)
  })
})

it.each([
  [{ totalMs: 0 }, /totalMs must be a number above 0/],
  [{ attempts: 1.5 }, /attempts must be a whole number/],
  [{ failoverWhen: true }, /failoverWhen must be a function/],
  [{ braker: {} }, /Did you mean "breaker"\?/],
])('a mistake is named (%#)', (options, words) => {
  expect(() => failover(members(1).all, options as never)).toThrow(words)
})

describe('the deadlines of a call', () => {
  it('share the time to the first content among the candidates left', async () => {
    const { clock, all } = members(Infinity, Infinity, 290)
    const called = call(failover(all, { clock }), REQUEST, { deadlines: { firstTokenMs: 900 } })
    await clock.run()
    expect(called.text).toBe('Hello, world')
    expect(called.reports.map(({ startedMs, totalMs }) => [startedMs, totalMs])).toEqual([
      [0, 300],
      [300, 300],
      [600, 300],
    ])
  })

  it('no attempt begins later than the deadline of the first content', async () => {
    const clock = new ManualClock(0)
    const late = scriptedProvider('a', clock, () => scriptedFailure('a', 'overloaded', 899))
    const others = ['b', 'c'].map((id) => scriptedProvider(id, clock, () => scriptedFailure(id, 'overloaded', 899)))
    const called = call(failover([late, ...others], { clock, totalMs: 10_000 }), REQUEST, {
      deadlines: { firstTokenMs: 900 },
    })
    await clock.run()
    expect(called.reports.every(({ startedMs }) => startedMs < 900)).toBe(true)
    expect(clock.now()).toBeLessThanOrEqual(900)
  })

  it('a restart has its time to the first content anew, within the total', async () => {
    const clock = new ManualClock(0)
    const said: ChatEvent[] = [
      { type: 'start', provider: 'a', model: 'm' },
      { type: 'text', text: 'Hel' },
    ]
    const broken = scriptedProvider('a', clock, () => [
      { afterMs: 80, events: said },
      ...scriptedFailure('a', 'truncated', 500),
    ])
    const healthy = scriptedProvider('b', clock, () => scriptedAnswer('b', 80, 10))
    const options = { onBreak: 'restart' as const, deadlines: { firstTokenMs: 200, totalMs: 10_000 } }
    const called = call(failover([broken, healthy], { clock }), REQUEST, options)
    await clock.run()
    expect(called).toMatchObject({ text: 'Hello, world', error: undefined })
  })

  it('an answer in one piece has only that of the whole answer', async () => {
    const { clock, all } = members(500, 500)
    const options = { deadlines: { firstTokenMs: 100, totalMs: 2_000 } }
    const called = call(failover(all, { clock }), { ...REQUEST, stream: false }, options)
    await clock.run()
    expect(called).toMatchObject({ text: 'Hello, world', error: undefined })
  })

  it('of a single member with retries, an answer that it restarts has its time to the first content anew', async () => {
    const clock = new ManualClock(0)
    const begun: ChatEvent[] = [
      { type: 'start', provider: 'a', model: 'm' },
      { type: 'text', text: 'Hel' },
    ]
    const scripts = [
      [{ afterMs: 80, events: begun }, ...scriptedFailure('a', 'truncated', 500)],
      scriptedAnswer('a', 2_000, 1),
    ]
    const broken = scriptedProvider('a', clock, () => scripts.shift() ?? [])
    const layers = [deadlines({ clock }), retry({ clock, backoffMs: 0, onBreak: 'restart' as const })]
    const options = { deadlines: { firstTokenMs: 200, totalMs: 10_000 } }
    const called = call(failover([pipe(broken, ...layers)], { clock }), REQUEST, options)
    await clock.run()
    expect(codeOf(called)).toBe('timeout')
    expect([broken.requests, clock.now()]).toEqual([2, 781])
  })

  it('are those of its members, in place of limits of their own that are nearer', async () => {
    const { clock, all } = members(Infinity, 300)
    const impatient = all.map((member) => pipe(member, deadlines({ clock, firstTokenMs: 80, totalMs: 80 })))
    const called = call(failover(impatient, { clock }), REQUEST, { deadlines: { firstTokenMs: 800, totalMs: 5_000 } })
    await clock.run()
    expect(called.text).toBe('Hello, world')
    expect(called.reports.map(({ startedMs, outcome }) => [startedMs, outcome])).toEqual([
      [0, 'failed'],
      [400, 'answered'],
    ])
    const own = call(failover(impatient, { clock }), REQUEST)
    await clock.run()
    expect(own.reports.map(({ outcome }) => outcome)).toEqual(['failed', 'failed'])
  })
})
