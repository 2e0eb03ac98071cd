import { ChatError, deadlines, pipe, type Provider } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedFailure, scriptedProvider } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { circuitBreaker, failover } from '../src/index.ts'
import { breakerSetting, failing } from './support/breaker.ts'
import { call, codeOf } from './support/call.ts'
import { REQUEST } from './support/members.ts'

describe('a breaker', () => {
  it('opens when enough calls have failed, and then no request goes out', async () => {
    const { raw, ask } = breakerSetting(failing('overloaded'), { failures: 3 })
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
    const { raw, ask } = breakerSetting(failing('network'), { failures: 3, windowMs: 1000 })
    for (const at of [0, 900, 1800, 2700]) await ask(at)
    expect(raw.requests).toBe(4)
  })

  it('stays closed while most calls succeed', async () => {
    let count = 0
    const { raw, ask } = breakerSetting(
      () => (count++ % 3 === 0 ? scriptedFailure('m', 'network', 1) : scriptedAnswer('m', 1, 1)),
      {
        failures: 3,
      },
    )
    for (let at = 0; at < 6000; at += 100) await ask(at)
    expect(raw.requests).toBe(60)
  })

  it('lets one request probe after its cooldown, and closes on its first content', async () => {
    const { clock, raw, provider, ask } = breakerSetting(
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
    const { clock, raw, provider } = breakerSetting(failing('network'), {
      failures: 1,
      cooldownMs: 1000,
      maxCooldownMs: 8000,
    })
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
    const { raw, ask } = breakerSetting(
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
      const { raw, ask } = breakerSetting(failing(code), { failures: 1 })
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
    const { clock, raw, provider, ask } = breakerSetting(
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
    const { clock, raw, provider } = breakerSetting(() => scriptedAnswer('m', Infinity, 1), { failures: 1 })
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
    const { raw, ask } = breakerSetting(
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
    const { raw, ask } = breakerSetting(failing(code, retryAfterMs))
    await ask(0)
    const skipped = await ask(100)
    expect(raw.requests).toBe(1)
    expect(skipped.error).toMatchObject({ code, retryAfterMs: skippedMs - 99 })
    await ask(skippedMs + 10)
    expect(raw.requests).toBe(2)
  })
})

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
      ...scriptedProvider('m', clock, () => scriptedAnswer('m', 1, 1)),
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
    const { provider } = breakerSetting(() => [])
    expect(['embed' in provider, 'models' in provider]).toEqual([false, false])
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
