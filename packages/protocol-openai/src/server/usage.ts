import type { Usage } from '@rivulet/core'

/** The usage as a chunk or a document carries it. */
export function writeUsage(usage: Usage): object {
  const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens, cost } = usage
  const input = {
    ...(cachedTokens !== undefined && { cached_tokens: cachedTokens }),
    ...(cacheWriteTokens !== undefined && { cache_write_tokens: cacheWriteTokens }),
  }
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(Object.keys(input).length > 0 && { prompt_tokens_details: input }),
    ...(reasoningTokens !== undefined && { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
    // In dollars, where OpenRouter's clients read it.
    ...(cost !== undefined && { cost: cost.usd }),
  }
}
