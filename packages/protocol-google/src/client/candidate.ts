import { isRecord } from '@rivulet/core/provider'

/**
 * The first candidate of a chunk: the one of index 0, or without an index. Others (`candidateCount`) are other answers, and
 * must not be mixed with it.
 */
export function firstCandidate(candidates: unknown): Record<string, unknown> | undefined {
  return Array.isArray(candidates) ? candidates.find(isFirst) : undefined
}

const isFirst = (candidate: unknown): candidate is Record<string, unknown> =>
  isRecord(candidate) && (candidate.index ?? 0) === 0
