import { expect, test } from 'vitest'
import type { ChatEvent } from '../../src/chat.ts'
import { ChatError } from '../../src/errors.ts'
import { type Observation, observe, type ObserveOptions } from '../../src/layers/observe.ts'
import type { CallOptions, Provider } from '../../src/provider.ts'
import { chatStream, DONE } from '../../src/stream.ts'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { eventsOf, finish, hello, local, rejection, textEvent, start } from '../support/providers.ts'

const usage = { inputTokens: 3, outputTokens: 4, source: 'reported' } as const

/** A provider that takes 5 ms to connect and 20 ms for each event. */
function timed(clock: ManualClock, answer: (ChatEvent | Error)[]): Provider {
  return local(async function* (call) {
    await clock.advance(5)
    call?.onConnect?.()
    for (const step of answer) {
      await clock.advance(20)
      if (step instanceof Error) throw step
      yield step
    }
  })
}

function observed(answer: (ChatEvent | Error)[], call?: CallOptions) {
  const clock = new ManualClock()
  const seen: Observation[] = []
  const events: ChatEvent[] = []
  const layer = observe({
    clock,
    onEnd: (observation) => seen.push({ ...observation }),
    onEvent: (event) => events.push(event),
  })
  return { seen, events, stream: layer(timed(clock, answer)).stream(hello, call) }
}

const whole = [start, textEvent('a'), textEvent('b'), { type: 'finish', reason: 'stop', usage } as const]

test('finished: reports the provider, the times and the usage', async () => {
  const { seen, events, stream } = observed(whole)
  expect(await eventsOf(stream)).toEqual(whole)
  expect(events).toEqual(whole)
  expect(seen).toEqual([
    {
      provider: 'local',
      model: 'm1',
      answeredBy: 'local',
      outcome: 'finished',
      connectMs: 5,
      firstTokenMs: 45,
      totalMs: 85,
      events: 4,
      usage,
    },
  ])
})

test('failed: reports the error', async () => {
  const error = new ChatError('truncated', 'it broke off')
  const { seen, stream } = observed([start, textEvent('a'), error])
  expect(await rejection(eventsOf(stream))).toBe(error)
  expect(seen).toEqual([
    {
      provider: 'local',
      model: 'm1',
      answeredBy: 'local',
      outcome: 'failed',
      error,
      connectMs: 5,
      firstTokenMs: 45,
      totalMs: 65,
      events: 2,
    },
  ])
})

test('failed before an answer: times that were not reached are absent', async () => {
  const error = new ChatError('network', 'no answer')
  const { seen, stream } = observed([error])
  await rejection(eventsOf(stream))
  expect(seen).toEqual([
    { provider: 'local', model: 'm1', outcome: 'failed', error, connectMs: 5, totalMs: 25, events: 0 },
  ])
})

test('cancelled by its reader', async () => {
  const { seen, stream } = observed(whole)
  for await (const event of stream) if (event.type === 'text') break
  expect(seen).toMatchObject([{ outcome: 'cancelled', events: 2, totalMs: 45 }])
})

test('aborted during a read', async () => {
  const controller = new AbortController()
  const reason = new Error('no more')
  const { seen, stream } = observed([start, textEvent('a'), reason], { signal: controller.signal })
  const reading = (async () => {
    for await (const event of stream) if (event.type === 'text') controller.abort(reason)
  })()
  expect(await rejection(reading)).toBe(reason)
  expect(seen).toMatchObject([{ outcome: 'aborted', events: 2, totalMs: 45 }])
  expect(seen[0]?.error).toBe(reason)
})

test('aborted with buffered events: reports the reason too', async () => {
  const controller = new AbortController()
  const reason = { why: 'no more' }
  const seen: Observation[] = []
  const provider = observe({ onEnd: (observation) => seen.push(observation) })(
    atOnce([start, textEvent('a'), textEvent('b')]),
  )
  const reading = (async () => {
    for await (const event of provider.stream(hello, { signal: controller.signal })) {
      if (event.type === 'text') controller.abort(reason)
    }
  })()
  expect(await rejection(reading)).toBe(reason)
  expect(seen).toMatchObject([{ outcome: 'aborted' }])
  expect(seen[0]?.error).toBe(reason)
})

test('a stream that is never read is not reported', () => {
  const { seen } = observed(whole)
  expect(seen).toEqual([])
})

test('a group reports the last member that answered', async () => {
  const { seen, stream } = observed([
    start,
    { type: 'restart', from: 'local', reason: 'truncated', message: 'broke' },
    { type: 'start', provider: 'other', model: 'm2' },
    textEvent('a'),
    finish,
  ])
  await eventsOf(stream)
  expect(seen).toMatchObject([{ provider: 'local', answeredBy: 'other', outcome: 'finished' }])
})

test('the caller’s own onConnect is called too', async () => {
  let connected = 0
  const { stream } = observed(whole, { onConnect: () => connected++ })
  await eventsOf(stream)
  expect(connected).toBe(1)
})

test('an unknown option is refused', () => {
  expect(() => observe({ onFinish: () => undefined } as ObserveOptions)).toThrow('observe: unknown option "onFinish".')
})

/** A provider that delivers all events in one batch, as a read of a socket does. */
function atOnce(events: ChatEvent[]): Provider {
  const batches = [events]
  return {
    ...local(async function* () {
      yield start
    }),
    stream: (_request, call) =>
      chatStream(call?.signal, () => ({
        next: () => {
          const value = batches.shift()
          return Promise.resolve(value === undefined ? DONE : { done: false, value })
        },
        close: () => undefined,
      })),
  }
}
