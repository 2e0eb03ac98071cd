import { seeded } from '@rivulet/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Candidates } from '../src/engine/candidates.ts'
import { byWeight } from '../src/strategies/turns.ts'

const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 })

describe('turns by weight', () => {
  it('give each as many turns as its weight, whatever the weights', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 20 }), (all, rounds) => {
        const policy = byWeight(all)
        const turns = all.map(() => 0)
        const total = all.reduce((sum, weight) => sum + weight, 0)
        for (let turn = 0; turn < total * rounds; turn++) {
          const index = policy.choose(new Candidates(all.length))
          turns[index] = (turns[index] ?? 0) + 1
        }
        expect(turns).toEqual(all.map((weight) => weight * rounds))
      }),
    )
  })

  it('go to no member that was removed, and to every other one in the end', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 5 }), (all, calls) => {
        const policy = byWeight(all)
        for (let call = 0; call < calls; call++) {
          const candidates = new Candidates(all.length)
          const chosen: number[] = []
          while (candidates.size > 0) {
            const index = policy.choose(candidates)
            chosen.push(index)
            candidates.remove(index)
          }
          expect(chosen.toSorted((one, other) => one - other)).toEqual([...all.keys()])
        }
      }),
    )
  })
})

describe('candidates', () => {
  it('are each as likely as another, also when most are removed, and without the one that is excepted', () => {
    for (const removed of [[], [1, 4], [0, 1, 2, 4, 5, 6, 8]]) {
      const candidates = new Candidates(10, removed)
      const random = seeded(5)
      const counts = new Map<number, number>()
      for (let throws = 0; throws < 9000; throws++) {
        const index = candidates.any(random, 9)
        counts.set(index, (counts.get(index) ?? 0) + 1)
      }
      const wanted = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((index) => !removed.includes(index))
      expect([...counts.keys()].sort()).toEqual(wanted)
      for (const count of counts.values()) expect(Math.abs(count - 9000 / wanted.length)).toBeLessThan(150)
    }
  })

  it('are found also with a random that is constant', () => {
    const candidates = new Candidates(5, [0])
    expect(candidates.any(() => 0, 1)).toBe(2)
  })

  it('can be restored', () => {
    const candidates = new Candidates(3)
    candidates.remove(0)
    candidates.remove(1)
    expect(candidates.first).toBe(2)
    candidates.restore(0)
    expect([candidates.first, candidates.size, candidates.list()]).toEqual([0, 2, [0, 2]])
  })
})
