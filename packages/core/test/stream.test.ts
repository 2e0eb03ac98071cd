import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../src/chat.ts'
import { type Batches, batchesOf, chatStream, DONE, eachEvent } from '../src/stream.ts'
import { brokenStream, eventsOf, finish, rejection, said, start } from './support/providers.ts'
import { signalled } from './support/servers.ts'

/** Batches by hand: what was opened, read and closed is counted. */
class Scripted implements Batches {
  opened = 0
  reads = 0
  closes = 0
  readonly #batches: readonly ChatEvent[][]
  readonly #failure: Error | undefined

  constructor(batches: readonly ChatEvent[][], failure?: Error) {
    this.#batches = batches
    this.#failure = failure
  }

  open = (): this => {
    this.opened++
    return this
  }

  async next(): Promise<IteratorResult<readonly ChatEvent[], undefined>> {
    const value = this.closes > 0 ? undefined : this.#batches[this.reads++]
    if (value !== undefined) return { done: false, value }
    if (this.#failure !== undefined && this.closes === 0) throw this.#failure
    return DONE
  }

  close(): void {
    this.closes++
  }
}

const answer: ChatEvent[][] = [[start, said('a'), said('b')], [said('c')], [said('d'), finish]]

describe('a stream', () => {
  test('gives every event, in order, one by one', async () => {
    const script = new Scripted(answer)
    expect(await eventsOf(chatStream(undefined, script.open))).toEqual(answer.flat())
    expect(script.opened).toBe(1)
  })

  test('is read once: a second reader is told so at once', () => {
    const twice = chatStream(undefined, new Scripted(answer).open)
    twice[Symbol.asyncIterator]()
    expect(() => twice[Symbol.asyncIterator]()).toThrow(TypeError)
    expect(() => twice.batches()).toThrow('call stream() again')
  })

  test('opens nothing before the first read', () => {
    const script = new Scripted(answer)
    const iterator = chatStream(undefined, script.open)[Symbol.asyncIterator]()
    expect(script.opened).toBe(0)
    void iterator.next()
    expect(script.opened).toBe(1)
  })

  test('that is left before the first read opens nothing at all', async () => {
    const script = new Scripted(answer)
    const iterator = chatStream(undefined, script.open)[Symbol.asyncIterator]()
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(script.opened).toBe(0)
  })

  test.each([1, 2, 3, 4, 5, 6])('left after %i events is closed at once, and gives no more', async (wanted) => {
    const script = new Scripted(answer)
    const seen: ChatEvent[] = []
    for await (const event of chatStream(undefined, script.open)) {
      seen.push(event)
      if (seen.length === wanted) break
    }
    expect(seen).toEqual(answer.flat().slice(0, wanted))
    expect(script.closes).toBe(1)
  })

  test('whose reader throws is closed, and the reader has its own error', async () => {
    const script = new Scripted(answer)
    const mine = new Error('mine')
    const reading = (async () => {
      for await (const event of chatStream(undefined, script.open)) if (event.type === 'text') throw mine
    })()
    expect(await rejection(reading)).toBe(mine)
    expect(script.closes).toBe(1)
  })

  test('that breaks gives all that came, then what it broke with, then nothing', async () => {
    const reason = new Error('broken')
    const iterator = chatStream(undefined, new Scripted([[start, said('a')]], reason).open)[Symbol.asyncIterator]()
    expect(await iterator.next()).toEqual({ done: false, value: start })
    expect(await iterator.next()).toEqual({ done: false, value: said('a') })
    expect(await rejection(iterator.next())).toBe(reason)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })
})

describe('reads that do not wait for each other', () => {
  test.each([2, 5, 20])('%i at once are answered in order', async (count) => {
    const iterator = chatStream(undefined, new Scripted(answer).open)[Symbol.asyncIterator]()
    const reads = await Promise.all(Array.from({ length: count }, () => iterator.next()))
    const seen = reads.map((read) => (read.done === true ? undefined : read.value))
    expect(seen).toEqual(Array.from({ length: count }, (_, at) => answer.flat()[at]))
  })

  test('a read that is asked for later is answered later', async () => {
    const iterator = chatStream(undefined, new Scripted(answer).open)[Symbol.asyncIterator]()
    const order: ChatEvent[] = []
    const note = (read: IteratorResult<ChatEvent, undefined>): void => {
      if (read.done !== true) order.push(read.value)
    }
    const first = iterator.next()
    const later = first.then(() => iterator.next())
    const second = iterator.next()
    note(await first)
    note(await second)
    note(await later)
    expect(order).toEqual(answer.flat().slice(0, 3))
  })

  test('the first has the error, and those behind it the end', async () => {
    const reason = new Error('broken')
    const iterator = chatStream(undefined, new Scripted([], reason).open)[Symbol.asyncIterator]()
    const reads = [iterator.next(), iterator.next(), iterator.next()] as const
    expect(await rejection(reads[0])).toBe(reason)
    expect(await reads[1]).toEqual({ done: true, value: undefined })
    expect(await reads[2]).toEqual({ done: true, value: undefined })
  })
})

describe('an abort', () => {
  test.each([1, 2, 4])(
    'after %i events rejects with its reason, and events on hand are not delivered',
    async (wanted) => {
      const script = new Scripted([answer.flat()])
      const controller = new AbortController()
      const reason = { why: 'no more' }
      const seen: ChatEvent[] = []
      const reading = (async () => {
        for await (const event of chatStream(controller.signal, script.open)) {
          seen.push(event)
          if (seen.length === wanted) controller.abort(reason)
        }
      })()
      expect(await rejection(reading)).toBe(reason)
      expect(seen).toHaveLength(wanted)
      expect(script.closes).toBeGreaterThan(0)
    },
  )

  test('after the end does nothing', async () => {
    const controller = new AbortController()
    const iterator = chatStream(controller.signal, new Scripted([[start, finish]]).open)[Symbol.asyncIterator]()
    for (let read = await iterator.next(); read.done !== true; read = await iterator.next());
    controller.abort()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  test('is not listened to by the stream itself', async () => {
    const { signal } = new AbortController()
    await eventsOf(chatStream(signal, new Scripted(answer).open))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('batchesOf', () => {
  test('gives our own streams as they are, by the batch', async () => {
    const batches = batchesOf(chatStream(undefined, new Scripted(answer).open))
    expect(await batches.next()).toEqual({ done: false, value: answer[0] })
  })

  test('gives a stream that is not ours in batches of one', async () => {
    async function* foreign(): AsyncGenerator<ChatEvent> {
      yield* answer.flat()
    }
    const batches = batchesOf(foreign())
    for (const event of answer.flat()) expect(await batches.next()).toEqual({ done: false, value: [event] })
    expect(await batches.next()).toEqual({ done: true, value: undefined })
  })

  test('lets a stream that is not ours clean up', async () => {
    const cleaned = signalled()
    async function* foreign(): AsyncGenerator<ChatEvent> {
      try {
        yield start
        yield finish
      } finally {
        cleaned.resolve()
      }
    }
    const batches = batchesOf(foreign())
    await batches.next()
    batches.close()
    await cleaned.promise
  })

  test('takes one that has nothing to clean up, and one whose cleaning fails', async () => {
    const bare: AsyncIterable<ChatEvent> = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(DONE) }) }
    const failing: AsyncIterable<ChatEvent> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve(DONE),
        return: () => Promise.reject(new Error('no')),
      }),
    }
    for (const foreign of [bare, failing]) {
      const batches = batchesOf(foreign)
      expect(await batches.next()).toEqual(DONE)
      batches.close()
    }
  })
})

describe('oneByOne', () => {
  test('delivers what is picked of each event, and passes over the rest', async () => {
    const texts = eachEvent(new Scripted(answer), (event) => (event.type === 'text' ? event.text : undefined))
    expect(await Array.fromAsync(texts)).toEqual(['a', 'b', 'c', 'd'])
  })

  test.each([
    ['a read', [[start], [said('x')]]],
    ['what is on hand', [[start, said('x')]]],
  ])('a pick that throws rejects the read and closes the stream: from %s', async (_name, batches) => {
    const script = new Scripted(batches)
    const mine = new Error('mine')
    const picked = eachEvent(script, (event) => {
      if (event.type === 'text') throw mine
      return event
    })
    const { events, reason } = await brokenStream(picked)
    expect(events).toEqual([start])
    expect(reason).toBe(mine)
    expect(script.closes).toBeGreaterThan(0)
  })
})
