import { type ErrorCode, pipe } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { scriptedFailure, scriptedProvider, type ScriptedStep } from '@rivulet/testkit'
import { type BreakerOptions, circuitBreaker } from '../../src/index.ts'
import { call } from './call.ts'
import { REQUEST } from './members.ts'

/** A member behind a breaker, and calls one after another. */
export function breakerSetting(
  answer: (now: number, model: string) => readonly ScriptedStep[],
  options: BreakerOptions = {},
) {
  const clock = new ManualClock(0)
  const raw = scriptedProvider('m', clock, ({ now, request }) => answer(now, request.model))
  const provider = pipe(raw, circuitBreaker({ clock, ...options }))
  const ask = async (atMs: number, request = REQUEST) => {
    await clock.run(atMs)
    const called = call(provider, request)
    await clock.run(atMs + 50)
    return called
  }
  return { clock, raw, provider, ask }
}

export const failing = (code: ErrorCode, retryAfterMs?: number) => () => scriptedFailure('m', code, 1, retryAfterMs)
