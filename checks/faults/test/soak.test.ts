import { expect, test } from 'vitest'
import { leftovers } from '../src/soak/figures.ts'
import { soak, soakGateway } from '../src/soak/soak.ts'

test('a short soak leaves nothing behind', { timeout: 120_000 }, async () => {
  const names: string[] = []
  for await (const { name, outcomes, streams, wrong } of soak({ inTurn: 60, atOnce: 40, probability: 0.1, seed: 1 })) {
    names.push(name)
    expect(wrong.filter((what) => !what.startsWith('heap'))).toEqual([])
    expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(streams)
    expect(outcomes.get('whole')).toBeGreaterThan(0)
  }
  expect(names).toHaveLength(4)
})

test(
  'a short soak of a gateway: every answer is whole or told, and nothing is left behind',
  { timeout: 120_000 },
  async () => {
    const all: string[][] = []
    for await (const { outcomes, streams, kills, wrong } of soakGateway({
      inTurn: 80,
      atOnce: 0,
      probability: 0.3,
      seed: 1,
    })) {
      expect(wrong.filter((what) => !what.startsWith('heap'))).toEqual([])
      expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(streams)
      // Its endpoints are killed and started anew on their ports, or the soak fails.
      expect(kills).toBeGreaterThan(0)
      all.push([...outcomes.keys()])
    }
    expect(all).toHaveLength(1)
    expect(all[0]).toEqual(
      expect.arrayContaining([
        'whole',
        'told: in the stream',
        'the client left before it',
        'the client left within it',
      ]),
    )
  },
)

test('what remains is named', () => {
  const before = { sockets: 0, timers: 1, listeners: 0, heapBytes: 0 }
  expect(leftovers(before, before)).toEqual([])
  const after = { sockets: 2, timers: 2, listeners: 1, heapBytes: 2 ** 30 }
  expect(leftovers(before, after)).toHaveLength(4)
})
