import type { FinishReason } from '@rivulet/core'
import { isRecord, readFinishReason } from '@rivulet/core/provider'

/** Whether the details of a response say that it is incomplete, whatever its status says. */
export const isIncomplete = (details: unknown): boolean => reasonOf(details) !== ''

/** Why a response is `incomplete`, from its `incomplete_details`. */
export function incompleteReason(details: unknown): FinishReason {
  return readFinishReason(reasonOf(details)) ?? 'other'
}

const reasonOf = (details: unknown): string =>
  isRecord(details) && typeof details.reason === 'string' ? details.reason.trim().toLowerCase() : ''
