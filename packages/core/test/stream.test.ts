import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../src/chat.ts'
import { type Batches, batchesOf, chatStream, DONE, eachEvent } from '../src/stream.ts'
import { readUntilFailure, eventsOf, finish, rejection, textEvent, start } from './support/providers.ts'
import { deferred } from './support/servers.ts'
import { eventLoopTurn } from './support/event-loop-turn.ts'

/** Scripted batches that count how often they are opened, read and closed. */
class ScriptedBatches implements Batches {
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

const answer: ChatEvent[][] = [[start, textEvent('a'), textEvent('b')], [textEvent('c')], [textEvent('d'), finish]]

describe('a stream', () => {
  test('gives every event, in order, one by one', async () => {
    const script = new ScriptedBatches(answer)
    expect(await eventsOf(chatStream(undefined, script.open))).toEqual(answer.flat())
    expect(script.opened).toBe(1)
  })

  test('can be read once: a second reader gets a TypeError at once', () => {
    const twice = chatStream(undefined, new ScriptedBatches(answer).open)
    twice[Symbol.asyncIterator]()
    expect(() => twice[Symbol.asyncIterator]()).toThrow(TypeError)
    expect(() => twice.batches()).toThrow('call stream() again')
  })

  test('opens nothing before the first read', () => {
    const script = new ScriptedBatches(answer)
    const iterator = chatStream(undefined, script.open)[Symbol.asyncIterator]()
    expect(script.opened).toBe(0)
    void iterator.next()
    expect(script.opened).toBe(1)
  })

  test('that is closed before the first read opens nothing', async () => {
    const script = new ScriptedBatches(answer)
    const iterator = chatStream(undefined, script.open)[Symbol.asyncIterator]()
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(script.opened).toBe(0)
  })

  test.each([1, 2, 3, 4, 5, 6])('left after %i events is closed at once and gives no further event', async (wanted) => {
    const script = new ScriptedBatches(answer)
    const seen: ChatEvent[] = []
    for await (const event of chatStream(undefined, script.open)) {
      seen.push(event)
      if (seen.length === wanted) break
    }
    expect(seen).toEqual(answer.flat().slice(0, wanted))
    expect(script.closes).toBe(1)
  })

  test('whose reader throws is closed, and the reader gets its own error', async () => {
    const script = new ScriptedBatches(answer)
    const own = new Error('own')
    const reading = (async () => {
      for await (const event of chatStream(undefined, script.open)) if (event.type === 'text') throw own
    })()
    expect(await rejection(reading)).toBe(own)
    expect(script.closes).toBe(1)
  })

  test('that fails gives the events so far, then its error, then the end', async () => {
    const reason = new Error('broken')
    const iterator = chatStream(undefined, new ScriptedBatches([[start, textEvent('a')]], reason).open)[
      Symbol.asyncIterator
    ]()
    expect(await iterator.next()).toEqual({ done: false, value: start })
    expect(await iterator.next()).toEqual({ done: false, value: textEvent('a') })
    expect(await rejection(iterator.next())).toBe(reason)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })
})

describe('concurrent reads', () => {
  test.each([2, 5, 20])('%i of them are answered in order', async (count) => {
    const iterator = chatStream(undefined, new ScriptedBatches(answer).open)[Symbol.asyncIterator]()
    const reads = await Promise.all(Array.from({ length: count }, () => iterator.next()))
    const seen = reads.map((read) => (read.done === true ? undefined : read.value))
    expect(seen).toEqual(Array.from({ length: count }, (_, at) => answer.flat()[at]))
  })

  test('a later read is answered later', async () => {
    const iterator = chatStream(undefined, new ScriptedBatches(answer).open)[Symbol.asyncIterator]()
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

  test('the first gets the error, and the others the end', async () => {
    const reason = new Error('broken')
    const iterator = chatStream(undefined, new ScriptedBatches([], reason).open)[Symbol.asyncIterator]()
    const reads = [iterator.next(), iterator.next(), iterator.next()] as const
    expect(await rejection(reads[0])).toBe(reason)
    expect(await reads[1]).toEqual({ done: true, value: undefined })
    expect(await reads[2]).toEqual({ done: true, value: undefined })
  })
})

describe('an abort', () => {
  test.each([1, 2, 4])(
    'after %i events rejects with its reason, and buffered events are not delivered',
    async (wanted) => {
      const script = new ScriptedBatches([answer.flat()])
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
    const iterator = chatStream(controller.signal, new ScriptedBatches([[start, finish]]).open)[Symbol.asyncIterator]()
    for (let read = await iterator.next(); read.done !== true; read = await iterator.next());
    controller.abort()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  test('has no listener of the stream itself', async () => {
    const { signal } = new AbortController()
    await eventsOf(chatStream(signal, new ScriptedBatches(answer).open))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('batchesOf', () => {
  test('gives the batches of our own streams unchanged', async () => {
    const batches = batchesOf(chatStream(undefined, new ScriptedBatches(answer).open))
    expect(await batches.next()).toEqual({ done: false, value: answer[0] })
  })

  test('reads a foreign stream in batches of one event', async () => {
    async function* foreign(): AsyncGenerator<ChatEvent> {
      yield* answer.flat()
    }
    const batches = batchesOf(foreign())
    for (const event of answer.flat()) expect(await batches.next()).toEqual({ done: false, value: [event] })
    expect(await batches.next()).toEqual({ done: true, value: undefined })
  })

  test('lets a foreign stream clean up', async () => {
    const cleaned = deferred()
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

  test('accepts a foreign stream without return(), and one whose return() fails', async () => {
    const next = () => Promise.resolve({ done: false as const, value: textEvent('a') })
    const bare: AsyncIterable<ChatEvent> = { [Symbol.asyncIterator]: () => ({ next }) }
    const failing: AsyncIterable<ChatEvent> = {
      [Symbol.asyncIterator]: () => ({
        next,
        return: () => Promise.reject(new Error('no')),
      }),
    }
    for (const foreign of [bare, failing]) {
      const batches = batchesOf(foreign)
      expect(await batches.next()).toEqual({ done: false, value: [textEvent('a')] })
      batches.close()
    }
  })
})

describe('eachEvent', () => {
  test('delivers what is picked for each event, and skips the others', async () => {
    const texts = eachEvent(new ScriptedBatches(answer), (event) => (event.type === 'text' ? event.text : undefined))
    expect(await Array.fromAsync(texts)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('keeps nothing of the batches that it skips, however many a long thought has', async () => {
    const last = deferred<IteratorResult<readonly ChatEvent[], undefined>>()
    let reads = 0
    const batches: Batches = {
      next: () => (++reads > 1_000 ? last.promise : Promise.resolve({ done: false, value: [start] })),
      close: () => undefined,
    }
    let read: unknown
    const texts = eachEvent(batches, (event) => (event.type === 'text' ? event.text : undefined))
    void texts.next().then((result) => (read = result))
    await eventLoopTurn()
    expect(reads).toBe(1_001)
    last.resolve({ done: false, value: [textEvent('a')] })
    // A promise that waits inside another one for each batch would settle after thousands of them.
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    expect(read).toEqual({ done: false, value: 'a' })
  })

  test.each([
    ['a read', [[start], [textEvent('x')]]],
    ['a buffered event', [[start, textEvent('x')]]],
  ])('a pick that throws rejects the read and closes the stream: at %s', async (_name, batches) => {
    const script = new ScriptedBatches(batches)
    const own = new Error('own')
    const picked = eachEvent(script, (event) => {
      if (event.type === 'text') throw own
      return event
    })
    const { events, reason } = await readUntilFailure(picked)
    expect(events).toEqual([start])
    expect(reason).toBe(own)
    expect(script.closes).toBeGreaterThan(0)
  })
})
