import type { FinishReason } from '@rivulet/core'

/** @see https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons (2026-11-20) */
export function readFinishReason(stopReason: string): FinishReason {
  switch (stopReason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_use':
      return 'tool-calls'
    case 'refusal':
      return 'content-filter'
    // Includes `pause_turn`: a long turn of the server's own tools, to be sent back unchanged.
    default:
      return 'other'
  }
}
