import type { FinishReason } from '@rivulet/core'

/** What endpoints send, and what it means. Mistral sends `model_length`. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  end_turn: 'stop',
  eos: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
}

/** OpenRouter, Mistral: `error`. DeepSeek, when it runs out of machines: `insufficient_system_resource`. */
const FAILURES: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource'])

export const readFinishReason = (reason: string): FinishReason =>
  Object.hasOwn(REASONS, reason) ? (REASONS[reason] ?? 'other') : 'other'

/** Whether an answer ended because the endpoint failed: then the content so far is not the answer. */
export const isFailure = (reason: string): boolean => FAILURES.has(reason)
