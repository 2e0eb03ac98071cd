import type { Usage } from '../chat.ts'

/** The counts that a usage may have or not. */
const PARTS = ['cachedTokens', 'cacheWriteTokens', 'cacheWrite1hTokens', 'reasoningTokens'] as const

/**
 * Adds the usage of two answers. A field that only one of them has counts as in that one; the sum is `'estimated'` if either
 * is, and `undefined` if both are.
 */
export function addUsage(one: Usage | undefined, other: Usage | undefined): Usage | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const sum: Usage = {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    source: one.source === 'reported' && other.source === 'reported' ? 'reported' : 'estimated',
  }
  for (const part of PARTS) {
    const count = one[part] === undefined ? other[part] : one[part] + (other[part] ?? 0)
    if (count !== undefined) sum[part] = count
  }
  const cost = addCost(one.cost, other.cost)
  return cost === undefined ? sum : { ...sum, cost }
}

/** A cost that is known of one answer only would pass for the cost of both. */
function addCost(one: Usage['cost'], other: Usage['cost']): Usage['cost'] {
  if (one === undefined || other === undefined) return undefined
  const isReported = one.source === 'reported' && other.source === 'reported'
  return { usd: one.usd + other.usd, source: isReported ? 'reported' : 'computed' }
}

/**
 * What several attempts have used together: where it is not known of one of them, the sum is an estimate, and has no cost.
 * `undefined` where it is known of none.
 */
export function totalUsage(usages: readonly (Usage | undefined)[]): Usage | undefined {
  const total = usages.reduce(addUsage, undefined)
  if (total === undefined || !usages.includes(undefined)) return total
  const { cost: _, ...tokens } = total
  return { ...tokens, source: 'estimated' }
}
