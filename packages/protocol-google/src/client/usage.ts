import type { Usage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** Counts grow from chunk to chunk. Thoughts, and the results of the endpoint's own tools, are counted separately. */
export function readUsage(usage: unknown): Usage | undefined {
  if (!isRecord(usage)) return undefined
  const prompt = count(usage.promptTokenCount)
  const answer = count(usage.candidatesTokenCount)
  const thoughts = count(usage.thoughtsTokenCount)
  const cachedTokens = count(usage.cachedContentTokenCount)
  if (prompt === undefined && answer === undefined && thoughts === undefined) return undefined
  return {
    inputTokens: (prompt ?? 0) + (count(usage.toolUsePromptTokenCount) ?? 0),
    outputTokens: (answer ?? 0) + (thoughts ?? 0),
    ...(cachedTokens !== undefined && { cachedTokens }),
    ...(thoughts !== undefined && { reasoningTokens: thoughts }),
    source: 'reported',
  }
}

const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined
