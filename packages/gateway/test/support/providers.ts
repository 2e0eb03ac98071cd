import { ChatError, type ChatEvent, type ErrorCode } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { scriptedProvider, type ScriptedProvider, type ScriptedStep } from '@rivulet/testkit'

/** Time that passes only when a test says so. */
export const clock = (): ManualClock => new ManualClock()

export const start = (provider = 'acme', more: Partial<Extract<ChatEvent, { type: 'start' }>> = {}): ChatEvent => ({
  type: 'start',
  provider,
  model: 'm',
  ...more,
})
export const text = (words: string): ChatEvent => ({ type: 'text', text: words })
export const finish: ChatEvent = { type: 'finish', reason: 'stop' }

export const failure = (code: ErrorCode, message = `acme: ${code}`, retryAfterMs?: number): ChatError =>
  new ChatError(code, message, { provider: 'acme', retryAfterMs })

/** A provider that answers each call with the next of these scripts; the last one again and again. */
export function acting(time: ManualClock, ...scripts: readonly (readonly ScriptedStep[])[]): ScriptedProvider {
  return scriptedProvider('acme', time, ({ index }) => scripts[Math.min(index, scripts.length - 1)] ?? [])
}

/** The steps of an answer, each after no time. */
export const steps = (...reads: (readonly ChatEvent[] | Error)[]): readonly ScriptedStep[] =>
  reads.map((read) => (read instanceof Error ? { afterMs: 0, error: read } : { afterMs: 0, events: read }))

export const whole = steps([start(), text('Hello')], [text(' there'), finish])
