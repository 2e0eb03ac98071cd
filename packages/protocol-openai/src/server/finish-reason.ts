import type { FinishReason } from '@rivulet/core'

/** Clients know these four and no others, and some fail at a fifth, so `other` is written as `stop`. */
const REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  other: 'stop',
}

export const writeFinishReason = (reason: FinishReason): string => REASONS[reason]
