import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../src/chat.ts'
import { collect } from '../../src/reading/collect.ts'
import { deadlines } from '../../src/layers/deadlines.ts'
import type { Deadlines } from '../../src/layers/limits.ts'
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
import { deferred } from '../support/servers.ts'

const limits = { connectMs: 10, firstTokenMs: 100, idleMs: 50, totalMs: 1_000 }

/** A provider that emits each event when the test releases it, and then never ends. */
function stepwise(...answer: ChatEvent[]) {
  const steps = answer.map(() => deferred())
  let call: CallOptions | undefined
  let closed = false
  const provider = local(async function* (options) {
    call = options
    try {
      for (const [at, event] of answer.entries()) {
        await steps[at]?.promise
        yield event
      }
      await new Promise(() => undefined)
    } finally {
      closed = true
    }
  })
  return {
    provider,
    release: (at: number) => {
      steps[at]?.resolve()
    },
    call: () => call,
    closed: () => closed,
  }
}

function watched(provider: Provider, own: Deadlines = limits, call?: CallOptions) {
  const clock = new ManualClock()
  const stream = deadlines({ ...own, clock })(provider).stream(hello, call)
  return { clock, stream, iterator: () => stream[Symbol.asyncIterator]() }
}

const timeout = (name: string, ms: number): unknown =>
  expect.objectContaining({
    code: 'timeout',
    provider: 'local',
    message: expect.stringMatching(new RegExp(`within ${ms} ms \\(${name}\\)$`)) as string,
  })

/** Reads once, and records the outcome. */
function reading(iterator: AsyncIterator<ChatEvent>) {
  const state: { outcome: unknown } = { outcome: 'pending' }
  void iterator.next().then(
    ({ done, value }) => (state.outcome = done === true ? 'done' : (value as unknown)),
    (reason: unknown) => (state.outcome = reason),
  )
  return state
}

describe('each deadline', () => {
  test('connectMs: no connection, on a transport that reports it', async () => {
    const { provider, call } = stepwise(start)
    const { clock, iterator } = watched(provider)
    const read = reading(iterator())
    await eventLoopTurn()
    call()?.onConnecting?.()
    await clock.advance(9)
    expect(read.outcome).toBe('pending')
    await clock.advance(1)
    expect(read.outcome).toEqual(timeout('connectMs', 10))
  })

  test('connectMs: holds where nothing else has an end', async () => {
    const { provider, call } = stepwise(start)
    const forever = { connectMs: 10, firstTokenMs: Infinity, idleMs: Infinity, totalMs: Infinity }
    const { clock, iterator } = watched(provider, forever)
    const read = reading(iterator())
    await eventLoopTurn()
    call()?.onConnecting?.()
    await clock.advance(10)
    expect(read.outcome).toEqual(timeout('connectMs', 10))
  })

  test('connectMs: ends when there is a connection', async () => {
    const { provider, call } = stepwise(start)
    const { clock, iterator } = watched(provider)
    const read = reading(iterator())
    await eventLoopTurn()
    call()?.onConnecting?.()
    call()?.onConnect?.()
    await clock.advance(99)
    expect(read.outcome).toBe('pending')
    await clock.advance(1)
    expect(read.outcome).toEqual(timeout('firstTokenMs', 100))
  })

  test('connectMs: does not apply to a transport that does not report connections', async () => {
    const { clock, iterator } = watched(stepwise(start).provider)
    const read = reading(iterator())
    await clock.advance(99)
    expect(read.outcome).toBe('pending')
  })

  test('firstTokenMs: from dispatch to the first content, which a start is not', async () => {
    const { provider, release } = stepwise(start, textEvent('a'))
    const { clock, iterator } = watched(provider)
    const events = iterator()
    release(0)
    expect(await events.next()).toEqual({ done: false, value: start })
    const read = reading(events)
    await clock.advance(99)
    expect(read.outcome).toBe('pending')
    await clock.advance(1)
    expect(read.outcome).toEqual(timeout('firstTokenMs', 100))
  })

  test('idleMs: between one event and the next, counted from each read', async () => {
    const { provider, release } = stepwise(start, textEvent('a'), textEvent('b'), textEvent('c'))
    const { clock, iterator } = watched(provider)
    const events = iterator()
    for (const at of [0, 1, 2]) {
      const read = reading(events)
      await clock.advance(49)
      expect(read.outcome).toBe('pending')
      release(at)
      await eventLoopTurn()
      expect(read.outcome).not.toBe('pending')
    }
    const read = reading(events)
    await clock.advance(49)
    expect(read.outcome).toBe('pending')
    await clock.advance(1)
    expect(read.outcome).toEqual(timeout('idleMs', 50))
  })

  test('totalMs: even if events keep arriving', async () => {
    const clock = new ManualClock()
    const endless = local(async function* () {
      yield start
      for (;;) {
        await clock.advance(20)
        yield textEvent('x')
      }
    })
    const { events, reason } = await readUntilFailure(deadlines({ ...limits, clock })(endless).stream(hello))
    expect(reason).toEqual(timeout('totalMs', 1_000))
    expect(events.length).toBeGreaterThan(40)
  })

  test('Infinity waits forever', async () => {
    const forever = { connectMs: Infinity, firstTokenMs: Infinity, idleMs: Infinity, totalMs: Infinity }
    const { clock, iterator } = watched(stepwise(start).provider, forever)
    const read = reading(iterator())
    await clock.advance(1e12)
    expect(read.outcome).toBe('pending')
    expect(clock.pending).toBe(0)
  })

  test('a deadline beyond the limit of setTimeout is met', async () => {
    const weeks = 2 ** 33
    const long = { connectMs: weeks, firstTokenMs: weeks, idleMs: weeks, totalMs: weeks }
    const { clock, iterator } = watched(stepwise(start).provider, long)
    const read = reading(iterator())
    await clock.advance(weeks - 1)
    expect(read.outcome).toBe('pending')
    await clock.advance(1)
    expect(read.outcome).toMatchObject({ code: 'timeout' })
  })
})

describe('a slow reader', () => {
  test('meets no deadline but totalMs', async () => {
    const { provider, release } = stepwise(start, textEvent('a'), textEvent('b'))
    const { clock, iterator } = watched(provider)
    const events = iterator()
    for (const at of [0, 1, 2]) release(at)
    await events.next()
    await events.next()
    await clock.advance(900)
    expect(await events.next()).toEqual({ done: false, value: textEvent('b') })
    await clock.advance(100)
    const late = reading(events)
    await clock.advance(0)
    expect(late.outcome).toEqual(timeout('totalMs', 1_000))
  })

  test('that reads again waits no longer than idleMs', async () => {
    const { provider, release } = stepwise(start, textEvent('a'))
    const { clock, iterator } = watched(provider)
    const events = iterator()
    for (const at of [0, 1]) release(at)
    await events.next()
    await events.next()
    const early = reading(events)
    await clock.advance(10)
    expect(early.outcome).toBe('pending')
    await clock.advance(40)
    expect(early.outcome).toEqual(timeout('idleMs', 50))
  })

  test('that paused for longer than idleMs then waits no longer than idleMs', async () => {
    const { provider, release } = stepwise(start, textEvent('a'), textEvent('b'))
    const { clock, iterator } = watched(provider)
    const events = iterator()
    for (const at of [0, 1, 2]) release(at)
    for (let reads = 0; reads < 3; reads++) await events.next()
    await clock.advance(300)
    const back = reading(events)
    await clock.advance(49)
    expect(back.outcome).toBe('pending')
    await clock.advance(1)
    expect(back.outcome).toEqual(timeout('idleMs', 50))
  })

  test('that paused while totalMs passed gets the timeout at its next read, even if the provider continues', async () => {
    const clock = new ManualClock()
    const endless = local(async function* () {
      yield start
      for (;;) yield textEvent('x')
    })
    const iterator = deadlines({ ...limits, clock })(endless)
      .stream(hello)
      [Symbol.asyncIterator]()
    await iterator.next()
    await iterator.next()
    await clock.advance(1_000)
    expect(await rejection(iterator.next())).toEqual(timeout('totalMs', 1_000))
    expect(clock.pending).toBe(0)
  })
})

test('only totalMs applies to an answer in one piece', async () => {
  const clock = new ManualClock()
  const { provider } = stepwise(start)
  const stream = deadlines({ ...limits, clock })(provider).stream({ ...hello, stream: false })
  const read = reading(stream[Symbol.asyncIterator]())
  await clock.advance(999)
  expect(read.outcome).toBe('pending')
  await clock.advance(1)
  expect(read.outcome).toEqual(timeout('totalMs', 1_000))
})

describe('a provider that ignores its signal', () => {
  test('can not delay its reader', async () => {
    const { clock, stream } = watched(stepwise(start).provider)
    const collecting = failure(collect(stream), 'timeout')
    await clock.advance(100)
    await collecting
  })

  test('is closed, so that it can clean up later', async () => {
    const { provider, release, closed } = stepwise(start, textEvent('a'))
    const { clock, stream } = watched(provider)
    const collecting = failure(collect(stream), 'timeout')
    await clock.advance(100)
    await collecting
    release(0)
    await eventLoopTurn()
    expect(closed()).toBe(true)
  })

  test('has a signal that was aborted with the same error', async () => {
    const { provider, call } = stepwise(start)
    const { clock, stream } = watched(provider)
    const collecting = rejection(collect(stream))
    await clock.advance(100)
    expect(call()?.signal?.aborted).toBe(true)
    expect(call()?.signal?.reason).toBe(await collecting)
  })
})

describe('no timer and no listener is left', () => {
  const endings: [string, (iterator: AsyncIterator<ChatEvent>, clock: ManualClock) => Promise<unknown>][] = [
    [
      'read to its end',
      async (iterator) => {
        while ((await iterator.next()).done !== true);
      },
    ],
    [
      'closed',
      async (iterator) => {
        await iterator.next()
        await iterator.return?.()
      },
    ],
    ['closed before the first read', async (iterator) => iterator.return?.()],
    [
      'timed out',
      async (iterator, clock) => {
        await iterator.next()
        await clock.advance(1_000)
        await rejection(iterator.next())
      },
    ],
  ]

  test.each(endings)('when the stream is %s', async (_name, end) => {
    const answering = local(async function* () {
      yield start
      yield textEvent('a')
      yield finish
    })
    const { signal } = new AbortController()
    const { clock, iterator } = watched(answering, limits, { signal })
    await end(iterator(), clock)
    expect(clock.pending).toBe(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('when the provider fails; the reader gets the same error object', async () => {
    const own = new Error('own')
    const failing = local(async function* () {
      yield start
      throw own
    })
    const { signal } = new AbortController()
    const { clock, stream } = watched(failing, limits, { signal })
    expect((await readUntilFailure(stream)).reason).toBe(own)
    expect(clock.pending).toBe(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('when the caller aborts; the provider’s signal has the caller’s reason', async () => {
    const controller = new AbortController()
    const { provider, call } = stepwise(start)
    const { clock, iterator } = watched(provider, limits, { signal: controller.signal })
    const reason = { why: 'no more' }
    void reading(iterator())
    await eventLoopTurn()
    controller.abort(reason)
    expect(call()?.signal?.reason).toBe(reason)
    await clock.advance(0)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })
})

test('a hundred calls on one signal leave no listener', async () => {
  const answering = local(async function* () {
    yield start
    yield finish
  })
  const { signal } = new AbortController()
  for (let calls = 0; calls < 100; calls++) await eventsOf(deadlines()(answering).stream(hello, { signal }))
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

describe('timers', () => {
  /** How many timers were set while an answer of several events was read without a pause. */
  async function timersFor(own: Deadlines, turnsBeforeConnecting = 0): Promise<number> {
    let set = 0
    class Counting extends ManualClock {
      override after(ms: number, run: () => void): () => void {
        set++
        return super.after(ms, run)
      }
    }
    const answering = local(async function* (call) {
      for (let turns = 0; turns < turnsBeforeConnecting; turns++) await eventLoopTurn()
      call?.onConnecting?.()
      await eventLoopTurn()
      call?.onConnect?.()
      yield* [start, textEvent('a'), textEvent('b'), finish]
    })
    await collect(deadlines({ ...own, clock: new Counting() })(answering).stream(hello))
    return set
  }

  test('a short answer sets one, although three deadlines apply to it', async () => {
    expect(await timersFor(limits)).toBe(1)
  })

  test('also where the silence after the content is the nearest deadline', async () => {
    expect(await timersFor({ ...limits, connectMs: 500, firstTokenMs: 400 })).toBe(1)
  })

  test('a nearer deadline sets another', async () => {
    expect(await timersFor(limits, 1)).toBe(2)
  })
})
