import type { FinishReason } from '@rivulet/core'

/** The `stop_reason` on the wire. `'other'` becomes `end_turn`: `pause_turn` would make clients ask again on their own. */
export function writeFinishReason(reason: FinishReason): string {
  switch (reason) {
    case 'stop':
    case 'other':
      return 'end_turn'
    case 'length':
      return 'max_tokens'
    case 'tool-calls':
      return 'tool_use'
    case 'content-filter':
      return 'refusal'
  }
}
