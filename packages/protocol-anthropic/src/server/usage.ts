import type { Usage } from '@rivulet/core'

/**
 * Clients rely on the fields. The input and the output are 0 where they are unknown, and a client reads zeros alone as unknown;
 * any other count is then null. `estimated` is a field of ours: others pass over it.
 */
export function writeUsage(usage: Partial<Usage> = {}): Record<string, unknown> {
  const { inputTokens = 0, outputTokens = 0, cachedTokens, cacheWriteTokens, cacheWrite1hTokens } = usage
  const { reasoningTokens } = usage
  const hour = cacheWrite1hTokens ?? 0
  return {
    // On the wire the input is what was neither read from the cache nor written to it.
    input_tokens: Math.max(0, inputTokens - (cachedTokens ?? 0) - (cacheWriteTokens ?? 0)),
    cache_creation_input_tokens: cacheWriteTokens ?? null,
    cache_read_input_tokens: cachedTokens ?? null,
    cache_creation:
      cacheWrite1hTokens === undefined
        ? null
        : {
            ephemeral_5m_input_tokens: Math.max(0, (cacheWriteTokens ?? 0) - hour),
            ephemeral_1h_input_tokens: hour,
          },
    output_tokens: outputTokens,
    output_tokens_details: reasoningTokens === undefined ? null : { thinking_tokens: reasoningTokens },
    server_tool_use: null,
    ...(usage.source === 'estimated' && { estimated: true }),
  }
}

/** The usage with which a message starts. What is said here of its making is not said again. */
export const startUsage = (estimate: Partial<Usage> | undefined): Record<string, unknown> => ({
  ...writeUsage(estimate),
  service_tier: null,
  inference_geo: null,
  speed: null,
})
