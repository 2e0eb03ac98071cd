import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from '../src/stats/budget.ts'

describe('the budget', () => {
  it('is never exceeded, in any stretch of time', () => {
    const step = fc.record({ afterMs: fc.nat(300), calls: fc.nat(20), wants: fc.nat(30) })
    const property = fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.constantFrom(0, 0.05, 0.3, 1, 2),
      fc.nat(3),
      (steps, ratio, allowance) => {
        const windowMs = 500
        const budget = new Budget(ratio, windowMs, allowance)
        const calls: number[] = []
        const extras: number[] = []
        let now = 0
        for (const { afterMs, calls: count, wants } of steps) {
          now += afterMs
          for (let index = 0; index < count; index++) {
            budget.earn(now)
            calls.push(now)
          }
          for (let index = 0; index < wants; index++) if (budget.spend(now)) extras.push(now)
        }
        expect(extras.length).toBeLessThanOrEqual(allowance + ratio * calls.length + 1e-6)
        for (const [index, from] of extras.entries()) {
          const to = extras.at(-1) ?? 0
          const paid = calls.filter((at) => at >= from - windowMs && at <= to).length
          expect(extras.length - index).toBeLessThanOrEqual(allowance + ratio * paid + 1e-6)
        }
      },
    )
    fc.assert(property, { numRuns: 500 })
  })

  it('is not saved up: a quiet hour does not pay for a storm', () => {
    const budget = new Budget(1, 1000, 0)
    for (let count = 0; count < 100; count++) budget.earn(0)
    expect(budget.spend(999)).toBe(true)
    expect(budget.spend(1001)).toBe(false)
  })

  it('lets a process that has just begun hedge too', () => {
    const budget = new Budget(0.05, 1000, 2)
    budget.earn(0)
    expect([budget.spend(1), budget.spend(2), budget.spend(3)]).toEqual([true, true, false])
  })

  it.each([
    ['of its twentieth of the window', 49, false],
    ['of the next twentieth', 50, true],
  ])('credit expires with the first %s', (_which, laterMs, lasts) => {
    const budget = new Budget(0.5, 1000, 0)
    for (const now of [0, laterMs, laterMs]) budget.earn(7000 + now)
    expect(budget.spend(8000)).toBe(lasts)
  })

  it('is spent before the allowance, and an extra request costs one', () => {
    const budget = new Budget(1, 1000, 1)
    budget.earn(0)
    expect([budget.spend(0), budget.spend(0), budget.spend(0)]).toEqual([true, true, false])
    budget.earn(1)
    expect([budget.spend(1), budget.spend(1)]).toEqual([true, false])
  })

  it('a part of an allowance is not enough', () => {
    expect(new Budget(0, 1000, 0.9).spend(0)).toBe(false)
    expect(new Budget(0, 1000, 1).spend(0)).toBe(true)
  })

  it('takes one in all from what was earned at different times, and leaves the rest', () => {
    const budget = new Budget(0.6, 1000, 0)
    for (const now of [0, 100, 200]) budget.earn(now)
    expect([budget.spend(200), budget.spend(200)]).toEqual([true, false])
    budget.earn(300)
    expect([budget.spend(300), budget.spend(300)]).toEqual([true, false])
  })

  it('takes the oldest credit first', () => {
    const budget = new Budget(1, 1000, 0)
    for (const now of [0, 500]) budget.earn(now)
    expect(budget.spend(600)).toBe(true)
    // What was earned at 500 is still there.
    expect(budget.spend(1400)).toBe(true)
  })

  it('a billionth less than one, as rounding may leave it, is one', () => {
    for (const [earned, isEnough] of [
      [1 - 1e-9, true],
      [1 - 2e-9, false],
    ] as const) {
      const budget = new Budget(earned, 1000, 0)
      budget.earn(0)
      expect(budget.spend(0)).toBe(isEnough)
    }
  })

  it('forgets what has expired also while nothing is spent', () => {
    const budget = new Budget(1, 1000, 0)
    let looks = 0
    // A time that counts how often it is looked at: whatever slices are kept are looked at when one is spent.
    const at = (ms: number): number => ({ valueOf: () => (looks++, ms) }) as unknown as number
    for (let window = 0; window < 1_000; window++) budget.earn(at(window * 1000))
    looks = 0
    expect(budget.spend(1_000_000)).toBe(false)
    expect(looks).toBeLessThan(10)
  })

  it('twenty twentieths are one', () => {
    const budget = new Budget(0.05, 1000, 0)
    for (let count = 0; count < 19; count++) budget.earn(0)
    expect(budget.spend(0)).toBe(false)
    budget.earn(0)
    expect([budget.spend(0), budget.spend(0)]).toEqual([true, false])
  })
})
