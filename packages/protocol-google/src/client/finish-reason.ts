import type { FinishReason } from '@rivulet/core'
import { readFinishReason } from '@rivulet/core/provider'

/** How much a reason tells of what the answer lacks. */
const ORDER: readonly FinishReason[] = ['stop', 'other', 'length', 'content-filter']

/**
 * The reason of an answer after another chunk. Google sends STOP between the rounds of its own tools, and gateways send it in
 * every chunk: of several reasons, the one that says most holds.
 *
 * @param explanation The chunk's `finishMessage`.
 * @throws ChatError for a reason that means that the answer failed.
 * @see https://ai.google.dev/api/generate-content#FinishReason (2026-11-20)
 */
export function laterReason(
  reason: FinishReason | undefined,
  received: unknown,
  explanation: unknown,
): FinishReason | undefined {
  const said = readFinishReason(received, explanation)
  if (said === undefined) return reason
  // Gemini sends STOP when it calls; its imitation `@copilotkit/aimock` 1.43.0 sends FUNCTION_CALL.
  const later = said === 'tool-calls' ? 'stop' : said
  return reason === undefined || ORDER.indexOf(later) > ORDER.indexOf(reason) ? later : reason
}

/** Whether a reason is none that clients of the dialect know: they compare it letter by letter. */
export const isOdd = (received: unknown): boolean =>
  typeof received === 'string' && (!/^[A-Z_]+$/.test(received) || readFinishReason(received) === 'tool-calls')
