import type { FinishReason } from '@rivulet/core'

/** @see https://ai.google.dev/api/generate-content#FinishReason (2026-11-20) */
export function finishReason(reason: string): FinishReason {
  switch (reason) {
    case 'STOP':
    // Gemini says STOP when it calls; `@copilotkit/aimock` 1.43.0 plays it with this word.
    case 'FUNCTION_CALL':
      return 'stop'
    case 'MAX_TOKENS':
    // The answer is longer than one request gives; what goes on from it is another request.
    case 'CONTINUATION':
      return 'length'
    case 'SAFETY':
    case 'RECITATION':
    case 'BLOCKLIST':
    case 'PROHIBITED_CONTENT':
    case 'SPII':
    case 'IMAGE_SAFETY':
    case 'IMAGE_PROHIBITED_CONTENT':
    case 'IMAGE_RECITATION':
      return 'content-filter'
    default:
      return 'other'
  }
}
