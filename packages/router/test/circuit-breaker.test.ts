import { ChatError, deadlines, type ErrorCode, pipe, type Provider } from '@rivulet/core'
import { batchesOf, ManualClock } from '@rivulet/core/provider'
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

/** A member behind a breaker, and calls one after another. */
function setting(answer: (now: number, model: string) => readonly ScriptedStep[], options: BreakerOptions = {}) {
  const clock = new ManualClock(0)
  const raw = scriptedProvider('m', clock, ({ now, request }) => answer(now, request.model))
  const provider = pipe(raw, circuitBreaker({ clock, ...options }))
  const ask = async (atMs: number, request = REQUEST) => {
    await clock.run(atMs)
    const called = call(provider, request)
    await clock.run(atMs + 50)
    return called
  }
  return { clock, raw, provider, ask }
}

const failing = (code: ErrorCode, retryAfterMs?: number) => () => scriptedFailure('m', code, 1, retryAfterMs)

describe('a breaker', () => {
  it('opens when enough calls have failed, and then no request goes out', async () => {
    const { raw, ask } = setting(failing('overloaded'), { failures: 3 })
    for (const at of [0, 100, 200]) expect(codeOf(await ask(at))).toBe('overloaded')
    const refused = await ask(300)
    expect(raw.requests).toBe(3)
    expect(refused.error).toMatchObject({
      code: 'overloaded',
      provider: 'm',
      retryAfterMs: 4901,
      message: 'm: circuit open; next probe in 5 s. Last failure: m: overloaded',
    })
  })

  it('counts failures in a window only', async () => {
    const { raw, ask } = setting(failing('network'), { failures: 3, windowMs: 1000 })
    for (const at of [0, 900, 1800, 2700]) await ask(at)
    expect(raw.requests).toBe(4)
  })

  it('stays closed while most calls succeed', async () => {
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

  it('lets one request probe after its cooldown, and closes on its first content', async () => {
    const { clock, raw, provider, ask } = setting(
      (now) => (now < 1000 ? scriptedFailure('m', 'network', 1) : scriptedAnswer('m', 100, 5000)),
      { failures: 1 },
    )
    await ask(0)
    await clock.run(5100)
    const three = [call(provider), call(provider), call(provider)]
    await clock.run(5150)
    expect(raw.requests).toBe(2)
    expect(three.map(codeOf)).toEqual([undefined, 'network', 'network'])
    expect(three[1]?.error).toMatchObject({ retryAfterMs: 1000 })
    await clock.run(5300)
    call(provider)
    call(provider)
    await clock.run()
    expect(raw.requests).toBe(4)
  })

  it('stays open twice as long each time that the probe fails, up to a bound', async () => {
    const { clock, raw, provider } = setting(failing('network'), { failures: 1, cooldownMs: 1000, maxCooldownMs: 8000 })
    const asked: number[] = []
    for (let at = 0; at < 60_000; at += 50) {
      clock.after(at, () => {
        const before = raw.requests
        call(provider)
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

  it('does not count a member that is well for a moment as recovered', async () => {
    const { raw, ask } = setting(
      (now) => (now > 1000 && now < 1200 ? scriptedAnswer('m', 1, 1) : scriptedFailure('m', 'network', 1)),
      { failures: 1, cooldownMs: 1000 },
    )
    await ask(0)
    await ask(1100)
    await ask(1300)
    expect(raw.requests).toBe(3)
    // The second cooldown is the longer one.
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

  it('learns nothing from a group that blames the request, and something from one that is down', async () => {
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

  it('learns nothing from an abort, and lets another request probe', async () => {
    const { clock, raw, provider, ask } = setting(
      (now) => (now < 1000 ? scriptedFailure('m', 'network', 1) : scriptedAnswer('m', 500, 10)),
      { failures: 1 },
    )
    await ask(0)
    await clock.run(5100)
    const abort = new AbortController()
    call(provider, REQUEST, { signal: abort.signal })
    await clock.run(5200)
    abort.abort(new Error('enough'))
    const next = call(provider)
    await clock.run()
    expect(raw.requests).toBe(3)
    expect(next.text).toBe('Hello, world')
  })

  it('counts a deadline that a group has set', async () => {
    const { clock, raw, provider } = setting(() => scriptedAnswer('m', Infinity, 1), { failures: 1 })
    const group = failover([provider, scriptedProvider('b', clock, () => scriptedAnswer('b', 1, 1))], {
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
  ] as const)('opens at once on %s (%s)', async (code, retryAfterMs, skippedMs) => {
    const { raw, ask } = setting(failing(code, retryAfterMs))
    await ask(0)
    const skipped = await ask(100)
    expect(raw.requests).toBe(1)
    expect(skipped.error).toMatchObject({ code, retryAfterMs: skippedMs - 99 })
    await ask(skippedMs + 10)
    expect(raw.requests).toBe(2)
  })
})

describe('an abort', () => {
  /** A store that takes its time, until it is released. */
  function slowStore() {
    const memory = memoryBreakerStore()
    const gates: (() => void)[] = []
    const gate = (): Promise<void> =>
      new Promise((resolve) => {
        gates.push(resolve)
      })
    const store: BreakerStore = {
      get: async (key) => (await gate(), memory.get(key)),
      record: (key, change) => memory.record(key, change),
      lease: (key, now, until) => memory.lease(key, now, until),
    }
    const release = (): void => {
      for (const open of gates.splice(0)) open()
    }
    return { store, release, memory }
  }

  it.each(['an abort', 'a reader that leaves'])(
    '%s does not wait for a slow store, and gives the probe back',
    async (how) => {
      const { store, release, memory } = slowStore()
      const { clock, raw, provider } = setting(() => answerOf('m'), { failures: 1, store })
      void memory.record('m m', () => ({ seen: [], trips: 1, openUntil: 10 }))
      await clock.run(20)
      const abort = new AbortController()
      const reason = new Error('enough')
      const batches = batchesOf(provider.stream(REQUEST, { signal: abort.signal }))
      const read = batches.next()
      if (how === 'an abort') {
        abort.abort(reason)
        await expect(read).rejects.toBe(reason)
      } else batches.close()
      release()
      await clock.run(30)
      expect([raw.requests, await memory.get('m m')]).toEqual([0, { seen: [], trips: 1, openUntil: 10 }])
      const next = call(provider)
      await clock.run(40)
      release()
      await clock.run()
      expect(next.text).toBe('Hello, world')
    },
  )
})

const answerOf = (id: string): readonly ScriptedStep[] => scriptedAnswer(id, 1, 1)

describe('embed() and models()', () => {
  const embedding = { model: 'm', input: ['Hello'] }

  it('go through the breaker, the vectors of a model through that of its chats', async () => {
    let down = true
    const asked: string[] = []
    const answer = async <T>(name: string, value: T): Promise<T> => {
      asked.push(name)
      if (down) throw new ChatError('network', `${name}: down`)
      return value
    }
    const clock = new ManualClock(0)
    const raw: Provider = {
      ...scriptedProvider('m', clock, () => answerOf('m')),
      embed: () => answer('embed', { vectors: [[1]] }),
      models: () => answer('models', [{ id: 'm' }]),
    }
    const provider = pipe(raw, circuitBreaker({ clock, failures: 1, cooldownMs: 1000 }))
    await expect(provider.embed?.(embedding)).rejects.toMatchObject({ message: 'embed: down' })
    await expect(provider.embed?.(embedding)).rejects.toMatchObject({
      code: 'network',
      retryAfterMs: 1000,
      message: 'm: circuit open; next probe in 1 s. Last failure: embed: down',
    })
    const chat = call(provider)
    await clock.run()
    expect(codeOf(chat)).toBe('network')
    // The list of models has a breaker of its own.
    for (let count = 0; count < 2; count++) await expect(provider.models?.()).rejects.toMatchObject({ code: 'network' })
    expect(asked).toEqual(['embed', 'models'])
    down = false
    await clock.run(1000)
    const probes = await Promise.allSettled([provider.embed?.(embedding), provider.embed?.(embedding)])
    expect(probes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    await expect(provider.models?.()).resolves.toEqual([{ id: 'm' }])
    await expect(provider.embed?.(embedding)).resolves.toEqual({ vectors: [[1]] })
  })

  it('learn from a deadline of a layer around them, and nothing from an abort or a bad request', async () => {
    const clock = new ManualClock(0)
    const raw: Provider = {
      ...scriptedProvider('m', clock, () => []),
      embed: ({ model }) =>
        model === 'bad' ? Promise.reject(new ChatError('bad-request', 'no')) : new Promise(() => undefined),
    }
    const inner = pipe(raw, circuitBreaker({ clock, failures: 1 }))
    for (let count = 0; count < 2; count++) {
      await expect(inner.embed?.({ ...embedding, model: 'bad' })).rejects.toMatchObject({ message: 'no' })
    }
    const reason = new Error('enough')
    await expect(inner.embed?.(embedding, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const provider = pipe(inner, deadlines({ firstTokenMs: 500, clock }))
    const late = expect(provider.embed?.(embedding)).rejects.toMatchObject({ code: 'timeout' })
    await Promise.all([late, clock.run()])
    await expect(provider.embed?.(embedding)).rejects.toThrow('circuit open')
  })

  it('are absent where the member has none', () => {
    const { provider } = setting(() => [])
    expect(['embed' in provider, 'models' in provider]).toEqual([false, false])
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

  it('that fails does not fail a call', async () => {
    const broken = () => Promise.reject(new Error('no connection'))
    const { ask } = setting(() => scriptedAnswer('m', 1, 1), { store: { get: broken, record: broken, lease: broken } })
    expect((await ask(0)).text).toBe('Hello, world')
    const throwing = () => {
      throw new Error('no connection')
    }
    const failed = setting(failing('network'), { store: { get: throwing, record: throwing, lease: throwing } })
    expect(codeOf(await failed.ask(0))).toBe('network')
  })

  it('in memory keeps no more than it may, and nothing of a healthy member', async () => {
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
