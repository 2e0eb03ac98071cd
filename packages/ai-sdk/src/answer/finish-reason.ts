import type { LanguageModelV4FinishReason } from '@ai-sdk/provider'
import type { ErrorCode, FinishReason } from '@rivulet/core'

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

/** The reason of a whole answer; `undefined` for the two that say that it is not whole. */
export function reasonOf(unified: Unified): FinishReason | undefined {
  switch (unified) {
    case 'error':
    case 'interrupted':
      return undefined
    case 'stop':
    case 'length':
    case 'content-filter':
    case 'tool-calls':
    case 'other':
      return unified
  }
}
