import type { FinishReason } from '@rivulet/core'

/** @see https://ai.google.dev/api/generate-content#FinishReason (2026-11-20) */
export function readFinishReason(reason: string): FinishReason {
  switch (reason) {
    case 'STOP':
    // Gemini sends STOP when it calls; its imitation `@copilotkit/aimock` 1.43.0 sends this.
    case 'FUNCTION_CALL':
      return 'stop'
    case 'MAX_TOKENS':
    // The answer is longer than one request allows: its continuation is another request.
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
