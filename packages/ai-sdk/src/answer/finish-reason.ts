import type { LanguageModelV4FinishReason } from '@ai-sdk/provider'
import type { ErrorCode, FinishReason } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

type Unified = LanguageModelV4FinishReason['unified']

/** Why a whole answer ended: the words are the same. The endpoint's own word is not kept. */
export const finishReason = (reason: FinishReason): LanguageModelV4FinishReason => ({ unified: reason, raw: undefined })

/** The codes of an answer that stopped without a word of its endpoint's. */
const STOPPED: readonly ErrorCode[] = ['truncated', 'network', 'timeout']

/** How a stream ends that has failed. */
export const failureReason = (code: ErrorCode | undefined): LanguageModelV4FinishReason => ({
  unified: code !== undefined && STOPPED.includes(code) ? 'interrupted' : 'error',
  raw: code,
})

/** What the reasons of the AI SDK mean; `undefined` for the two that say that an answer is not whole. */
const REASONS: Readonly<Record<Unified, FinishReason | undefined>> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content-filter',
  'tool-calls': 'tool-calls',
  other: 'other',
  error: undefined,
  interrupted: undefined,
}

/** The reason of a whole answer, `'other'` for one that is not in the specification; `undefined` for an answer that is not whole. */
export function reasonOf(finishReason: unknown): FinishReason | undefined {
  const unified = isRecord(finishReason) ? finishReason.unified : undefined
  return isUnified(unified) ? REASONS[unified] : 'other'
}

const isUnified = (word: unknown): word is Unified => typeof word === 'string' && Object.hasOwn(REASONS, word)
