import type { Usage } from '@rivulet/core'

/** Clients rely on the fields: an unknown count is 0, and a client reads zeros alone as unknown. */
export function writeUsage(usage: Usage | undefined): Record<string, unknown> {
  if (usage === undefined) return { input_tokens: 0, output_tokens: 0 }
  const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, cacheWrite1hTokens, reasoningTokens } = usage
  const hour = cacheWrite1hTokens ?? 0
  return {
    // On the wire the input is what was neither read from the cache nor written to it.
    input_tokens: Math.max(0, inputTokens - (cachedTokens ?? 0) - (cacheWriteTokens ?? 0)),
    ...(cacheWriteTokens !== undefined && { cache_creation_input_tokens: cacheWriteTokens }),
    ...(cachedTokens !== undefined && { cache_read_input_tokens: cachedTokens }),
    ...(cacheWrite1hTokens !== undefined && {
      cache_creation: {
        ephemeral_5m_input_tokens: Math.max(0, (cacheWriteTokens ?? 0) - hour),
        ephemeral_1h_input_tokens: hour,
      },
    }),
    output_tokens: outputTokens,
    ...(reasoningTokens !== undefined && { output_tokens_details: { thinking_tokens: reasoningTokens } }),
  }
}
