import type { Usage } from '../chat.ts'

/**
 * Adds the usage of two answers. A field that only one of them has counts as in that one; the sum is `'estimated'` if either
 * is, and `undefined` if both are.
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
