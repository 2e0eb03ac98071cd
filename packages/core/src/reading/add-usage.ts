import type { Usage } from '../chat.ts'

/**
 * What two answers used together. What only one of them reports counts as that one reports it; the sum is `'estimated'` as
 * soon as either is. Of two that are unknown, so is the sum.
 */
export function addUsage(one: Usage | undefined, other: Usage | undefined): Usage | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const cachedTokens = add(one.cachedTokens, other.cachedTokens)
  const reasoningTokens = add(one.reasoningTokens, other.reasoningTokens)
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    ...(cachedTokens !== undefined && { cachedTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    source: one.source === 'reported' && other.source === 'reported' ? 'reported' : 'estimated',
  }
}

const add = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : one + other
