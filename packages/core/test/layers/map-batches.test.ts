import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../src/chat.ts'
import { mapBatches } from '../../src/layers/map-batches.ts'
import { type Batches, trustedStream } from '../../src/stream.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { rejection, textEvent } from '../support/providers.ts'

const thought: ChatEvent = { type: 'reasoning', text: 'hm' }

/** A thousand batches of a thought; then what the test gives. */
function thinking() {
  const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<readonly ChatEvent[], undefined>>()
  let reads = 0
  const inner: Batches = {
    next: () => (++reads > 1_000 ? promise : Promise.resolve({ done: false, value: [thought] })),
    close: () => undefined,
  }
  return { stream: trustedStream(undefined, () => inner), resolve, reject, reads: () => reads }
}

describe('a layer that leaves a long thought out', () => {
  const withoutThoughts = (events: readonly ChatEvent[]): ChatEvent[] =>
    events.filter(({ type }) => type !== 'reasoning')

  test('keeps nothing of it', async () => {
    const { stream, resolve, reads } = thinking()
    let read: unknown
    void mapBatches(stream, { batch: withoutThoughts })
      .next()
      .then((result) => (read = result))
    await eventLoopTurn()
    expect(reads()).toBe(1_001)
    resolve({ done: false, value: [thought, textEvent('a')] })
    // A read that waits inside another one for each batch would settle after thousands of turns.
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    expect(read).toEqual({ done: false, value: [textEvent('a')] })
  })

  test('is told once of the failure after it, and not that it was closed', async () => {
    const { stream, reject } = thinking()
    const told: unknown[] = []
    const reading = mapBatches(stream, {
      batch: withoutThoughts,
      error: (error) => void told.push(error),
      close: () => told.push('closed'),
      end: () => void told.push('ended'),
    }).next()
    await eventLoopTurn()
    reject('broken')
    expect(await rejection(reading)).toBe('broken')
    expect(told).toEqual(['broken'])
  })
})
