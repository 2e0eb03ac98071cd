import { ChatError } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedFailure, scriptedProvider, type ScriptedStep } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { failover, keys, route } from '../src/index.ts'
import { call, codeOf } from './support/call.ts'
import { REQUEST } from './support/members.ts'

describe('in a group', () => {
  const make = (clock: ManualClock, id: string, step: () => readonly ScriptedStep[]) =>
    scriptedProvider(id, clock, step)

  it('each member has its own, also two of one id', async () => {
    const clock = new ManualClock(0)
    const all = [
      make(clock, 'same', () => scriptedFailure('same', 'network', 1)),
      make(clock, 'same', () => scriptedAnswer('same', 1, 1)),
    ]
    const group = failover(all, { clock, breaker: { failures: 1 } })
    for (let count = 0; count < 5; count++) {
      call(group)
      await clock.run()
    }
    expect(all.map(({ requests }) => requests)).toEqual([1, 5])
  })

  it('a member whose circuit is open does not count as an attempt', async () => {
    const clock = new ManualClock(0)
    const all = [
      make(clock, 'a', () => scriptedFailure('a', 'network', 1)),
      make(clock, 'b', () => scriptedAnswer('b', 1, 1)),
    ]
    const group = failover(all, { clock, attempts: 1, breaker: { failures: 1 } })
    const first = call(group)
    await clock.run()
    const second = call(group)
    await clock.run()
    expect([codeOf(first), codeOf(second)]).toEqual(['network', undefined])
    expect(second.starts).toEqual(['b'])
  })

  it('of route(), each provider has one for each model, however many names lead to it', async () => {
    const clock = new ManualClock(0)
    const down = make(clock, 'down', () => scriptedFailure('down', 'network', 1))
    const well = make(clock, 'well', () => scriptedAnswer('well', 1, 1))
    const routed = route(
      { m: [down, well], 'm*': [down, well] },
      { clock, breaker: { failures: 1 }, aliases: { best: 'm', other: ['m', 'm2'] } },
    )
    for (const model of ['m', 'best', 'other', 'm']) {
      const called = call(routed, { ...REQUEST, model })
      await clock.run()
      expect(called.starts).toEqual(['well'])
    }
    expect(down.requests).toBe(1)
  })

  it('all open: the error says of each when to come back, but has no retryAfterMs that would bring all callers back at once', async () => {
    const clock = new ManualClock(0)
    const all = [
      make(clock, 'a', () => scriptedFailure('a', 'rate-limited', 1, 5000)),
      make(clock, 'b', () => scriptedFailure('b', 'rate-limited', 1, 3000)),
    ]
    const group = failover(all, { clock, breaker: {} })
    const called = call(group)
    await clock.run()
    expect(called.error).toMatchObject({
      code: 'exhausted',
      attempts: [{ retryAfterMs: 5000 }, { retryAfterMs: 3000 }],
    })
    expect(called.error).not.toHaveProperty('retryAfterMs')
    expect(called.error).toBeInstanceOf(ChatError)
  })
})

describe('keys', () => {
  it('are used in turns, and one with a Retry-After is skipped until then', async () => {
    const clock = new ManualClock(0)
    const asked: string[] = []
    const group = keys(
      ['one', 'two', 'three'],
      (key) =>
        scriptedProvider('acme', clock, ({ now }) => {
          asked.push(key)
          return key === 'two' && now < 100
            ? scriptedFailure('acme', 'rate-limited', 1, 10_000)
            : scriptedAnswer('acme', 1, 1)
        }),
      { clock },
    )
    for (let count = 0; count < 8; count++) {
      expect(group.id).toBe('acme')
      const called = call(group)
      await clock.run()
      expect(called.text).toBe('Hello, world')
    }
    expect(asked.filter((key) => key === 'two')).toHaveLength(1)
    await clock.run(11_000)
    for (let count = 0; count < 3; count++) {
      call(group)
      await clock.run()
    }
    expect(asked.slice(-3)).toContain('two')
  })

  it('appear in no error', async () => {
    const clock = new ManualClock(0)
    const group = keys(
      ['secret-key'],
      () => scriptedProvider('acme', clock, () => scriptedFailure('acme', 'auth', 1)),
      { clock },
    )
    const called = call(group)
    await clock.run()
    expect(JSON.stringify([called.error, String(called.error), group.info])).not.toContain('secret-key')
  })

  it('are checked', () => {
    expect(() => keys([], () => scriptedProvider('a', new ManualClock(0), () => []))).toThrow(/at least one key/)
    expect(() => keys(['a'], undefined as never)).toThrow(/say what a key is for/)
  })
})
