import type { Usage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/**
 * The usage of a chunk; `undefined` when it has none or says nothing in numbers.
 *
 * Two oddities are told apart by their own numbers: DeepSeek names what it had in its cache `prompt_cache_hit_tokens`,
 * and xAI counts what was thought beside `completion_tokens` and not in it, as its total shows.
 */
export function readUsage(usage: unknown): Usage | undefined {
  if (!isRecord(usage)) return undefined
  const inputTokens = count(usage.prompt_tokens)
  const outputTokens = count(usage.completion_tokens)
  if (inputTokens === undefined && outputTokens === undefined) return undefined
  const input = isRecord(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {}
  const output = isRecord(usage.completion_tokens_details) ? usage.completion_tokens_details : {}
  const cachedTokens = count(input.cached_tokens) ?? count(usage.prompt_cache_hit_tokens)
  const reasoningTokens = count(output.reasoning_tokens)
  const told = (inputTokens ?? 0) + (outputTokens ?? 0)
  const isBeside =
    reasoningTokens !== undefined && reasoningTokens > 0 && count(usage.total_tokens) === told + reasoningTokens
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: (outputTokens ?? 0) + (isBeside ? reasoningTokens : 0),
    ...(cachedTokens !== undefined && { cachedTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    source: 'reported',
  }
}

/** The usage as a chunk or a document carries it. */
export function writeUsage({ inputTokens, outputTokens, cachedTokens, reasoningTokens }: Usage): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cachedTokens !== undefined && { prompt_tokens_details: { cached_tokens: cachedTokens } }),
    ...(reasoningTokens !== undefined && { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  }
}

export function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
