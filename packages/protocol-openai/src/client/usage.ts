import type { Usage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/**
 * The usage of a chunk; `undefined` when it has none, or no numbers.
 *
 * Two endpoints differ in a way that their own numbers show: DeepSeek names its cached tokens `prompt_cache_hit_tokens`,
 * and xAI counts reasoning outside of `completion_tokens`, as its total shows.
 */
export function readUsage(usage: unknown): Usage | undefined {
  if (!isRecord(usage)) return undefined
  const inputTokens = count(usage.prompt_tokens) ?? count(usage.input_tokens)
  const outputTokens = count(usage.completion_tokens) ?? count(usage.output_tokens)
  if (inputTokens === undefined && outputTokens === undefined) return undefined
  const input = isRecord(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {}
  const output = isRecord(usage.completion_tokens_details) ? usage.completion_tokens_details : {}
  const cachedTokens = count(input.cached_tokens) ?? count(usage.prompt_cache_hit_tokens)
  const cacheWriteTokens = count(input.cache_write_tokens)
  const usd = costOf(usage)
  const reasoningTokens = count(output.reasoning_tokens)
  const counted = (inputTokens ?? 0) + (outputTokens ?? 0)
  const isOutside =
    reasoningTokens !== undefined && reasoningTokens > 0 && count(usage.total_tokens) === counted + reasoningTokens
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: (outputTokens ?? 0) + (isOutside ? reasoningTokens : 0),
    ...(cachedTokens !== undefined && { cachedTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    ...(usd !== undefined && { cost: { usd, source: 'reported' } }),
    source: 'reported',
  }
}

/**
 * Dollars at OpenRouter, and ten-billionths of one at xAI.
 *
 * @see https://openrouter.ai/docs/use-cases/usage-accounting and https://docs.x.ai/developers/cost-tracking (2026-11-28)
 */
function costOf({ cost, cost_in_usd_ticks: ticks }: Record<string, unknown>): number | undefined {
  const counted = count(ticks)
  return counted === undefined ? count(cost) : counted / 1e10
}

export function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
