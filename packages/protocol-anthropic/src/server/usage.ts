import type { Usage } from '@rivulet/core'

/** Clients rely on the fields: an unknown count is 0, and a client reads zeros alone as unknown. */
export function writeUsage(usage: Usage | undefined): Record<string, unknown> {
  if (usage === undefined) return { input_tokens: 0, output_tokens: 0 }
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = usage
  return {
    input_tokens: inputTokens - (cachedTokens ?? 0),
    ...(cachedTokens !== undefined && { cache_read_input_tokens: cachedTokens }),
    output_tokens: outputTokens,
    ...(reasoningTokens !== undefined && { output_tokens_details: { thinking_tokens: reasoningTokens } }),
  }
}
