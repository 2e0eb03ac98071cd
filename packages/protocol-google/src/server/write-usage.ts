import type { Usage } from '@rivulet/core'

/** Thoughts are counted apart from the answer, and all of both in the total. */
export const writeUsage = ({ inputTokens, outputTokens, cachedTokens, reasoningTokens }: Usage): object => ({
  promptTokenCount: inputTokens,
  ...(cachedTokens !== undefined && { cachedContentTokenCount: cachedTokens }),
  candidatesTokenCount: Math.max(0, outputTokens - (reasoningTokens ?? 0)),
  ...(reasoningTokens !== undefined && { thoughtsTokenCount: reasoningTokens }),
  totalTokenCount: inputTokens + outputTokens,
})
