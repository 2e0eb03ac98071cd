import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../src/chat.ts'
import { ChatError } from '../../src/errors.ts'
import { deadlines } from '../../src/layers/deadlines.ts'
import { observe, type Observation } from '../../src/layers/observe.ts'
import { recordExchanges } from '../../src/layers/record-exchanges.ts'
import { retry } from '../../src/layers/retry.ts'
import { type Layer, pipe, type Provider } from '../../src/provider.ts'
import { collect, textOf } from '../../src/reading/collect.ts'
import { estimateUsage } from '../../src/reading/estimate.ts'
import { partialOf } from '../../src/reading/partial.ts'
import { toReadableStream } from '../../src/web/to-readable-stream.ts'
import { toResponse } from '../../src/web/to-response.ts'
import { type Batches, batchesOf, chatStream, DONE } from '../../src/stream.ts'
import { eventsOf, failure, finish, hello, local, rejection, start, textEvent } from '../support/providers.ts'

/** Answers of a provider that breaks the one rule of streams: exactly one finish, and nothing after it. */
const lies: [what: string, events: ChatEvent[], code: 'truncated' | 'malformed'][] = [
  ['ends without a finish', [start, textEvent('half')], 'truncated'],
  ['ends at once', [], 'truncated'],
  ['finishes twice', [start, textEvent('half'), finish, finish], 'malformed'],
  ['goes on after its finish', [start, textEvent('half'), finish, textEvent('more')], 'malformed'],
]

const scripted = (events: readonly ChatEvent[]): Provider =>
  local(async function* () {
    yield* events
  })

const layers: [name: string, layer: Layer][] = [
  ['deadlines', deadlines()],
  ['retry', retry({ attempts: 1 })],
  ['observe', observe({})],
  ['recordExchanges', recordExchanges({ to: () => undefined })],
  ['estimateUsage', estimateUsage({ countTokens: () => 1 })],
]

const readers: [name: string, read: (stream: AsyncIterable<ChatEvent>) => Promise<unknown>][] = [
  ['collect', collect],
  ['textOf', (stream) => Array.fromAsync(textOf(stream))],
  ['toReadableStream', (stream) => Array.fromAsync(toReadableStream(stream))],
]

describe.each(lies)('a provider that %s', (_what, events, code) => {
  test.each(layers)('is an error through %s', async (_name, layer) => {
    await failure(eventsOf(pipe(scripted(events), layer).stream(hello)), code)
  })

  test('is an error through every reader', async () => {
    for (const [name, read] of readers) {
      expect(await rejection(read(scripted(events).stream(hello))), name).toMatchObject({ code })
    }
  })

  test('is an error in a web response, and no finish comes before it', async () => {
    const response = await toResponse(scripted(events).stream(hello))
    const body = await response.text()
    expect(body).not.toContain('finish"')
    expect(body).toContain(`"code":"${code}"`)
  })

  test('is an error although its author reads in batches', async () => {
    const batches = (): Batches => {
      let at = 0
      return {
        next() {
          const event = events[at++]
          return Promise.resolve(event === undefined ? DONE : { done: false, value: [event] })
        },
        close: () => undefined,
      }
    }
    await failure(collect(chatStream(undefined, batches)), code)
  })

  test('gives the answer so far with its error', async () => {
    const error = await failure(eventsOf(pipe(scripted(events), observe({})).stream(hello)), code)
    expect(partialOf(error)?.text).toBe(events.length === 0 ? undefined : 'half')
    if (events.length > 0) expect(error).toMatchObject({ provider: 'local' })
  })

  test('is observed as failed', async () => {
    const seen: Observation[] = []
    await rejection(eventsOf(pipe(scripted(events), observe({ onEnd: (end) => seen.push(end) })).stream(hello)))
    expect(seen).toMatchObject([{ outcome: 'failed', error: { code } }])
  })
})

test.each<[string, () => Promise<IteratorResult<ChatEvent>>]>([
  ['never ends', () => new Promise(() => undefined)],
  ['fails', () => Promise.reject(new Error('no'))],
])('a stream that %s after its finish is whole, and is closed', async (_what, after) => {
  const events = [start, textEvent('all'), finish]
  const isClosed = Promise.withResolvers<undefined>()
  const stream: AsyncIterable<ChatEvent> = {
    [Symbol.asyncIterator]: () => ({
      next() {
        const value = events.shift()
        return value === undefined ? after() : Promise.resolve({ done: false, value })
      },
      return() {
        isClosed.resolve(undefined)
        return Promise.resolve(DONE)
      },
    }),
  }
  expect(await collect(stream)).toMatchObject({ text: 'all', reason: 'stop' })
  await isClosed.promise
})

test('events that come before the fault are delivered', async () => {
  const seen: ChatEvent[] = []
  const reading = (async () => {
    for await (const event of pipe(scripted([start, textEvent('a'), textEvent('b')]), observe({})).stream(hello))
      seen.push(event)
  })()
  await failure(reading, 'truncated')
  expect(seen).toEqual([start, textEvent('a'), textEvent('b')])
})

test('an error of a provider of another kind gets the answer so far, unless it has one; a frozen one is copied', async () => {
  const own = { provider: 'x', model: 'm', content: [], text: 'its own', toolCalls: [] }
  const errors = [
    new ChatError('network', 'down'),
    new ChatError('network', 'down', { partial: own }),
    Object.freeze(new ChatError('network', 'down')),
  ]
  const partials: unknown[] = []
  for (const error of errors) {
    const failing = local(async function* () {
      yield start
      yield textEvent('half')
      await Promise.reject(error)
    })
    const thrown = await rejection(eventsOf(pipe(failing, observe({})).stream(hello)))
    if (!Object.isFrozen(error)) expect(thrown).toBe(error)
    expect(thrown).toMatchObject({ code: 'network', message: 'down' })
    partials.push(partialOf(thrown)?.text)
  }
  expect(partials).toEqual(['half', 'its own', 'half'])
})

describe('an abort', () => {
  /** Never settles, and ignores its signal. */
  const deaf: AsyncIterable<ChatEvent> = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<ChatEvent>>(() => undefined) }),
  }
  const silent: Provider = { ...scripted([]), stream: () => deaf }

  test.each(layers)('is not held by a provider that ignores it, through %s', async (_name, layer) => {
    const controller = new AbortController()
    const reason = { why: 'no more' }
    const reading = eventsOf(pipe(silent, layer).stream(hello, { signal: controller.signal }))
    controller.abort(reason)
    expect(await rejection(reading)).toBe(reason)
  })

  test.each(layers)(
    'is the reason of the failure, whatever the provider throws then, through %s',
    async (_name, layer) => {
      const controller = new AbortController()
      const reason = new Error('no more')
      const failing = local(async function* () {
        yield start
        await new Promise((resolve) => {
          controller.signal.addEventListener('abort', resolve)
        })
        throw new TypeError('terminated')
      })
      const reading = eventsOf(pipe(failing, layer).stream(hello, { signal: controller.signal }))
      controller.abort(reason)
      expect(await rejection(reading)).toBe(reason)
    },
  )
})

test('closing a stream never throws, whatever its author throws', () => {
  const hostile: Batches = {
    next: () => Promise.resolve(DONE),
    close() {
      throw new Error('no')
    },
  }
  const batches = batchesOf(chatStream(undefined, () => hostile))
  void batches.next().catch(() => undefined)
  expect(() => {
    batches.close()
  }).not.toThrow()
})
