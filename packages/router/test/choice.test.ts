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

  it('go to nobody who is gone, and to all of those left in the end', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 5 }), (all, calls) => {
        const policy = byWeight(all)
        for (let call = 0; call < calls; call++) {
          const left = new Candidates(all.length)
          const chosen: number[] = []
          while (left.size > 0) {
            const index = policy.choose(left)
            chosen.push(index)
            left.remove(index)
          }
          expect(chosen.toSorted((one, other) => one - other)).toEqual([...all.keys()])
        }
      }),
    )
  })
})

describe('those left', () => {
  it('are each as likely as another, also when most are gone, and without the one that is not wanted', () => {
    for (const gone of [[], [1, 4], [0, 1, 2, 4, 5, 6, 8]]) {
      const left = new Candidates(10, gone)
      const random = seeded(5)
      const counts = new Map<number, number>()
      for (let throws = 0; throws < 9000; throws++) {
        const index = left.any(random, 9)
        counts.set(index, (counts.get(index) ?? 0) + 1)
      }
      const wanted = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((index) => !gone.includes(index))
      expect([...counts.keys()].sort()).toEqual(wanted)
      for (const count of counts.values()) expect(Math.abs(count - 9000 / wanted.length)).toBeLessThan(150)
    }
  })

  it('are found also by dice that always show the same', () => {
    const left = new Candidates(5, [0])
    expect(left.any(() => 0, 1)).toBe(2)
  })

  it('may come back', () => {
    const left = new Candidates(3)
    left.remove(0)
    left.remove(1)
    expect(left.first).toBe(2)
    left.restore(0)
    expect([left.first, left.size, left.list()]).toEqual([0, 2, [0, 2]])
  })
})
