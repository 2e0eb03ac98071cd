import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../src/chat.ts'
import { ChatError } from '../src/errors.ts'
import { deadlines } from '../src/layers/deadlines.ts'
import { observe } from '../src/layers/observe.ts'
import { recordExchanges } from '../src/layers/record-exchanges.ts'
import { retry } from '../src/layers/retry.ts'
import { withModel } from '../src/layers/with-model.ts'
import { type Layer, pipe, type Provider } from '../src/provider.ts'
import { collect, textOf } from '../src/reading/collect.ts'
import { estimateUsage } from '../src/reading/estimate.ts'
import { partialOf } from '../src/reading/partial.ts'
import { toReadableStream } from '../src/web/to-readable-stream.ts'
import { toResponse } from '../src/web/to-response.ts'
import { runTools } from '../src/tools/run-tools.ts'
import { eventsOf, failure, finish, hello, info, local, rejection, start, textEvent } from './support/providers.ts'

const layers: [name: string, layer: Layer][] = [
  ['retry', retry({ attempts: 1 })],
  ['deadlines', deadlines()],
  ['observe', observe({})],
  ['recordExchanges', recordExchanges({ to: () => undefined })],
  ['estimateUsage', estimateUsage({ countTokens: () => 1 })],
  ['withModel', withModel('m1')],
  ['several layers', (next) => pipe(next, withModel('m1'), deadlines(), observe({}), retry({ attempts: 1 }))],
]

/** Whose `stream()` does anything. */
const foreign = (stream: () => unknown): Provider => ({ id: 'local', info, stream: stream as Provider['stream'] })

/** A stream with batches of its own. */
const inBatches = (...batches: unknown[]): unknown => ({
  batches: () => ({
    next: () => {
      const value = batches.shift()
      return Promise.resolve(value === undefined ? { done: true, value } : { done: false, value })
    },
    close: () => undefined,
  }),
  [Symbol.asyncIterator]: () => undefined,
})

const noStreams: [what: string, stream: () => unknown][] = [
  ['a promise that rejects', () => Promise.reject(new Error('no'))],
  ['a promise of a stream', () => Promise.resolve(eventsAfter([start, finish]))],
  ['nothing', () => undefined],
  ['a text', () => 'hello'],
  ['an array of events', () => [start, finish]],
  ['no function for its iterator', () => ({ [Symbol.asyncIterator]: 5 })],
  ['no iterator', () => ({ [Symbol.asyncIterator]: () => null })],
  ['batches without next()', () => ({ batches: () => ({}), [Symbol.asyncIterator]: () => undefined })],
  ['a batch that is no array', () => inBatches(5)],
  ['a read that is nothing', () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(undefined) }) })],
  ['an event that is null', () => inBatches([start, null, finish])],
  ['an event without a type', () => inBatches([start, {}, finish])],
  ['text that is a number', () => inBatches([start, { type: 'text', text: 5 }, finish])],
  ['a finish without a reason', () => inBatches([start, { type: 'finish' }])],
]

async function* eventsAfter(events: readonly ChatEvent[], error?: Error): AsyncGenerator<ChatEvent> {
  yield* events
  if (error !== undefined) throw await Promise.resolve(error)
}

describe.each(layers)('%s, around a provider that is not ours', (_name, layer) => {
  // The runner fails on an unhandled rejection.
  test.each(noStreams)('fails as malformed, not at the call, when stream() gives %s', async (_what, stream) => {
    const answer = pipe(foreign(stream), layer).stream(hello)
    await new Promise(setImmediate)
    await failure(collect(answer), 'malformed')
  })

  test('fails with the stream when stream() throws a failure of the world', async () => {
    const busy = new ChatError('overloaded', 'busy')
    const thrower = foreign(() => {
      throw busy
    })
    expect(await rejection(collect(pipe(thrower, layer).stream(hello)))).toBe(busy)
  })

  test('throws the caller’s mistake at the call', () => {
    const mistake = new TypeError('model is missing')
    const thrower = foreign(() => {
      throw mistake
    })
    expect(() => pipe(thrower, layer).stream(hello)).toThrow(mistake)
  })
})

test('a provider whose stream() throws a failure of the world is retried', async () => {
  let calls = 0
  const recovering = foreign(() => {
    if (calls++ === 0) throw new ChatError('overloaded', 'busy')
    return eventsAfter([start, textEvent('all'), finish])
  })
  const { text } = await collect(pipe(recovering, retry({ backoffMs: 0 })).stream(hello))
  expect([text, calls]).toEqual(['all', 2])
})

test.each(noStreams)('a tool run fails as malformed when stream() gives %s', async (_what, stream) => {
  const run = runTools(foreign(stream), { request: hello, tools: [] })
  await new Promise(setImmediate)
  await failure(eventsOf(run as AsyncIterable<ChatEvent>), 'malformed')
})

describe('one read with more events than a call takes as arguments', () => {
  const MANY = 200_000
  const pieces = Array.from({ length: MANY }, () => textEvent('x'))
  const many = foreign(() => inBatches([start, ...pieces, finish]))

  test('passes through retry()', async () => {
    const { text } = await collect(pipe(many, retry()).stream(hello))
    expect(text).toHaveLength(MANY)
  })

  test('becomes a response', async () => {
    const response = await toResponse(many.stream(hello), { as: 'text' })
    expect(await response.text()).toHaveLength(MANY)
  })
})

test('an answer is whole when its stream throws in place of an end, after the finish event', async () => {
  const batches = [[start, textEvent('all'), finish]]
  const throwing = foreign(() => ({
    batches: () => ({
      next: () => {
        const value = batches.shift()
        if (value === undefined) throw new Error('too late')
        return Promise.resolve({ done: false, value })
      },
      close: () => undefined,
    }),
    [Symbol.asyncIterator]: () => undefined,
  }))
  expect(await collect(throwing.stream(hello))).toMatchObject({ text: 'all', reason: 'stop' })
})

test('one error that fails two streams shows the second reader nothing of the first one’s answer', async () => {
  const shared = new ChatError('overloaded', 'shutting down')
  const first = local(() => eventsAfter([start, textEvent('private')], shared))
  const second = local(() => eventsAfter([start], shared))
  expect(partialOf(await rejection(collect(first.stream(hello))))).toMatchObject({ text: 'private' })
  const error = await rejection(collect(second.stream(hello)))
  expect(error).toMatchObject({ code: 'overloaded', message: 'shutting down' })
  expect(partialOf(error)).toBeUndefined()
})

test.each([
  ['collect', (stream: AsyncIterable<ChatEvent>) => collect(stream)],
  ['toResponse', (stream: AsyncIterable<ChatEvent>) => toResponse(stream)],
  ['textOf', async (stream: AsyncIterable<ChatEvent>) => Promise.resolve(textOf(stream))],
  ['toReadableStream', async (stream: AsyncIterable<ChatEvent>) => Promise.resolve(toReadableStream(stream))],
])('%s() refuses what is not a stream, and says what is', async (_name, read) => {
  for (const wrong of [undefined, null, 'text', [], Promise.reject(new Error('no'))]) {
    const error = await rejection(
      (async () => {
        await read(wrong as unknown as AsyncIterable<ChatEvent>)
      })(),
    )
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: expect.stringContaining('provider.stream(request)') as string })
  }
})
