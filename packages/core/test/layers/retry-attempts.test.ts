import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { ManualClock } from '../../src/async/manual-clock.ts'
import type { ChatEvent } from '../../src/chat.ts'
import { ChatError } from '../../src/errors.ts'
import { retry, type RetryOptions } from '../../src/layers/retry.ts'
import type { CallOptions, Provider } from '../../src/provider.ts'
import { collect } from '../../src/reading/collect.ts'
import { chatStream, type ChatStream, DONE } from '../../src/stream.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import {
  eventsOf,
  finish,
  hello,
  info,
  local,
  readUntilFailure,
  rejection,
  start,
  textEvent,
} from '../support/providers.ts'

const busy = (retryAfterMs = 1_000): ChatError => new ChatError('overloaded', 'busy', { retryAfterMs })

/** Fails `failures` times before its answer, and keeps the options of each call. */
function flaky(failures: number, reason = busy()): { provider: Provider; calls: (CallOptions | undefined)[] } {
  const calls: (CallOptions | undefined)[] = []
  const provider = local(async function* (call) {
    calls.push(call)
    yield start
    if (calls.length <= failures) throw reason
    yield textEvent('a')
    yield finish
  })
  return { provider, calls }
}

/** A stream with retries that wait exactly as long as asked. */
function retried(provider: Provider, options: RetryOptions = {}, call?: CallOptions) {
  const clock = new ManualClock()
  return { clock, stream: retry({ clock, random: () => 0, ...options })(provider).stream(hello, call) }
}

/** A provider whose answer comes in these batches; without a finish, it fails then. */
function inBatches(...batches: readonly (readonly ChatEvent[])[]): { provider: Provider; asked: () => number } {
  let asked = 0
  const answer = (signal: AbortSignal | undefined): ChatStream =>
    chatStream(signal, () => {
      asked++
      const left = [...batches]
      return {
        next: async () => {
          const value = left.shift()
          if (value !== undefined) return { done: false, value }
          if (batches.flat().includes(finish)) return DONE
          throw busy()
        },
        close: () => undefined,
      }
    })
  return { provider: { id: 'local', info, stream: (_, call) => answer(call?.signal) }, asked: () => asked }
}

test('each attempt gets the options of the call, and the time since the first', async () => {
  const { provider, calls } = flaky(2)
  const { signal } = new AbortController()
  const { clock, stream } = retried(provider, {}, { signal, elapsedMs: 50 })
  const collecting = collect(stream)
  for (let count = 0; count < 2; count++) await clock.advance(1_000)
  await collecting
  expect(calls.map((call) => call?.elapsedMs)).toEqual([50, 1_050, 2_050])
  for (const call of calls) expect(call?.signal).toBe(signal)
})

test('the time since the first attempt is given without call options too', async () => {
  const { provider, calls } = flaky(1)
  const { clock, stream } = retried(provider)
  const collecting = collect(stream)
  await clock.advance(1_000)
  await collecting
  expect(calls).toEqual([undefined, { elapsedMs: 1_000 }])
})

test('models() gets them too', async () => {
  const clock = new ManualClock()
  const elapsed: (number | undefined)[] = []
  const models: Provider['models'] = async (call) => {
    elapsed.push(call?.elapsedMs)
    await Promise.resolve()
    if (elapsed.length === 1) throw busy()
    return []
  }
  const asked = retry({ clock, random: () => 0 })({ ...flaky(0).provider, models }).models?.({ elapsedMs: 7 })
  await clock.advance(1_000)
  expect(await asked).toEqual([])
  expect(elapsed).toEqual([7, 1_007])
})

test.each([
  [9_999, 2],
  [10_000, 2],
  [10_001, 1],
])('a wait that ends with totalMs is begun, a longer one is not: %i of 10,000 ms', async (retryAfterMs, attempts) => {
  const { provider, calls } = flaky(1, busy(retryAfterMs))
  const { clock, stream } = retried(provider, { totalMs: 10_000 })
  const settled = collect(stream).catch(() => undefined)
  await clock.advance(retryAfterMs)
  await settled
  expect(calls).toHaveLength(attempts)
})

test('totalMs counts from the dispatch, not from the start of the clock', async () => {
  const clock = new ManualClock()
  await clock.advance(50_000)
  const { provider, calls } = flaky(1)
  const collecting = collect(retry({ clock, totalMs: 1_000, random: () => 0 })(provider).stream(hello))
  await clock.advance(1_000)
  await collecting
  expect(calls.map((call) => call?.elapsedMs)).toEqual([undefined, 1_000])
})

test('without numbers of the caller, an attempt may begin a minute after the first', async () => {
  for (const [waitMs, attempts] of [
    [60_000, 2],
    [60_001, 1],
  ] as const) {
    const { provider, calls } = flaky(1, busy(waitMs))
    const { clock, stream } = retried(provider)
    const settled = collect(stream).catch(() => undefined)
    await clock.advance(waitMs)
    await settled
    expect(calls).toHaveLength(attempts)
  }
})

test('a wait that is over leaves no listener and no timer', async () => {
  const { signal } = new AbortController()
  const { provider, calls } = flaky(1)
  const { clock, stream } = retried(provider, {}, { signal })
  const read = stream[Symbol.asyncIterator]()
  const first = read.next()
  await eventLoopTurn()
  await clock.advance(1_000)
  await first
  expect(calls).toHaveLength(2)
  expect(getEventListeners(signal, 'abort')).toEqual([])
  expect(clock.pending).toBe(0)
  await read.return?.()
})

test('content that comes in one batch with its start is not taken back', async () => {
  const { provider, asked } = inBatches([start, textEvent('a')])
  const { events, reason } = await readUntilFailure(retried(provider).stream)
  expect(events).toEqual([start, textEvent('a')])
  expect(reason).toMatchObject({ code: 'overloaded' })
  expect(asked()).toBe(1)
})

test('an answer without content is whole, and delivered', async () => {
  for (const batches of [[[start], [finish]], [[start, finish]]]) {
    expect(await eventsOf(retried(inBatches(...batches).provider).stream)).toEqual([start, finish])
  }
})

test('closing before the first failure closes the attempt, and none follows', async () => {
  const closed: string[] = []
  const provider: Provider = {
    id: 'local',
    info,
    stream: () =>
      chatStream(undefined, () => ({
        next: () => (closed.length > 0 ? Promise.resolve(DONE) : new Promise<never>(() => undefined)),
        close: () => closed.push('attempt'),
      })),
  }
  const { clock, stream } = retried(provider)
  const read = stream[Symbol.asyncIterator]()
  const first = read.next()
  await eventLoopTurn()
  await read.return?.()
  expect(await first).toEqual({ done: true, value: undefined })
  expect(closed).toEqual(['attempt'])
  expect(clock.pending).toBe(0)
})

test('closing after the first content closes the attempt', async () => {
  let closed = 0
  const provider = local(async function* () {
    try {
      yield start
      yield textEvent('a')
      yield textEvent('b')
    } finally {
      closed++
    }
  })
  const seen: ChatEvent[] = []
  for await (const event of retried(provider).stream) {
    seen.push(event)
    if (event.type === 'text') break
  }
  await eventLoopTurn()
  expect(seen).toEqual([start, textEvent('a')])
  expect(closed).toBe(1)
})

test.each([
  ...['backoffMs', 'maxBackoffMs', 'totalMs'].flatMap((name) =>
    [-1, Number.NaN, '1'].map((value) => [name, value] as const),
  ),
  ...['retryWhen', 'onRetry', 'random', 'clock'].map((name) => [name, 1] as const),
])('%s: %s is a mistake of the caller, named at once', (name, value) => {
  expect(() => retry({ [name]: value })).toThrow(TypeError)
  const wanted = name.endsWith('Ms') ? ' must be a number of milliseconds' : ''
  expect(() => retry({ [name]: value })).toThrow(`retry: ${name}${wanted}`)
})

test.each(['backoffMs', 'maxBackoffMs', 'totalMs'])('%s may be 0', (name) => {
  expect(() => retry({ [name]: 0 })).not.toThrow()
})

test('every option may be given', async () => {
  const { provider, calls } = flaky(1)
  const clock = new ManualClock()
  const every: Required<RetryOptions> = {
    attempts: 2,
    backoffMs: 1,
    maxBackoffMs: 1,
    totalMs: 5_000,
    onBreak: 'restart',
    retryWhen: () => true,
    onRetry: () => undefined,
    random: () => 0,
    clock,
  }
  const collecting = collect(retry(every)(provider).stream(hello, {}))
  await clock.advance(1_000)
  await collecting
  expect(calls).toHaveLength(2)
})

test('a failure after the abort is thrown as the reason of the abort, and nothing waits', async () => {
  const controller = new AbortController()
  const { provider } = flaky(1)
  const { clock, stream } = retried(provider, { onRetry: () => undefined }, { signal: controller.signal })
  controller.abort('gone')
  expect(await rejection(collect(stream))).toBe('gone')
  expect(clock.pending).toBe(0)
})

test('a failure after the abort is not reported as one that is retried', async () => {
  const controller = new AbortController()
  const reported: ChatError[] = []
  const models: Provider['models'] = async () => {
    await Promise.resolve()
    controller.abort('gone')
    throw busy()
  }
  const layer = retry({ clock: new ManualClock(), onRetry: (error) => reported.push(error) })
  const asked = layer({ ...flaky(0).provider, models }).models?.({ signal: controller.signal })
  expect(await rejection(Promise.resolve(asked))).toMatchObject({ code: 'overloaded' })
  expect(reported).toEqual([])
})

test('an error that is not a ChatError is thrown at once, whatever retryWhen says', async () => {
  const bug = new Error('a bug')
  let asked = 0
  const provider = local(async function* () {
    asked++
    yield start
    throw bug
  })
  const { clock, stream } = retried(provider, { retryWhen: () => true })
  expect(await rejection(collect(stream))).toBe(bug)
  expect(asked).toBe(1)
  expect(clock.pending).toBe(0)
})

test('what is kept until the first content has a bound', async () => {
  let closed = 0
  const chatty: Provider = {
    id: 'acme',
    info,
    stream: (_, call) =>
      chatStream(call?.signal, () => ({
        next: () => Promise.resolve({ done: false, value: Array<ChatEvent>(60_000).fill(start) }),
        close: () => {
          closed++
        },
      })),
  }
  const reason = await rejection(collect(retry({ attempts: 2, backoffMs: 0 })(chatty).stream(hello)))
  expect(reason).toMatchObject({ code: 'malformed', message: 'local: it gave 120000 events and no content' })
  expect(closed).toBeGreaterThan(1)
})
