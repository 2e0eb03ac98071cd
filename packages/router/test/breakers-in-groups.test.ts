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

  it('all open: the error says of each when to come back, and of all the earliest', async () => {
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
    expect(called.error).toMatchObject({ retryAfterMs: 3000, retryable: true })
    expect((called.error as Error).message).toContain('Retry in 3 s.')
  })
})

describe('a key that was put right', () => {
  const refused = (id: string) => scriptedFailure(id, 'auth', 1)

  it('is noticed at the next call when nobody else is left', async () => {
    const clock = new ManualClock(0)
    let isRight = false
    const one = scriptedProvider('a', clock, () => (isRight ? scriptedAnswer('a', 1, 1) : refused('a')))
    const other = scriptedProvider('b', clock, () => scriptedFailure('b', 'overloaded', 1))
    const group = failover([one, other], { clock, breaker: {} })
    const first = call(group)
    await clock.run()
    expect(codeOf(first)).toBe('exhausted')
    isRight = true
    const second = call(group)
    await clock.run()
    expect(second).toMatchObject({ error: undefined, starts: ['a'] })
    // The breaker is closed: it is asked first again.
    const third = call(group)
    await clock.run()
    expect(third.starts).toEqual(['a'])
    expect([one.requests, other.requests]).toEqual([3, 2])
  })

  it('is noticed by every call, however many begin at once, and however long ago it was wrong', async () => {
    for (const waitMs of [1, 600_001]) {
      const clock = new ManualClock(0)
      let isRight = false
      const one = scriptedProvider('a', clock, () => (isRight ? scriptedAnswer('a', 1, 1) : refused('a')))
      const group = failover([one], { clock, breaker: {} })
      call(group)
      await clock.run()
      await clock.advance(waitMs)
      isRight = true
      const all = [1, 2, 3].map(() => call(group))
      await clock.run()
      expect(all.map(({ starts }) => starts)).toEqual([['a'], ['a'], ['a']])
    }
  })

  it('while it is still wrong, the error of today is the one that is told, once', async () => {
    const clock = new ManualClock(0)
    const group = failover(
      ['a', 'b'].map((id) => scriptedProvider(id, clock, () => refused(id))),
      { clock, breaker: {} },
    )
    for (const _ of [1, 2]) {
      const called = call(group)
      await clock.run()
      expect(called.error).toMatchObject({ attempts: [{ code: 'auth' }, { code: 'auth' }], retryable: false })
      expect((called.error as Error).message).not.toContain('circuit open')
      expect((called.error as Error).message).toMatch(/a, b: Check the API key\.$/)
    }
  })

  it('is not asked while another member answers', async () => {
    const clock = new ManualClock(0)
    const one = scriptedProvider('a', clock, () => refused('a'))
    const other = scriptedProvider('b', clock, () => scriptedAnswer('b', 1, 1))
    const group = failover([one, other], { clock, breaker: {} })
    for (const _ of [1, 2, 3]) {
      call(group)
      await clock.run()
    }
    expect([one.requests, other.requests]).toEqual([1, 3])
  })

  it('is noticed by embed() too', async () => {
    let isRight = false
    const one = {
      ...scriptedProvider('a', new ManualClock(0), () => refused('a')),
      embed: () =>
        isRight ? Promise.resolve({ vectors: [[1]] }) : Promise.reject(new ChatError('auth', 'a: wrong key')),
    }
    const group = failover([one], { breaker: {} })
    const ask = async () => group.embed?.({ model: 'm', input: ['a'] })
    await expect(ask()).rejects.toMatchObject({ code: 'auth' })
    isRight = true
    await expect(ask()).resolves.toEqual({ vectors: [[1]] })
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

  it('of which there is one: it is asked each time, because no other is spared by skipping it', async () => {
    const clock = new ManualClock(0)
    const busy = scriptedProvider('acme', clock, () => scriptedFailure('acme', 'rate-limited', 1, 10_000))
    const group = keys(['one'], () => busy, { clock })
    for (const _ of [1, 2, 3]) {
      call(group)
      await clock.run()
    }
    expect(busy.requests).toBe(3)
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
