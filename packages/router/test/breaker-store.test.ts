import { batchesOf } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedFailure } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { type BreakerStore, memoryBreakerStore } from '../src/index.ts'
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
