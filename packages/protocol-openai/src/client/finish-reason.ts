import type { FinishReason } from '@rivulet/core'

/** What endpoints say, and what it means. Mistral says `model_length`. */
const READ: Readonly<Record<string, FinishReason>> = {
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

/** Clients know these four and no others, and some break at a fifth: what is `other` to us is an end to them. */
const WRITTEN: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  other: 'stop',
}

/** OpenRouter, Mistral: `error`. DeepSeek, when it runs out of machines: `insufficient_system_resource`. */
const FAILED: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource'])

export const readFinishReason = (reason: string): FinishReason =>
  Object.hasOwn(READ, reason) ? (READ[reason] ?? 'other') : 'other'

export const writeFinishReason = (reason: FinishReason): string => WRITTEN[reason]

/** Whether an answer ended because the endpoint failed: what came is not the answer. */
export const isFailure = (reason: string): boolean => FAILED.has(reason)
