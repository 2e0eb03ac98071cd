import type { Usage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { count, readUsage as readChatUsage } from '../../client/usage.ts'

/** The usage of a response; `undefined` when it has none. */
export function readUsage(usage: unknown): Usage | undefined {
  if (!isRecord(usage)) return undefined
  const inputTokens = count(usage.input_tokens)
  const outputTokens = count(usage.output_tokens)
  // Gateways leave the names of chat completions.
  if (inputTokens === undefined && outputTokens === undefined) return readChatUsage(usage)
  const input = isRecord(usage.input_tokens_details) ? usage.input_tokens_details : {}
  const cachedTokens = count(input.cached_tokens)
  const cacheWriteTokens = count(input.cache_write_tokens)
  const reasoningTokens = isRecord(usage.output_tokens_details)
    ? count(usage.output_tokens_details.reasoning_tokens)
    : undefined
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    ...(cachedTokens !== undefined && { cachedTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    source: 'reported',
  }
}
