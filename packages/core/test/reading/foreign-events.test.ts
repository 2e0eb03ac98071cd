import { describe, expect, test } from 'vitest'
import { type Batches, DONE } from '../../src/batches.ts'
import type { ChatEvent } from '../../src/chat.ts'
import { ChatError } from '../../src/errors.ts'
import { CheckedBatches } from '../../src/reading/checked-batches.ts'
import { partialOf } from '../../src/reading/partial.ts'
import { finish, rejection, start, textEvent } from '../support/providers.ts'

/** The batches of an author without a compiler: each step is given as a batch, or thrown. */
function checked(...steps: unknown[]): Batches {
  const inner = {
    next: (): Promise<unknown> => {
      const step = steps.shift()
      if (step instanceof Error) return Promise.reject(step)
      return Promise.resolve(step === undefined ? DONE : { done: false, value: step })
    },
    close: () => undefined,
  }
  return new CheckedBatches(inner as Batches, undefined)
}

const notAnEvent = { code: 'malformed', message: 'the stream gave something that is not an event' }
const half = [start, textEvent('half')]

describe('a stream of another author is malformed', () => {
  test.each([['a text'], [7], [null], [{ type: 'text', text: 'a' }], [new Set([start])]])(
    'where it gives %o and not an array of events',
    async (value) => {
      const failure = await rejection(checked(value).next())
      expect(failure).toBeInstanceOf(ChatError)
      expect(failure).toMatchObject(notAnEvent)
    },
  )

  test.each([[null], [undefined], ['text'], [7], [[]], [{}], [{ type: undefined }], [{ type: 7 }], [{ text: 'a' }]])(
    'where %o is among its events',
    async (event) => {
      expect(await rejection(checked([event, finish]).next())).toMatchObject(notAnEvent)
    },
  )

  test('with the part of the answer that came before', async () => {
    expect(await rejection(checked([...half, {}]).next())).toMatchObject({ ...notAnEvent, partial: { text: 'half' } })
  })
})

/** An event of each type that has texts; the rest of an event is not looked at. */
const EVENTS = [
  { type: 'start', provider: 'p', model: 'm' },
  { type: 'text', text: 'a' },
  { type: 'reasoning', text: 'a' },
  { type: 'tool-call', id: '1', name: 'f' },
  { type: 'tool-input', id: '1', text: '{}' },
  { type: 'restart', from: 'p', reason: 'truncated', message: 'it broke off' },
  { type: 'resume', from: 'p', reason: 'truncated', message: 'it broke off' },
  { type: 'finish', reason: 'stop' },
] satisfies ChatEvent[]

describe('an event of another author', () => {
  const fields = EVENTS.flatMap(({ type, ...texts }) =>
    Object.keys(texts).map((field): [string, string, object] => [type, field, { type, ...texts }]),
  )

  test.each(fields)('"%s" has a text as its %s', async (_type, field, event) => {
    for (const value of [undefined, null, 7, ['a'], { a: 'a' }]) {
      expect(await rejection(checked([{ ...event, [field]: value }]).next())).toMatchObject(notAnEvent)
    }
    expect(await checked([{ ...event, [field]: '' }]).next()).toMatchObject({ done: false })
  })

  test('"native" has a text as its dialect, and anything as its value', async () => {
    expect(await rejection(checked([{ type: 'native', value: {} }]).next())).toMatchObject(notAnEvent)
    expect(await checked([{ type: 'native', dialect: 'd', value: 7 }]).next()).toMatchObject({ done: false })
  })

  test.each(EVENTS)('"$type" passes', async (event) => {
    expect(await checked([event]).next()).toEqual({ done: false, value: [event] })
  })

  test.each([{ type: 'raw', data: 7 }, { type: 'of a later version' }, { type: 'constructor' }])(
    '$type, which has no texts, passes',
    async (event) => {
      expect(await checked([event]).next()).toEqual({ done: false, value: [event] })
    },
  )
})

describe('the error of another author', () => {
  const thrownAfter = async (events: readonly ChatEvent[], error: Error): Promise<unknown> => {
    const batches = checked(events, error)
    await batches.next()
    return rejection(batches.next())
  }

  test('of any kind, thrown by two streams, gets the answer of the one that had content', async () => {
    const plain = new Error('down')
    const ours = new ChatError('network', 'down')
    for (const error of [plain, ours]) {
      expect(await thrownAfter([start], error)).toBe(error)
      expect(partialOf(error)).toBeUndefined()
      expect(await thrownAfter(half, error)).toBe(error)
      expect(partialOf(error)?.text).toBe('half')
    }
  })

  test('that has an answer keeps it', async () => {
    const partial = { provider: 'x', model: 'm', content: [], text: 'its own', toolCalls: [] }
    const error = new ChatError('network', 'down', { partial })
    expect(await thrownAfter([start], error)).toBe(error)
    expect(await thrownAfter(half, error)).toBe(error)
    expect(error.partial).toBe(partial)
  })

  test('is copied if it is frozen, but only to add an answer', async () => {
    const error = Object.freeze(new ChatError('network', 'down'))
    expect(await thrownAfter([start], error)).toBe(error)
    const copy = await thrownAfter(half, error)
    expect(copy).not.toBe(error)
    expect(copy).toMatchObject({ code: 'network', message: 'down', partial: { text: 'half' }, cause: error })
  })
})
