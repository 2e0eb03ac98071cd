import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../src/chat.ts'
import { collect } from '../../src/reading/collect.ts'
import type { ErrorCode } from '../../src/error-codes.ts'
import { ChatError } from '../../src/errors.ts'
import { retry, type RetryOptions } from '../../src/layers/retry.ts'
import type { CallOptions, Provider } from '../../src/provider.ts'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { settled } from '../support/settled.ts'
import { brokenStream, eventsOf, failure, finish, hello, local, rejection, said, start } from '../support/providers.ts'

type Attempt = (ChatEvent | Error)[]

/** A provider whose attempts go as told; the last one is repeated. */
function attempts(...script: Attempt[]): { provider: Provider; asked: () => number; left: () => number } {
  let asked = 0
  let left = 0
  const provider = local(async function* () {
    const attempt = script[Math.min(asked++, script.length - 1)] ?? []
    try {
      for (const step of attempt) {
        if (step instanceof Error) throw step
        yield step
      }
    } finally {
      left++
    }
  })
  return { provider, asked: () => asked, left: () => left }
}

const broken = (code: ErrorCode, retryAfterMs?: number): ChatError =>
  new ChatError(code, `it was ${code}`, { retryAfterMs })
const good: Attempt = [start, said('a'), finish]

/** A stream under a manual clock, whose waits are noted and passed at once. */
function retried(provider: Provider, options: RetryOptions = {}, call?: CallOptions) {
  const clock = new ManualClock()
  const waits: number[] = []
  const layer = retry({ random: () => 0.5, clock, ...options, onRetry: (_error, waitMs) => waits.push(waitMs) })
  return { clock, waits, stream: layer(provider).stream(hello, call) }
}

/** Reads a stream while time passes as it needs to. */
async function passing<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let over = false
  const watched = promise.finally(() => (over = true))
  watched.catch(() => undefined)
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- changed by the promise
  while (!over) await clock.advance(1_000)
  return watched
}

describe('asking again', () => {
  test('a failure before any content is not seen, nor is its start', async () => {
    const { provider, asked } = attempts([start, broken('overloaded')], [broken('network')], good)
    const { clock, stream } = retried(provider)
    expect(await passing(clock, eventsOf(stream))).toEqual(good)
    expect(asked()).toBe(3)
  })

  test.each([1, 2, 3, 7])('at most %i times, and then the last failure is thrown', async (count) => {
    const failures = Array.from({ length: 8 }, () => broken('overloaded'))
    const { provider, asked } = attempts(...failures.map((error) => [error]))
    const { clock, stream } = retried(provider, { attempts: count })
    expect(await passing(clock, rejection(collect(stream)))).toBe(failures[count - 1])
    expect(asked()).toBe(count)
  })

  test('three times when nothing is said', async () => {
    const { provider, asked } = attempts([broken('overloaded')])
    const { clock, stream } = retried(provider)
    await passing(clock, failure(collect(stream), 'overloaded'))
    expect(asked()).toBe(3)
  })

  test.each<[string, ChatEvent]>([
    ['text', said('a')],
    ['reasoning', { type: 'reasoning', text: 'hm' }],
    ['a tool call', { type: 'tool-call', id: '1', name: 'f' }],
  ])('never behind content, which can not be taken back: %s', async (_name, content) => {
    const { provider, asked } = attempts([start, content, broken('truncated')], good)
    const { events, reason } = await brokenStream(retried(provider).stream)
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
  ])('%s is asked again: %s', async (code, again) => {
    const { provider, asked } = attempts([broken(code)], good)
    const { clock, stream } = retried(provider)
    if (again) await passing(clock, collect(stream))
    else await failure(collect(stream), code)
    expect(asked()).toBe(again ? 2 : 1)
  })

  test('when: decides otherwise', async () => {
    const { provider, asked } = attempts([broken('auth')], [broken('overloaded')], good)
    const { clock, stream } = retried(provider, { retryWhen: ({ code }) => code === 'auth' })
    await passing(clock, failure(collect(stream), 'overloaded'))
    expect(asked()).toBe(2)
  })

  test('a bug is not the world’s failure: it is thrown at once', async () => {
    const bug = new Error('a bug')
    const { provider, asked } = attempts([bug], good)
    expect(await rejection(collect(retried(provider).stream))).toBe(bug)
    expect(asked()).toBe(1)
  })

  test('every attempt is left', async () => {
    const { provider, asked, left } = attempts([start, broken('overloaded')], good)
    const { clock, stream } = retried(provider)
    await passing(clock, collect(stream))
    expect(left()).toBe(asked())
  })
})

describe('the wait', () => {
  const never: Attempt[] = [[broken('overloaded')]]

  test.each([
    [0, [250, 500, 1_000, 2_000, 4_000, 4_000]],
    [0.5, [500, 1_000, 2_000, 4_000, 8_000, 8_000]],
    [0.999, [749.5, 1_499, 2_998, 5_996, 8_000, 8_000]],
  ])('doubles, up to a bound, spread by chance: %f', async (chance, expected) => {
    const { clock, waits, stream } = retried(attempts(...never).provider, { attempts: 7, random: () => chance })
    await passing(clock, failure(collect(stream), 'overloaded'))
    expect(waits).toEqual(expected)
  })

  test('is of the size that was asked for', async () => {
    const { clock, waits, stream } = retried(attempts(...never).provider, {
      attempts: 5,
      backoffMs: 10,
      maxBackoffMs: 30,
    })
    await passing(clock, failure(collect(stream), 'overloaded'))
    expect(waits).toEqual([10, 20, 30, 30])
  })

  test.each([
    ['never less', 7_000, 0, 7_000],
    ['up to a tenth more, so that those who were told the same come back apart', 7_000, 0.5, 7_350],
    ['up to a second more', 20_000, 0.5, 20_500],
    ['within the budget', 59_900, 0.5, 60_000],
  ])('is what the endpoint asks for: %s', async (_how, retryAfterMs, chance, waitMs) => {
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

  test('of no time at all is none', async () => {
    const { provider } = attempts([broken('rate-limited', 0)], good)
    const { clock, stream } = retried(provider)
    const collecting = collect(stream)
    await clock.advance(0)
    await collecting
  })

  test.each([10_001, 86_400_000, Number.MAX_SAFE_INTEGER])(
    'beyond the budget is not begun: %i ms',
    async (retryAfterMs) => {
      const reason = broken('rate-limited', retryAfterMs)
      const { provider, asked } = attempts([reason], good)
      const { clock, waits, stream } = retried(provider, { totalMs: 10_000 })
      // No time passes here: the failure is thrown at once.
      expect(await rejection(collect(stream))).toBe(reason)
      expect(asked()).toBe(1)
      expect(waits).toEqual([])
      expect(clock.pending).toBe(0)
    },
  )

  test('counts against the budget together with the attempts', async () => {
    const { clock, waits, stream } = retried(attempts(...never).provider, {
      attempts: 100,
      totalMs: 10_000,
      backoffMs: 3_000,
      maxBackoffMs: 3_000,
    })
    await passing(clock, failure(collect(stream), 'overloaded'))
    expect(waits).toEqual([3_000, 3_000, 3_000])
  })

  test('is told with its reason', async () => {
    const error = broken('overloaded')
    const told: [ChatError, number][] = []
    const clock = new ManualClock()
    const layer = retry({ clock, random: () => 0.5, onRetry: (...all) => told.push(all) })
    await passing(clock, collect(layer(attempts([error], good).provider).stream(hello)))
    expect(told).toEqual([[error, 500]])
    expect(told[0]?.[0]).toBe(error)
  })

  test('ends when the caller aborts, with the caller’s reason', async () => {
    const controller = new AbortController()
    const reason = { why: 'no more' }
    const { provider, asked } = attempts([broken('overloaded')], good)
    const { clock, stream } = retried(provider, {}, { signal: controller.signal })
    const collecting = rejection(collect(stream))
    await settled()
    expect(clock.pending).toBe(1)
    controller.abort(reason)
    expect(await collecting).toBe(reason)
    expect(clock.pending).toBe(0)
    expect(asked()).toBe(1)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  test('ends when the reader leaves', async () => {
    const { provider, asked } = attempts([broken('overloaded')], good)
    const { signal } = new AbortController()
    const { clock, stream } = retried(provider, {}, { signal })
    const iterator = stream[Symbol.asyncIterator]()
    const read = iterator.next()
    await settled()
    expect(clock.pending).toBe(1)
    await iterator.return?.()
    expect(await read).toEqual({ done: true, value: undefined })
    await clock.advance(60_000)
    expect(asked()).toBe(1)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('is none when the caller has aborted already: a failure is then no reason to ask again', async () => {
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

describe('what can not be meant', () => {
  test.each([0, -1, 1.5, Number.NaN, '3'])('attempts: %s', (given) => {
    expect(() => retry({ attempts: given as number })).toThrow(/^retry: attempts must be a whole number above 0, got /)
  })

  test('an option that there is not', () => {
    expect(() => retry({ retries: 3 } as RetryOptions)).toThrow('retry: unknown option "retries".')
  })

  test('a request: the provider’s TypeError comes at the call', () => {
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
