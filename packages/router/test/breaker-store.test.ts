import type { Provider } from '@rivulet/core'
import { batchesOf, ManualClock } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedFailure, scriptedProvider } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { type BreakerStore, circuitBreaker, failover, memoryBreakerStore } from '../src/index.ts'
import { breakerSetting, failing } from './support/breaker.ts'
import { call, codeOf } from './support/call.ts'
import { REQUEST } from './support/members.ts'

describe('a store', () => {
  it('may take its time, and is shared', async () => {
    const memory = memoryBreakerStore()
    const store: BreakerStore = {
      get: async (key) => memory.get(key),
      record: async (key, change) => memory.record(key, change),
      lease: async (key, now, until) => memory.lease(key, now, until),
    }
    const one = breakerSetting(failing('network'), { failures: 1, store })
    const other = breakerSetting(failing('network'), { failures: 1, store })
    await one.ask(0)
    expect(codeOf(await other.ask(100))).toBe('network')
    expect([one.raw.requests, other.raw.requests]).toEqual([1, 0])
    await Promise.all([one.ask(6000), other.ask(6000)])
    expect(one.raw.requests + other.raw.requests).toBe(2)
  })

  it('that fails does not fail a call', async () => {
    const broken = () => Promise.reject(new Error('no connection'))
    const { ask } = breakerSetting(() => scriptedAnswer('m', 1, 1), {
      store: { get: broken, record: broken, lease: broken },
    })
    expect((await ask(0)).text).toBe('Hello, world')
    const throwing = () => {
      throw new Error('no connection')
    }
    const failed = breakerSetting(failing('network'), { store: { get: throwing, record: throwing, lease: throwing } })
    expect(codeOf(await failed.ask(0))).toBe('network')
  })

  it('in memory keeps no more than it may, and nothing of a healthy member', async () => {
    const store = memoryBreakerStore({ maxKeys: 2 })
    const { ask } = breakerSetting(
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
    const { ask } = breakerSetting(failing('network'), { failures: 2, store })
    await ask(0)
    await ask(100)
    const state = await store.get('m m')
    expect(JSON.parse(JSON.stringify(state))).toEqual(state)
  })
})

describe('a slow store', () => {
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

  it.each(['an abort', 'a reader that leaves'])('is not waited for by %s, and its probe is given back', async (how) => {
    const { store, release, memory } = slowStore()
    const { clock, raw, provider } = breakerSetting(() => scriptedAnswer('m', 1, 1), { failures: 1, store })
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
  })
})

describe('a store that does not answer', () => {
  const never = (): Promise<never> => new Promise(() => undefined)
  /** Half-open: a call needs the lease. */
  const HALF_OPEN = { seen: [], trips: 1, openUntil: -1 }
  const open = () => HALF_OPEN

  it.each<[string, Partial<BreakerStore>]>([
    ['get', { get: never }],
    ['lease', { get: open, lease: never }],
    ['record', { record: never }],
  ])('in %s() is given up after 50 ms, and the member is asked', async (_, broken) => {
    const { clock, raw, provider } = breakerSetting(() => scriptedAnswer('m', 1, 1), {
      store: { ...memoryBreakerStore(), ...broken },
    })
    const called = call(failover([provider], { clock }))
    const waits = broken.record === undefined
    await clock.run(49)
    expect(raw.requests).toBe(waits ? 0 : 1)
    await clock.run(60)
    expect([called.text, called.error, clock.pending]).toEqual(['Hello, world', undefined, 0])
  })

  it('also for embed() and models()', async () => {
    const { clock, raw } = breakerSetting(() => [])
    const member: Provider = { ...raw, embed: async () => ({ vectors: [[1]] }), models: async () => [{ id: 'm' }] }
    const group = failover([member], { clock, breaker: { store: { ...memoryBreakerStore(), get: never } } })
    const answers = Promise.all([group.embed?.({ model: 'm', input: ['x'] }), group.models?.()])
    await clock.run(60)
    await expect(answers).resolves.toEqual([{ vectors: [[1]] }, [{ id: 'm' }]])
  })

  it('rejects when it is late: nobody waits for it, and the process goes on', async () => {
    const late = (clock: ManualClock) => (): Promise<never> =>
      new Promise((_resolve, reject) => {
        clock.after(1000, () => {
          reject(new Error('no connection'))
        })
      })
    const clock = new ManualClock(0)
    const { raw } = breakerSetting(() => scriptedAnswer('m', 1, 1))
    const provider = scriptedProvider('m', clock, () => scriptedAnswer('m', 1, 1))
    const store = { get: late(clock), record: late(clock), lease: late(clock) }
    const called = call(failover([provider], { clock, breaker: { store } }))
    await clock.run()
    expect([called.text, clock.now(), raw.requests]).toEqual(['Hello, world', 1052, 0])
  })

  it('and grants a probe when it is late: the call is the probe, or gives it back when it is over', async () => {
    const memory = memoryBreakerStore()
    void memory.record('m m', open)
    const clock = new ManualClock(0)
    const lease: BreakerStore['lease'] = (key, now, until) =>
      new Promise((resolve) => {
        clock.after(80, () => {
          resolve(memory.lease(key, now, until))
        })
      })
    const provider = scriptedProvider('m', clock, ({ index }) => scriptedAnswer('m', index === 0 ? 1 : 100, 1))
    const group = failover([provider], { clock, breaker: { store: { ...memory, lease } } })
    call(group)
    await clock.run()
    expect(await memory.get('m m')).toEqual(HALF_OPEN)
    call(group)
    await clock.run()
    expect(await memory.get('m m')).toMatchObject({ trips: 1, closedAt: 230 })
  })
})

describe('a store that gives nonsense', () => {
  const NONSENSE: unknown[] = [
    null,
    0,
    'open',
    [],
    {},
    { seen: null, trips: 1 },
    { seen: [null], trips: 1 },
    { seen: [], trips: 'many', openUntil: 1e9 },
    { seen: [], trips: 1, openUntil: 'later' },
    { seen: [], trips: 1, openUntil: NaN },
    { seen: [], trips: 1, openUntil: Infinity },
    { seen: [], trips: 1, openUntil: 1e9, code: 'on-fire' },
    { seen: [], trips: 1, openUntil: 1e9, message: { toString: null } },
    {
      get seen() {
        throw new Error('unreadable')
      },
    },
  ]
  it.each(NONSENSE.map((state, index) => [index, state]))('is not believed (%#)', async (_, state) => {
    const store = {
      get: () => state,
      record: (_key: string, change: (before: never) => unknown) => change(state as never),
      lease: () => state,
    } as unknown as BreakerStore
    const { raw, ask } = breakerSetting(() => scriptedAnswer('m', 1, 1), { store })
    expect((await ask(0)).text).toBe('Hello, world')
    const failed = breakerSetting(failing('network'), { store })
    expect(codeOf(await failed.ask(0))).toBe('network')
    expect([raw.requests, failed.raw.requests]).toEqual([1, 1])
  })

  it('for a lease, leaves the breaker half-open', async () => {
    const store = { ...memoryBreakerStore(), lease: () => 'yes' as never }
    void store.record('m m', () => ({ seen: [], trips: 1, openUntil: -1 }))
    const { raw, ask } = breakerSetting(() => scriptedAnswer('m', 1, 1), { store })
    expect((await ask(0)).error).toMatchObject({ code: 'overloaded' })
    expect(raw.requests).toBe(0)
  })
})

it('a store or a clock without its functions is a TypeError that names them', () => {
  expect(() => circuitBreaker({ store: {} as never })).toThrow(/store must be an object with get\(\) and record\(\)/)
  expect(() => circuitBreaker({ clock: { now: () => 0 } as never })).toThrow(/clock must be an object with now\(\)/)
  expect(() => failover([breakerSetting(() => []).raw], { clock: {} as never })).toThrow(/failover: clock must be/)
})
