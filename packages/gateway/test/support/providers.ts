import { ChatError, type ChatEvent, type ErrorCode, type ProviderInfo } from '@rivulet/core'
import type { ScriptedStep } from '@rivulet/testkit'

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

/** The steps of an answer, each after no time. */
export const steps = (...reads: (readonly ChatEvent[] | Error)[]): readonly ScriptedStep[] =>
  reads.map((read) => (read instanceof Error ? { afterMs: 0, error: read } : { afterMs: 0, events: read }))

/** That a provider uses what a call has as its credential. */
export const takes = (id: string, baseUrl = `https://${id}.example`): Partial<ProviderInfo> => ({
  credentials: [{ id, baseUrl }],
})

export const whole = steps([start(), text('Hello')], [text(' there'), finish])
