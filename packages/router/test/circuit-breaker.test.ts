import { ChatError, type ErrorCode, pipe } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedFailure, scriptedProvider, type ScriptedStep } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import {
  failover,
  circuitBreaker,
  type BreakerOptions,
  type BreakerStore,
  keys,
  memoryBreakerStore,
} from '../src/index.ts'
import { call, codeOf } from './support/call.ts'
import { REQUEST } from './support/members.ts'

/** A member behind a breaker, and its answers one after another. */
function setting(answer: (now: number, model: string) => readonly ScriptedStep[], options: BreakerOptions = {}) {
  const clock = new ManualClock(0)
  const raw = scriptedProvider('m', clock, ({ now, request }) => answer(now, request.model))
  const guarded = pipe(raw, circuitBreaker({ clock, ...options }))
  const ask = async (atMs: number, request = REQUEST) => {
    await clock.run(atMs)
    const called = call(guarded, request)
    await clock.run(atMs + 50)
    return called
  }
  return { clock, raw, guarded, ask }
}

const failing = (code: ErrorCode, retryAfterMs?: number) => () => scriptedFailure('m', code, 1, retryAfterMs)

describe('a breaker', () => {
  it('opens when enough have failed, and then asks nothing', async () => {
    const { raw, ask } = setting(failing('overloaded'), { failures: 3 })
    for (const at of [0, 100, 200]) expect(codeOf(await ask(at))).toBe('overloaded')
    const refused = await ask(300)
    expect(raw.requests).toBe(3)
    expect(refused.error).toMatchObject({
      code: 'overloaded',
      provider: 'm',
      retryAfterMs: 4901,
      message: 'm: not asked for another 5 s, until it has rested. It had failed: m: overloaded',
    })
  })

  it('counts failures in a window only', async () => {
    const { raw, ask } = setting(failing('network'), { failures: 3, windowMs: 1000 })
    for (const at of [0, 900, 1800, 2700]) await ask(at)
    expect(raw.requests).toBe(4)
  })

  it('stays closed while most do well', async () => {
    let count = 0
    const { raw, ask } = setting(
      () => (count++ % 3 === 0 ? scriptedFailure('m', 'network', 1) : scriptedAnswer('m', 1, 1)),
      {
        failures: 3,
      },
    )
    for (let at = 0; at < 6000; at += 100) await ask(at)
    expect(raw.requests).toBe(60)
  })

  it('lets one try when it has rested, and closes on its first content', async () => {
    const { clock, raw, guarded, ask } = setting(
      (now) => (now < 1000 ? scriptedFailure('m', 'network', 1) : scriptedAnswer('m', 100, 5000)),
      { failures: 1 },
    )
    await ask(0)
    await clock.run(5100)
    const three = [call(guarded), call(guarded), call(guarded)]
    await clock.run(5150)
    expect(raw.requests).toBe(2)
    expect(three.map(codeOf)).toEqual([undefined, 'network', 'network'])
    expect(three[1]?.error).toMatchObject({ retryAfterMs: 1000 })
    await clock.run(5300)
    call(guarded)
    call(guarded)
    await clock.run()
    expect(raw.requests).toBe(4)
  })

  it('rests twice as long each time that the trial fails, up to a bound', async () => {
    const { clock, raw, guarded } = setting(failing('network'), { failures: 1, cooldownMs: 1000, maxCooldownMs: 8000 })
    const asked: number[] = []
    for (let at = 0; at < 60_000; at += 50) {
      clock.after(at, () => {
        const before = raw.requests
        call(guarded)
        clock.after(10, () => {
          if (raw.requests > before) asked.push(at)
        })
      })
    }
    await clock.run()
    expect(asked.slice(1).map((at, index) => Math.round((at - (asked[index] ?? 0)) / 1000))).toEqual([
      1, 2, 4, 8, 8, 8, 8, 8, 8,
    ])
  })

  it('does not believe a member that is well for a moment', async () => {
    const { raw, ask } = setting(
      (now) => (now > 1000 && now < 1200 ? scriptedAnswer('m', 1, 1) : scriptedFailure('m', 'network', 1)),
      { failures: 1, cooldownMs: 1000 },
    )
    await ask(0)
    await ask(1100)
    await ask(1300)
    expect(raw.requests).toBe(3)
    // The second rest is the longer one.
    expect(codeOf(await ask(2400))).toBe('network')
    expect(raw.requests).toBe(3)
    await ask(3400)
    expect(raw.requests).toBe(4)
  })

  it.each(['bad-request', 'content-filter', 'context-length', 'unsupported', 'not-found'] as const)(
    "learns nothing from '%s': the request is at fault",
    async (code) => {
      const { raw, ask } = setting(failing(code), { failures: 1 })
      for (const at of [0, 100, 200]) await ask(at)
      expect(raw.requests).toBe(3)
    },
  )

  it('learns nothing from a group that found the request at fault, and something from one that is down', async () => {
    const clock = new ManualClock(0)
    const [at, down] = (['not-found', 'network'] as const).map((code) =>
      scriptedProvider(code, clock, () => scriptedFailure(code, code, 1)),
    )
    const [first, second] = [at, down].map((each) =>
      pipe(failover(each === undefined ? [] : [each], { clock }), circuitBreaker({ clock, failures: 1 })),
    )
    for (let count = 0; count < 3; count++) {
      for (const each of [first, second]) if (each !== undefined) call(each)
      await clock.run()
    }
    expect([at?.requests, down?.requests]).toEqual([3, 1])
  })

  it('learns nothing from an abort, and lets another try', async () => {
    const { clock, raw, guarded, ask } = setting(
      (now) => (now < 1000 ? scriptedFailure('m', 'network', 1) : scriptedAnswer('m', 500, 10)),
      { failures: 1 },
    )
    await ask(0)
    await clock.run(5100)
    const abort = new AbortController()
    call(guarded, REQUEST, { signal: abort.signal })
    await clock.run(5200)
    abort.abort(new Error('enough'))
    const next = call(guarded)
    await clock.run()
    expect(raw.requests).toBe(3)
    expect(next.text).toBe('Hello, world')
  })

  it('counts a deadline that a group has set', async () => {
    const { clock, raw, guarded } = setting(() => scriptedAnswer('m', Infinity, 1), { failures: 1 })
    const group = failover([guarded, scriptedProvider('b', clock, () => scriptedAnswer('b', 1, 1))], {
      totalMs: 1000,
      clock,
    })
    call(group)
    await clock.run(2000)
    const second = call(group)
    await clock.run(3000)
    expect(raw.requests).toBe(1)
    expect(second.starts).toEqual(['b'])
  })

  it('is one for each model', async () => {
    const { raw, ask } = setting(
      (_, model) => (model === 'bad' ? scriptedFailure('m', 'network', 1) : scriptedAnswer('m', 1, 1)),
      {
        failures: 1,
      },
    )
    await ask(0, { ...REQUEST, model: 'bad' })
    expect((await ask(100)).text).toBe('Hello, world')
    expect(codeOf(await ask(200, { ...REQUEST, model: 'bad' }))).toBe('network')
    expect(raw.requests).toBe(2)
  })

  it.each([
    ['rate-limited', 20_000, 20_000],
    ['overloaded', 9e9, 3_600_000],
    ['auth', undefined, 600_000],
    ['quota', undefined, 600_000],
  ] as const)('parks at once on %s (%s)', async (code, retryAfterMs, parkedMs) => {
    const { raw, ask } = setting(failing(code, retryAfterMs))
    await ask(0)
    const parked = await ask(100)
    expect(raw.requests).toBe(1)
    expect(parked.error).toMatchObject({ code, retryAfterMs: parkedMs - 99 })
    await ask(parkedMs + 10)
    expect(raw.requests).toBe(2)
  })
})

describe('a store', () => {
  it('may take its time, and is shared', async () => {
    const memory = memoryBreakerStore()
    const store: BreakerStore = {
      get: async (key) => memory.get(key),
      record: async (key, change) => memory.record(key, change),
      lease: async (key, now, until) => memory.lease(key, now, until),
    }
    const one = setting(failing('network'), { failures: 1, store })
    const other = setting(failing('network'), { failures: 1, store })
    await one.ask(0)
    expect(codeOf(await other.ask(100))).toBe('network')
    expect([one.raw.requests, other.raw.requests]).toEqual([1, 0])
    await Promise.all([one.ask(6000), other.ask(6000)])
    expect(one.raw.requests + other.raw.requests).toBe(2)
  })

  it('that fails fails nobody', async () => {
    const broken = () => Promise.reject(new Error('no connection'))
    const { ask } = setting(() => scriptedAnswer('m', 1, 1), { store: { get: broken, record: broken, lease: broken } })
    expect((await ask(0)).text).toBe('Hello, world')
    const throwing = () => {
      throw new Error('no connection')
    }
    const failed = setting(failing('network'), { store: { get: throwing, record: throwing, lease: throwing } })
    expect(codeOf(await failed.ask(0))).toBe('network')
  })

  it('in memory keeps no more than it may, and nothing of who is well', async () => {
    const store = memoryBreakerStore({ maxKeys: 2 })
    const { ask } = setting(
      (_, model) => (model === 'well' ? scriptedAnswer('m', 1, 1) : scriptedFailure('m', 'network', 1)),
      {
        failures: 1,
        store,
      },
    )
    for (const [index, model] of ['a', 'b', 'c', 'well'].entries()) await ask(index * 100, { ...REQUEST, model })
    expect(['a', 'b', 'c', 'well'].map((model) => store.get(`m ${model}`) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it('holds plain JSON', async () => {
    const store = memoryBreakerStore()
    const { ask } = setting(failing('network'), { failures: 2, store })
    await ask(0)
    await ask(100)
    const state = await store.get('m m')
    expect(JSON.parse(JSON.stringify(state))).toEqual(state)
  })
})

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

  it('a member that rests is no attempt', async () => {
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
    expect([codeOf(first), codeOf(second)]).toEqual(['exhausted', undefined])
    expect(second.starts).toEqual(['b'])
  })

  it('all at rest: the error says of each when to come back, and of all of them nothing that would bring all back at once', async () => {
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
  it('are asked in turns, and one that is parked is passed over until it has rested', async () => {
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

  it('stand in no error', async () => {
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

it.each([
  [{ failures: 0 }, /failures must be a number above 0/],
  [{ ratio: 2 }, /ratio must be from 0 to 1/],
  [{ cooldown: 1 }, /Did you mean "cooldownMs"\?/],
])('a mistake is named (%#)', (options, words) => {
  expect(() => circuitBreaker(options as never)).toThrow(words)
  expect(() => failover([scriptedProvider('a', new ManualClock(0), () => [])], { breaker: options as never })).toThrow(
    words,
  )
})
