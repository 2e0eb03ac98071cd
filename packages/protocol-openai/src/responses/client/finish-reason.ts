import type { FinishReason } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** Whether the details of a response say that it is incomplete, whatever its status says. */
export const isIncomplete = (details: unknown): boolean => reasonOf(details) !== ''

/** Why a response is `incomplete`, from its `incomplete_details`. */
export function incompleteReason(details: unknown): FinishReason {
  const reason = reasonOf(details)
  if (reason === 'max_output_tokens' || reason === 'max_tokens' || reason === 'length') return 'length'
  return reason === 'content_filter' ? 'content-filter' : 'other'
}

const reasonOf = (details: unknown): string =>
  isRecord(details) && typeof details.reason === 'string' ? details.reason.trim().toLowerCase() : ''
