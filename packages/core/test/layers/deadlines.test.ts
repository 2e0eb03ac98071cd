import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../src/chat.ts'
import { collect } from '../../src/reading/collect.ts'
import { deadlines } from '../../src/layers/deadlines.ts'
import type { Deadlines } from '../../src/layers/limits.ts'
import type { CallOptions, Provider } from '../../src/provider.ts'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { settled } from '../support/settled.ts'
import { brokenStream, eventsOf, failure, finish, hello, local, rejection, said, start } from '../support/providers.ts'
import { signalled } from '../support/servers.ts'

const limits = { connectMs: 10, firstTokenMs: 100, idleMs: 50, totalMs: 1_000 }

/** A provider that says a list of things, each when the test lets it. */
function stepwise(...answer: ChatEvent[]) {
  const steps = answer.map(() => signalled())
  let call: CallOptions | undefined
  let left = false
  const provider = local(async function* (given) {
    call = given
    try {
      for (const [at, event] of answer.entries()) {
        await steps[at]?.promise
        yield event
      }
      await new Promise(() => undefined)
    } finally {
      left = true
    }
  })
  return {
    provider,
    say: (at: number) => {
      steps[at]?.resolve()
    },
    call: () => call,
    left: () => left,
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

/** Reads once, and says what became of it so far. */
function reading(iterator: AsyncIterator<ChatEvent>) {
  const state: { outcome: unknown } = { outcome: 'pending' }
  void iterator.next().then(
    ({ done, value }) => (state.outcome = done === true ? 'done' : (value as unknown)),
    (reason: unknown) => (state.outcome = reason),
  )
  return state
}

describe('each deadline', () => {
  test('connectMs: no connection, told by who can tell', async () => {
    const { provider, call } = stepwise(start)
    const { clock, iterator } = watched(provider)
    const read = reading(iterator())
    await settled()
    call()?.onConnecting?.()
    await clock.advance(9)
    expect(read.outcome).toBe('pending')
    await clock.advance(1)
    expect(read.outcome).toEqual(timeout('connectMs', 10))
  })

  test('connectMs: ends when there is a connection', async () => {
    const { provider, call } = stepwise(start)
    const { clock, iterator } = watched(provider)
    const read = reading(iterator())
    await settled()
    call()?.onConnecting?.()
    call()?.onConnect?.()
    await clock.advance(99)
    expect(read.outcome).toBe('pending')
    await clock.advance(1)
    expect(read.outcome).toEqual(timeout('firstTokenMs', 100))
  })

  test('connectMs: does not apply where nobody can tell', async () => {
    const { clock, iterator } = watched(stepwise(start).provider)
    const read = reading(iterator())
    await clock.advance(99)
    expect(read.outcome).toBe('pending')
  })

  test('firstTokenMs: from dispatch to the first content, and a start is none', async () => {
    const { provider, say } = stepwise(start, said('a'))
    const { clock, iterator } = watched(provider)
    const events = iterator()
    say(0)
    expect(await events.next()).toEqual({ done: false, value: start })
    const read = reading(events)
    await clock.advance(99)
    expect(read.outcome).toBe('pending')
    await clock.advance(1)
    expect(read.outcome).toEqual(timeout('firstTokenMs', 100))
  })

  test('idleMs: between one event and the next, each anew', async () => {
    const { provider, say } = stepwise(start, said('a'), said('b'), said('c'))
    const { clock, iterator } = watched(provider)
    const events = iterator()
    for (const at of [0, 1, 2]) {
      const read = reading(events)
      await clock.advance(49)
      expect(read.outcome).toBe('pending')
      say(at)
      await settled()
      expect(read.outcome).not.toBe('pending')
    }
    const read = reading(events)
    await clock.advance(49)
    expect(read.outcome).toBe('pending')
    await clock.advance(1)
    expect(read.outcome).toEqual(timeout('idleMs', 50))
  })

  test('totalMs: however lively the answer', async () => {
    const clock = new ManualClock()
    const endless = local(async function* () {
      yield start
      for (;;) {
        await clock.advance(20)
        yield said('x')
      }
    })
    const { events, reason } = await brokenStream(deadlines({ ...limits, clock })(endless).stream(hello))
    expect(reason).toEqual(timeout('totalMs', 1_000))
    expect(events.length).toBeGreaterThan(40)
  })

  test('Infinity waits for ever', async () => {
    const forever = { connectMs: Infinity, firstTokenMs: Infinity, idleMs: Infinity, totalMs: Infinity }
    const { clock, iterator } = watched(stepwise(start).provider, forever)
    const read = reading(iterator())
    await clock.advance(1e12)
    expect(read.outcome).toBe('pending')
    expect(clock.pending).toBe(0)
  })

  test('a deadline longer than a timer can wait is kept all the same', async () => {
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
    const { provider, say } = stepwise(start, said('a'), said('b'))
    const { clock, iterator } = watched(provider)
    const events = iterator()
    for (const at of [0, 1, 2]) say(at)
    await events.next()
    await events.next()
    await clock.advance(900)
    expect(await events.next()).toEqual({ done: false, value: said('b') })
    await clock.advance(100)
    const late = reading(events)
    await clock.advance(0)
    expect(late.outcome).toEqual(timeout('totalMs', 1_000))
  })

  test('that comes back is kept waiting no longer than idleMs', async () => {
    const { provider, say } = stepwise(start, said('a'))
    const { clock, iterator } = watched(provider)
    const events = iterator()
    for (const at of [0, 1]) say(at)
    await events.next()
    await events.next()
    const early = reading(events)
    await clock.advance(10)
    expect(early.outcome).toBe('pending')
    await clock.advance(40)
    expect(early.outcome).toEqual(timeout('idleMs', 50))
  })

  test('that was away for longer than idleMs is then kept waiting no longer than idleMs', async () => {
    const { provider, say } = stepwise(start, said('a'), said('b'))
    const { clock, iterator } = watched(provider)
    const events = iterator()
    for (const at of [0, 1, 2]) say(at)
    for (let reads = 0; reads < 3; reads++) await events.next()
    await clock.advance(300)
    const back = reading(events)
    await clock.advance(49)
    expect(back.outcome).toBe('pending')
    await clock.advance(1)
    expect(back.outcome).toEqual(timeout('idleMs', 50))
  })

  test('that was away when totalMs passed is told when it comes back, also by a provider that goes on', async () => {
    const clock = new ManualClock()
    const lively = local(async function* () {
      yield start
      for (;;) yield said('x')
    })
    const iterator = deadlines({ ...limits, clock })(lively)
      .stream(hello)
      [Symbol.asyncIterator]()
    await iterator.next()
    await iterator.next()
    await clock.advance(1_000)
    expect(await rejection(iterator.next())).toEqual(timeout('totalMs', 1_000))
    expect(clock.pending).toBe(0)
  })
})

test('an answer in one piece has no first token and no pause: only totalMs applies', async () => {
  const clock = new ManualClock()
  const { provider } = stepwise(start)
  const stream = deadlines({ ...limits, clock })(provider).stream({ ...hello, stream: false })
  const read = reading(stream[Symbol.asyncIterator]())
  await clock.advance(999)
  expect(read.outcome).toBe('pending')
  await clock.advance(1)
  expect(read.outcome).toEqual(timeout('totalMs', 1_000))
})

describe('a provider that does not heed its signal', () => {
  test('can not hold its reader', async () => {
    const { clock, stream } = watched(stepwise(start).provider)
    const collecting = failure(collect(stream), 'timeout')
    await clock.advance(100)
    await collecting
  })

  test('is left, so that it can clean up once it comes to', async () => {
    const { provider, say, left } = stepwise(start, said('a'))
    const { clock, stream } = watched(provider)
    const collecting = failure(collect(stream), 'timeout')
    await clock.advance(100)
    await collecting
    say(0)
    await settled()
    expect(left()).toBe(true)
  })

  test('has been told: its signal aborts with the same error', async () => {
    const { provider, call } = stepwise(start)
    const { clock, stream } = watched(provider)
    const collecting = rejection(collect(stream))
    await clock.advance(100)
    expect(call()?.signal?.aborted).toBe(true)
    expect(call()?.signal?.reason).toBe(await collecting)
  })
})

describe('nothing is left behind', () => {
  const endings: [string, (iterator: AsyncIterator<ChatEvent>, clock: ManualClock) => Promise<unknown>][] = [
    [
      'read to its end',
      async (iterator) => {
        while ((await iterator.next()).done !== true);
      },
    ],
    [
      'left',
      async (iterator) => {
        await iterator.next()
        await iterator.return?.()
      },
    ],
    ['left before the first read', async (iterator) => iterator.return?.()],
    [
      'given up',
      async (iterator, clock) => {
        await iterator.next()
        await clock.advance(1_000)
        await rejection(iterator.next())
      },
    ],
  ]

  test.each(endings)('when the stream is %s: no timer, no listener', async (_name, end) => {
    const answering = local(async function* () {
      yield start
      yield said('a')
      yield finish
    })
    const { signal } = new AbortController()
    const { clock, iterator } = watched(answering, limits, { signal })
    await end(iterator(), clock)
    expect(clock.pending).toBe(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('when the provider fails: its error is the reader’s, the same object', async () => {
    const mine = new Error('mine')
    const failing = local(async function* () {
      yield start
      throw mine
    })
    const { signal } = new AbortController()
    const { clock, stream } = watched(failing, limits, { signal })
    expect((await brokenStream(stream)).reason).toBe(mine)
    expect(clock.pending).toBe(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('when the caller aborts: the provider is told with the caller’s reason', async () => {
    const controller = new AbortController()
    const { provider, call } = stepwise(start)
    const { clock, iterator } = watched(provider, limits, { signal: controller.signal })
    const reason = { why: 'no more' }
    void reading(iterator())
    await settled()
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
  /** How often a timer was set while an answer of several events was read without a pause. */
  async function timersFor(own: Deadlines): Promise<number> {
    let set = 0
    class Counting extends ManualClock {
      override after(ms: number, run: () => void): () => void {
        set++
        return super.after(ms, run)
      }
    }
    const answering = local(async function* (call) {
      call?.onConnecting?.()
      await settled()
      call?.onConnect?.()
      yield* [start, said('a'), said('b'), finish]
    })
    await collect(deadlines({ ...own, clock: new Counting() })(answering).stream(hello))
    return set
  }

  test('a short answer sets one, although it passes three deadlines', async () => {
    expect(await timersFor(limits)).toBe(1)
  })

  test('a nearer deadline sets another', async () => {
    expect(await timersFor({ ...limits, connectMs: 500, firstTokenMs: 400 })).toBe(2)
  })
})
