import { expect, test } from 'vitest'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { rejection } from '../support/providers.ts'

test.each(['advance', 'run'] as const)(
  '%s() runs what is due in the order of its time, then of its setting',
  async (verb) => {
    const clock = new ManualClock(0)
    const ran: string[] = []
    const note = (name: string) => () => {
      ran.push(`${name} at ${clock.now()}`)
    }
    clock.after(20, note('c'))
    clock.after(10, note('a'))
    clock.after(10, note('b'))
    clock.after(15, note('never'))()
    clock.after(31, note('later'))
    await clock[verb](30)
    expect(ran).toEqual(['a at 10', 'b at 10', 'c at 20'])
    expect([clock.now(), clock.pending]).toEqual([30, 1])
  },
)

test('run() without an end runs what timers set, and what promises set meanwhile', async () => {
  const clock = new ManualClock(0)
  let count = 0
  const again = (): void => {
    count++
    if (count < 5) void Promise.resolve().then(() => clock.after(10, again))
  }
  clock.after(0, again)
  await clock.run()
  expect([count, clock.now(), clock.pending]).toEqual([5, 40, 0])
})

test('what a timer throws is thrown by the one who lets time pass', async () => {
  const clock = new ManualClock()
  const error = new Error('boom')
  clock.after(1, () => {
    throw error
  })
  expect(await rejection(clock.advance(1))).toBe(error)
})

test('thousands of timers that are set and cancelled run in order, and none is kept', async () => {
  const clock = new ManualClock(0)
  const ran: number[] = []
  for (let index = 0; index < 5_000; index++) {
    const ms = (index * 7919) % 5_003
    const cancel = clock.after(ms, () => ran.push(ms))
    if (index % 10 !== 0) cancel()
  }
  expect(clock.pending).toBe(500)
  await clock.run()
  expect(ran).toHaveLength(500)
  expect(ran).toEqual(ran.toSorted((one, other) => one - other))
  expect(clock.pending).toBe(0)
})
