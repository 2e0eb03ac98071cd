import type { JSONObject, LanguageModelV4Usage } from '@ai-sdk/provider'
import type { Usage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { withoutUndefined } from './metadata.ts'

/** Tokens as the AI SDK counts them. What was not reported is unknown, never 0. */
export function sdkUsage(usage: Usage | undefined): LanguageModelV4Usage {
  const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens } = usage ?? {}
  const rest = (whole: number | undefined, ...parts: (number | undefined)[]): number | undefined =>
    whole === undefined || parts.every((part) => part === undefined)
      ? undefined
      : Math.max(0, whole - parts.reduce<number>((sum, part = 0) => sum + part, 0))
  return {
    inputTokens: {
      total: inputTokens,
      noCache: rest(inputTokens, cachedTokens, cacheWriteTokens),
      cacheRead: cachedTokens,
      cacheWrite: cacheWriteTokens,
    },
    outputTokens: { total: outputTokens, text: rest(outputTokens, reasoningTokens), reasoning: reasoningTokens },
  }
}

/** What a usage says that the AI SDK has no field for. */
export function usageFacts({ cost, cacheWrite1hTokens, source }: Usage): JSONObject {
  return withoutUndefined({ cost, cacheWrite1hTokens, source: source === 'estimated' ? source : undefined })
}

/**
 * The usage of an AI SDK model, `facts` of an answer of ours included; `undefined` where the model reports none. A count that is
 * no number is unknown: nothing holds a model to its types, and its answer is whole without one.
 */
export function usageOf(usage: unknown, facts: unknown): Usage | undefined {
  const { inputTokens, outputTokens } = isRecord(usage) ? usage : {}
  const [cachedTokens, cacheWriteTokens] = [countOf(inputTokens, 'cacheRead'), countOf(inputTokens, 'cacheWrite')]
  const reasoningTokens = countOf(outputTokens, 'reasoning')
  const input = countOf(inputTokens, 'total') ?? sumOf(countOf(inputTokens, 'noCache'), cachedTokens, cacheWriteTokens)
  const output = countOf(outputTokens, 'total') ?? sumOf(countOf(outputTokens, 'text'), reasoningTokens)
  if (input === undefined && output === undefined) return undefined
  const { cost, cacheWrite1hTokens, source } = isRecord(facts) ? facts : {}
  const optional = {
    cachedTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: typeof cacheWrite1hTokens === 'number' ? cacheWrite1hTokens : undefined,
    reasoningTokens,
    cost: isCost(cost) ? cost : undefined,
  }
  return {
    inputTokens: input ?? 0,
    outputTokens: output ?? 0,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    source: source === 'estimated' ? 'estimated' : 'reported',
  }
}

const isCost = (cost: unknown): cost is NonNullable<Usage['cost']> =>
  isRecord(cost) && typeof cost.usd === 'number' && (cost.source === 'reported' || cost.source === 'computed')

/** A count of a model; `undefined` for what is none. */
export function countOf(counts: unknown, name: string): number | undefined {
  const count = isRecord(counts) ? counts[name] : undefined
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? count : undefined
}

function sumOf(...counts: (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0)
}
