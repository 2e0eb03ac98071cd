import { getEventListeners } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import { sleep, systemClock } from '../../src/async/clock.ts'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { rejection } from '../support/providers.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('sleeps for the given time, and leaves no listener', async () => {
  const clock = new ManualClock()
  const { signal } = new AbortController()
  let awake = false
  const sleeping = sleep(clock, 100, signal).then(() => (awake = true))
  await clock.advance(99)
  expect(awake).toBe(false)
  await clock.advance(1)
  expect(await sleeping).toBe(true)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test.each([true, false])(
  'an abort ends a sleep with its reason, and leaves no timer (aborted before: %s)',
  async (before) => {
    const clock = new ManualClock()
    const controller = new AbortController()
    const reason = { why: 'no more' }
    if (before) controller.abort(reason)
    const sleeping = rejection(sleep(clock, 100, controller.signal))
    controller.abort(reason)
    expect(await sleeping).toBe(reason)
    expect(clock.pending).toBe(0)
  },
)

test('the system clock runs a timer, unless it is cancelled', () => {
  vi.useFakeTimers()
  const ran: string[] = []
  systemClock.after(10, () => ran.push('a'))
  systemClock.after(10, () => ran.push('b'))()
  vi.advanceTimersByTime(9)
  expect(ran).toEqual([])
  vi.advanceTimersByTime(1)
  expect(ran).toEqual(['a'])
})

test('a wait beyond the limit of setTimeout does not end at once', () => {
  vi.useFakeTimers()
  const ran: string[] = []
  systemClock.after(2 ** 31 + 5_000, () => ran.push('a'))
  vi.advanceTimersByTime(60_000)
  expect(ran).toEqual([])
})
