import { chat, ChatError } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { type Simulator, simulator } from '@rivulet/simulator'
import { scriptedAnswer, scriptedFailure, scriptedProvider } from '@rivulet/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anthropic, gravityengine, liaobots, lockchat, openai, rivulet, type RivuletOptions } from '../src/index.ts'

/** What the first line of the README promises, for the calls that people really write, over sockets. */

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterAll(() => sim.close())
beforeEach(() => {
  sim.clear()
})

const KEY = 'sk-test-0123456789abcdef'
const one = () => openai({ apiKey: KEY, baseUrl: sim.baseUrl('openai') })
const other = () => anthropic({ apiKey: KEY, baseUrl: sim.baseUrl('anthropic') })
/** Two providers for one model. */
const pair = (options: Partial<RivuletOptions> = {}) => {
  const [first, second] = [one(), other()]
  const best = ['openai/gpt-6-luna', 'anthropic/claude-haiku-4-5']
  return rivulet({ providers: [first, second], aliases: { best }, model: 'best', ...options })
}
const alone = (options: Partial<RivuletOptions> = {}) =>
  rivulet({ providers: [one()], retry: { backoffMs: 0 }, ...options })
const LONG = 'Count to 40'
const asked = () => sim.requests.map(({ dialect }) => dialect)
const cutOnce = { kind: 'truncate', afterEvents: 4, times: 1 } as const
const whole = () => sim.requests.at(-1)?.answer

describe('complete() survives a cut', () => {
  test('of a member, by another one', async () => {
    sim.fault('openai', { kind: 'truncate', afterEvents: 4 })
    const { provider, text, reason } = await pair().complete(LONG)
    expect({ provider, text, reason }).toEqual({ provider: 'anthropic', text: whole(), reason: 'stop' })
    expect(asked()).toEqual(['openai', 'anthropic'])
  })

  test('of a lone provider, by asking it again', async () => {
    sim.fault('openai', cutOnce)
    const { text, reason } = await alone().complete(LONG)
    expect({ text, reason }).toEqual({ text: whole(), reason: 'stop' })
    expect(asked()).toEqual(['openai', 'openai'])
  })

  test.each([
    ['lockchat', () => lockchat({ baseUrl: sim.baseUrl('lockchat') })],
    ['liaobots', () => liaobots({ auth: KEY, baseUrl: sim.baseUrl('liaobots') })],
    ['gravityengine', () => gravityengine({ baseUrl: sim.baseUrl('gravityengine') })],
  ] as const)('and a 503 before it, of %s alone, which is asked at most three times', async (id, make) => {
    const lone = rivulet({ providers: [make()], retry: { backoffMs: 0 } })
    sim.fault(id, cutOnce)
    const { text, reason } = await lone.complete(LONG)
    expect({ text, reason }).toEqual({ text: whole(), reason: 'stop' })
    sim.fault(id, { kind: 'status', status: 503, times: 1 })
    expect((await lone.complete(LONG)).text).toBe(whole())
    sim.fault(id, { kind: 'status', status: 503 })
    const before = sim.requests.length
    await expect(lone.complete(LONG)).rejects.toThrow(ChatError)
    expect(sim.requests.length - before).toBe(3)
  })

  test('with nothing but a provider and core', async () => {
    sim.fault('openai', cutOnce)
    const { text } = await chat(one(), { retry: { backoffMs: 0 } }).complete(LONG)
    expect(text).toBe(whole())
  })

  test('an abort in between is one', async () => {
    sim.fault('openai', { kind: 'stall-mid-stream', afterEvents: 4 })
    const stop = new AbortController()
    const answer = pair().complete(LONG, { signal: stop.signal })
    await expect.poll(() => sim.requests.length).toBe(1)
    stop.abort(new Error('enough'))
    await expect(answer).rejects.toBe(stop.signal.reason)
  })
})

describe('a page that draws snapshots survives a cut', () => {
  test.each([
    ['of a member', pair],
    ['of a lone provider', alone],
  ])('%s', async (_of, river) => {
    sim.fault('openai', cutOnce)
    let page = ''
    for await (const { text } of river().snapshots(LONG)) page = text
    expect(page).toBe(whole())
    expect(asked()).toHaveLength(2)
  })
})

describe('one 503 of a lone provider is not seen', () => {
  test.each(['complete', 'text', 'snapshots', 'stream'] as const)('by %s()', async (call) => {
    sim.fault('openai', { kind: 'status', status: 503, times: 1 })
    const river = alone()
    const model = river.providers[0]?.info.models[0]?.id ?? ''
    const request = { model, messages: [{ role: 'user' as const, content: 'Hello' }] }
    if (call === 'complete') await river.complete(request)
    else for await (const _ of river[call](request));
    expect(sim.requests.map(({ status }) => status)).toEqual([503, 200])
  })

  test('nor a 429 that says when to come back, within a minute', async () => {
    sim.fault('openai', { kind: 'status', status: 429, headers: { 'retry-after': '0' }, times: 1 })
    await expect(alone().complete('Hello')).resolves.toMatchObject({ reason: 'stop' })
    sim.fault('openai', { kind: 'status', status: 429, headers: { 'retry-after': '90' } })
    await expect(alone().complete('Hello')).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 90_000 })
    expect(asked()).toHaveLength(3)
  })
})

describe('a wrong key is called a wrong key', () => {
  beforeEach(() => {
    sim.fault('openai', { kind: 'status', status: 401 })
    sim.fault('anthropic', { kind: 'status', status: 401 })
  })

  test('of a lone provider, at once, with its own error', async () => {
    const error = await alone()
      .complete('Hello')
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'auth', status: 401, retryable: false, provider: 'openai' })
    expect(String(error)).toContain('openai: HTTP 401, wrong key')
    expect(sim.requests).toHaveLength(1)
  })

  test('of several, with what to do, and never to ask again', async () => {
    const error = await pair()
      .complete('Hello')
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'exhausted', retryable: false })
    expect(String(error)).toMatch(/openai: HTTP 401, wrong key[^]*anthropic: HTTP 401, wrong key/)
    expect(String(error)).toMatch(/openai, anthropic: Check the API key\.$/)
    expect(String(error)).not.toContain('Retry')
    expect(String(error)).not.toContain(KEY)
  })

  test('and a right one is noticed at the next call', async () => {
    const river = pair()
    await river.complete('Hello').catch(() => undefined)
    sim.fault('anthropic', undefined)
    await expect(river.complete('Hello')).resolves.toMatchObject({ provider: 'anthropic' })
  })
})

test('a river makes its own attempts: in chat(), or in another river, they are not multiplied', async () => {
  sim.fault('openai', { kind: 'status', status: 503 })
  sim.fault('anthropic', { kind: 'status', status: 503 })
  const around = { retry: { backoffMs: 0 } }
  await expect(chat(alone(), around).complete('Hello')).rejects.toThrow(ChatError)
  await expect(rivulet({ providers: [alone()], ...around }).complete('Hello')).rejects.toThrow(ChatError)
  expect(asked()).toEqual(Array(6).fill('openai'))
  await expect(chat(pair(), { ...around, model: 'best' }).complete('Hello')).rejects.toThrow(ChatError)
  expect(asked().slice(6)).toEqual(['openai', 'anthropic'])
})

test('the only provider is asked again and again: no breaker shuts it', async () => {
  sim.fault('openai', { kind: 'status', status: 503 })
  const river = alone({ retry: false })
  for (let call = 0; call < 12; call++) await river.complete('Hello').catch(() => undefined)
  expect(sim.requests).toHaveLength(12)
  sim.clear()
  await expect(river.complete('Hello')).resolves.toMatchObject({ reason: 'stop' })
})

test('the clock of a river is that of its retries too', async () => {
  const clock = new ManualClock(0)
  const scripts = [scriptedFailure('a', 'overloaded', 1), scriptedAnswer('a', 1, 1)]
  const flaky = scriptedProvider('a', clock, () => scripts.shift() ?? [])
  const answer = rivulet({ providers: [flaky], clock }).complete('Hello')
  await clock.run()
  await expect(answer).resolves.toMatchObject({ text: 'Hello, world' })
  expect(clock.now()).toBeGreaterThan(200)
})

test('a river with one provider restarts its streams as it was told', async () => {
  sim.fault('openai', cutOnce)
  const river = alone({ onBreak: 'restart' })
  const model = river.providers[0]?.info.models[0]?.id ?? ''
  const types = new Set<string>()
  for await (const { type } of river.stream({ model, messages: [{ role: 'user', content: LONG }] })) types.add(type)
  expect(types).toContain('restart')
})

test('what several members say when all fail has the earliest time to come back', async () => {
  sim.fault('openai', { kind: 'status', status: 429, headers: { 'retry-after': '70' } })
  sim.fault('anthropic', { kind: 'status', status: 429, headers: { 'retry-after': '80' } })
  const error = await pair()
    .complete('Hello')
    .catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ChatError)
  expect(error).toMatchObject({ code: 'exhausted', retryable: true, retryAfterMs: 70_000 })
  expect(String(error)).toContain('Retry in 70 s.')
})

test('routes() says who would be asked, and why', () => {
  const river = pair()
  const first = { provider: 'openai', model: 'gpt-6-luna' }
  expect(river.routes('best')).toMatchObject([first, { provider: 'anthropic', model: 'claude-haiku-4-5' }])
  expect(river.routes('best')[0]?.because).toContain('alias "best" names "openai/')
  const listed = { provider: 'openai', model: river.providers[0]?.info.models[0]?.id }
  expect(river.routes(listed.model ?? '')).toEqual([{ ...listed, because: `it lists "${listed.model}"` }])
  expect(river.routes('nobody')).toEqual([])
})
