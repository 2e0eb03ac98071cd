import type { ChatError, Clock } from '@rivulet/core'
import { ignoreRejection, quietly, systemClock } from '@rivulet/core/provider'
import { failsOver } from './failure-class.ts'

/**
 * The functions that a group is given, as it may rely on them. A caller's function may throw, return nothing sensible, or be
 * asynchronous where that is not asked for: it must not end the process, hold a call, or change an answer.
 */

/** What the rule says; where it says nothing, as by throwing or with a promise, what the default rule says. */
export function soundRule(rule: (error: ChatError) => boolean): (error: ChatError) => boolean {
  return (error) => {
    try {
      const decision: unknown = rule(error)
      if (typeof decision !== 'object' || decision === null) return Boolean(decision)
      ignoreRejection(decision)
    } catch {
      // The failure is decided on by the default rule.
    }
    return failsOver(error)
  }
}

/** A number from 0 up to 1, which is not included. */
export function soundRandom(random: () => number): () => number {
  return () => {
    try {
      const chance: unknown = random()
      if (typeof chance === 'number' && chance >= 0 && chance < 1) return chance
      ignoreRejection(chance)
    } catch {
      // The choice is made all the same.
    }
    return Math.random()
  }
}

/** The clocks that were made here: a group gives its own to the breakers of its members. */
const sound = new WeakSet<Clock>()

/** A time that is none is the last one that was; a timer that can't be set, or fires at once, is the system's. */
export function soundClock(clock: Clock): Clock {
  if (clock === systemClock || sound.has(clock)) return clock
  let last = 0
  const made: Clock = {
    now() {
      quietly(() => {
        const now: unknown = clock.now()
        if (typeof now === 'number' && Number.isFinite(now)) last = now
        return now
      })
      return last
    },
    after: (ms, run) => soundTimer(clock, ms, run) ?? systemClock.after(ms, run),
  }
  sound.add(made)
  return made
}

/** Gives how to cancel the timer; `undefined` when there is none. */
function soundTimer(clock: Clock, ms: number, run: () => void): (() => void) | undefined {
  const timer = { isSet: false, hasFired: false }
  try {
    const cancel: unknown = clock.after(ms, () => {
      timer.hasFired = true
      if (timer.isSet) run()
    })
    ignoreRejection(cancel)
    if (timer.hasFired) return undefined
    timer.isSet = true
    return () => {
      if (typeof cancel === 'function') quietly(cancel as () => unknown)
    }
  } catch {
    return undefined
  }
}
