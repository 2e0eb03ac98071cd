import type { FinishReason } from '@rivulet/core'
import { reasonWord } from '@rivulet/core/provider'

/** Also the words of chat completions, which gateways let through. */
const REASONS: ReadonlyMap<string, FinishReason> = /* @__PURE__ */ new Map([
  ['stop', 'stop'],
  // Gemini sends STOP when it calls; its imitation `@copilotkit/aimock` 1.43.0 sends the first of these.
  ['function_call', 'stop'],
  ['tool_calls', 'stop'],
  ['max_tokens', 'length'],
  // The answer is longer than one request allows: its continuation is another request.
  ['continuation', 'length'],
  ['length', 'length'],
  ['safety', 'content-filter'],
  ['recitation', 'content-filter'],
  ['blocklist', 'content-filter'],
  ['prohibited_content', 'content-filter'],
  ['spii', 'content-filter'],
  ['model_armor', 'content-filter'],
  ['image_safety', 'content-filter'],
  ['image_prohibited_content', 'content-filter'],
  ['image_recitation', 'content-filter'],
  ['content_filter', 'content-filter'],
])
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
  const word = reasonWord(received, explanation)
  if (word === undefined) return reason
  const later = REASONS.get(word) ?? 'other'
  return reason === undefined || ORDER.indexOf(later) > ORDER.indexOf(reason) ? later : reason
}
