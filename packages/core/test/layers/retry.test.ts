import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../src/chat.ts'
import { collect } from '../../src/reading/collect.ts'
import type { ErrorCode } from '../../src/error-codes.ts'
import { ChatError } from '../../src/errors.ts'
import { retry, type RetryOptions } from '../../src/layers/retry.ts'
import type { CallOptions, Provider } from '../../src/provider.ts'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import {
  readUntilFailure,
  eventsOf,
  failure,
  finish,
  hello,
  local,
  rejection,
  textEvent,
  start,
} from '../support/providers.ts'

type Attempt = (ChatEvent | Error)[]

/** A provider with scripted attempts; the last one repeats. Counts how many began and how many were closed. */
function attempts(...script: Attempt[]): { provider: Provider; asked: () => number; closed: () => number } {
  let asked = 0
  let closed = 0
  const provider = local(async function* () {
    const attempt = script[Math.min(asked++, script.length - 1)] ?? []
    try {
      for (const step of attempt) {
        if (step instanceof Error) throw step
        yield step
      }
    } finally {
      closed++
    }
  })
  return { provider, asked: () => asked, closed: () => closed }
}

const broken = (code: ErrorCode, retryAfterMs?: number): ChatError =>
  new ChatError(code, `it was ${code}`, { retryAfterMs })
const good: Attempt = [start, textEvent('a'), finish]

/** A stream with retries under a manual clock, and the waits between them. */
function retried(provider: Provider, options: RetryOptions = {}, call?: CallOptions) {
  const clock = new ManualClock()
  const waits: number[] = []
  const layer = retry({ random: () => 0.5, clock, ...options, onRetry: (_error, waitMs) => waits.push(waitMs) })
  return { clock, waits, stream: layer(provider).stream(hello, call) }
}

/** Advances the clock until the promise settles. */
async function passing<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let settled = false
  const watched = promise.finally(() => (settled = true))
  watched.catch(() => undefined)
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- changed by the promise
  while (!settled) await clock.advance(1_000)
  return watched
}

describe('retrying', () => {
  test('hides a failure before any content, and its start event', async () => {
    const { provider, asked } = attempts([start, broken('overloaded')], [broken('network')], good)
    const { clock, stream } = retried(provider)
    expect(await passing(clock, eventsOf(stream))).toEqual(good)
    expect(asked()).toBe(3)
  })

  test.each([1, 2, 3, 7])('makes at most %i attempts, then throws the last failure', async (count) => {
    const failures = Array.from({ length: 8 }, () => broken('overloaded'))
    const { provider, asked } = attempts(...failures.map((error) => [error]))
    const { clock, stream } = retried(provider, { attempts: count })
    expect(await passing(clock, rejection(collect(stream)))).toBe(failures[count - 1])
    expect(asked()).toBe(count)
  })

  test('makes three attempts by default', async () => {
    const { provider, asked } = attempts([broken('overloaded')])
    const { clock, stream } = retried(provider)
    await passing(clock, failure(collect(stream), 'overloaded'))
    expect(asked()).toBe(3)
  })

  test.each<[string, ChatEvent]>([
    ['text', textEvent('a')],
    ['reasoning', { type: 'reasoning', text: 'hm' }],
    ['a tool call', { type: 'tool-call', id: '1', name: 'f' }],
  ])('never happens after content, which can not be taken back: %s', async (_name, content) => {
    const { provider, asked } = attempts([start, content, broken('truncated')], good)
    const { events, reason } = await readUntilFailure(retried(provider).stream)
    expect(events).toEqual([start, content])
    expect(reason).toMatchObject({ code: 'truncated' })
    expect(asked()).toBe(1)
  })

  test.each<[ErrorCode, boolean]>([
    ['rate-limited', true],
    ['overloaded', true],
    ['timeout', true],
    ['network', true],
    ['truncated', true],
    ['malformed', true],
    ['auth', false],
    ['quota', false],
    ['bad-request', false],
    ['context-length', false],
    ['not-found', false],
    ['content-filter', false],
    ['unsupported', false],
    ['exhausted', false],
  ])('is done by default for %s: %s', async (code, isRetried) => {
    const { provider, asked } = attempts([broken(code)], good)
    const { clock, stream } = retried(provider)
    if (isRetried) await passing(clock, collect(stream))
    else await failure(collect(stream), code)
    expect(asked()).toBe(isRetried ? 2 : 1)
  })

  test('follows retryWhen', async () => {
    const { provider, asked } = attempts([broken('auth')], [broken('overloaded')], good)
    const { clock, stream } = retried(provider, { retryWhen: ({ code }) => code === 'auth' })
    await passing(clock, failure(collect(stream), 'overloaded'))
    expect(asked()).toBe(2)
  })

  test('throws an error that is not a ChatError at once', async () => {
    const bug = new Error('a bug')
    const { provider, asked } = attempts([bug], good)
    expect(await rejection(collect(retried(provider).stream))).toBe(bug)
    expect(asked()).toBe(1)
  })

  test('closes every attempt', async () => {
    const { provider, asked, closed } = attempts([start, broken('overloaded')], good)
    const { clock, stream } = retried(provider)
    await passing(clock, collect(stream))
    expect(closed()).toBe(asked())
  })
})

describe('the wait', () => {
  const never: Attempt[] = [[broken('overloaded')]]

  test.each([
    [0, [250, 500, 1_000, 2_000, 4_000, 4_000]],
    [0.5, [500, 1_000, 2_000, 4_000, 8_000, 8_000]],
    [0.999, [749.5, 1_499, 2_998, 5_996, 8_000, 8_000]],
  ])('doubles up to a limit, with jitter: %f', async (chance, expected) => {
    const { clock, waits, stream } = retried(attempts(...never).provider, { attempts: 7, random: () => chance })
    await passing(clock, failure(collect(stream), 'overloaded'))
    expect(waits).toEqual(expected)
  })

  test('follows backoffMs and maxBackoffMs', async () => {
    const { clock, waits, stream } = retried(attempts(...never).provider, {
      attempts: 5,
      backoffMs: 10,
      maxBackoffMs: 30,
    })
    await passing(clock, failure(collect(stream), 'overloaded'))
    expect(waits).toEqual([10, 20, 30, 30])
  })

  test.each([
    ['never shorter', 7_000, 0, 7_000],
    ['up to a tenth longer, so that callers with the same wait retry apart', 7_000, 0.5, 7_350],
    ['up to a second longer', 20_000, 0.5, 20_500],
    ['within totalMs', 59_900, 0.5, 60_000],
  ])('is as long as the endpoint asks: %s', async (_how, retryAfterMs, chance, waitMs) => {
    const { provider, asked } = attempts([broken('rate-limited', retryAfterMs)], good)
    const { clock, waits, stream } = retried(provider, { random: () => chance })
    const collecting = collect(stream)
    await clock.advance(waitMs - 1)
    expect(asked()).toBe(1)
    await clock.advance(1)
    expect(asked()).toBe(2)
    await collecting
    expect(waits).toEqual([waitMs])
  })

  test('may be 0 ms', async () => {
    const { provider } = attempts([broken('rate-limited', 0)], good)
    const { clock, stream } = retried(provider)
    const collecting = collect(stream)
    await clock.advance(0)
    await collecting
  })

  test.each([10_001, 86_400_000, Number.MAX_SAFE_INTEGER])(
    'beyond totalMs is not begun: %i ms',
    async (retryAfterMs) => {
      const reason = broken('rate-limited', retryAfterMs)
      const { provider, asked } = attempts([reason], good)
      const { clock, waits, stream } = retried(provider, { totalMs: 10_000 })
      // The clock does not move: the failure is thrown at once.
      expect(await rejection(collect(stream))).toBe(reason)
      expect(asked()).toBe(1)
      expect(waits).toEqual([])
      expect(clock.pending).toBe(0)
    },
  )

  test('counts against totalMs together with the attempts', async () => {
    const { clock, waits, stream } = retried(attempts(...never).provider, {
      attempts: 100,
      totalMs: 10_000,
      backoffMs: 3_000,
      maxBackoffMs: 3_000,
    })
    await passing(clock, failure(collect(stream), 'overloaded'))
    expect(waits).toEqual([3_000, 3_000, 3_000])
  })

  test('is reported to onRetry with its reason', async () => {
    const error = broken('overloaded')
    const reported: [ChatError, number][] = []
    const clock = new ManualClock()
    const layer = retry({ clock, random: () => 0.5, onRetry: (...all) => reported.push(all) })
    await passing(clock, collect(layer(attempts([error], good).provider).stream(hello)))
    expect(reported).toEqual([[error, 500]])
    expect(reported[0]?.[0]).toBe(error)
  })

  test('ends when the caller aborts, with the caller’s reason', async () => {
    const controller = new AbortController()
    const reason = { why: 'no more' }
    const { provider, asked } = attempts([broken('overloaded')], good)
    const { clock, stream } = retried(provider, {}, { signal: controller.signal })
    const collecting = rejection(collect(stream))
    await eventLoopTurn()
    expect(clock.pending).toBe(1)
    controller.abort(reason)
    expect(await collecting).toBe(reason)
    expect(clock.pending).toBe(0)
    expect(asked()).toBe(1)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  test('ends when the reader closes the stream', async () => {
    const { provider, asked } = attempts([broken('overloaded')], good)
    const { signal } = new AbortController()
    const { clock, stream } = retried(provider, {}, { signal })
    const iterator = stream[Symbol.asyncIterator]()
    const read = iterator.next()
    await eventLoopTurn()
    expect(clock.pending).toBe(1)
    await iterator.return?.()
    expect(await read).toEqual({ done: true, value: undefined })
    await clock.advance(60_000)
    expect(asked()).toBe(1)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('does not begin after the caller has aborted', async () => {
    const controller = new AbortController()
    const failing: Provider = local(async function* () {
      controller.abort('gone')
      yield start
      throw broken('overloaded')
    })
    const { clock, stream } = retried(failing, {}, { signal: controller.signal })
    await rejection(collect(stream))
    expect(clock.pending).toBe(0)
  })
})

describe('a mistake is a TypeError at once', () => {
  test.each([0, -1, 1.5, Number.NaN, '3'])('attempts: %s', (given) => {
    expect(() => retry({ attempts: given as number })).toThrow(/^retry: attempts must be a whole number above 0, got /)
  })

  test('an unknown option', () => {
    expect(() => retry({ retries: 3 } as RetryOptions)).toThrow('retry: unknown option "retries".')
  })

  test('an invalid request: the provider throws at the call', () => {
    const picky: Provider = {
      ...local(async function* () {
        yield start
      }),
      stream: () => {
        throw new TypeError('no')
      },
    }
    expect(() => retry()(picky).stream(hello)).toThrow(new TypeError('no'))
  })
})
