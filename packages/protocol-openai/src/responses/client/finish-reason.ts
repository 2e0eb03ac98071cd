import type { FinishReason } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** Why a response is `incomplete`, from its `incomplete_details`. */
export function incompleteReason(details: unknown): FinishReason {
  const reason = isRecord(details) ? details.reason : undefined
  if (reason === 'max_output_tokens' || reason === 'max_tokens') return 'length'
  return reason === 'content_filter' ? 'content-filter' : 'other'
}
