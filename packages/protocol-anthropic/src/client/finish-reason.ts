import type { FinishReason } from '@rivulet/core'
import { reasonWord } from '@rivulet/core/provider'

/** Also the words of chat completions, which gateways let through. */
const REASONS: ReadonlyMap<string, FinishReason> = /* @__PURE__ */ new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['stop', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['length', 'length'],
  ['tool_use', 'tool-calls'],
  ['tool_calls', 'tool-calls'],
  ['refusal', 'content-filter'],
  ['content_filter', 'content-filter'],
  ['sensitive', 'content-filter'],
])

/**
 * `'other'` includes `pause_turn`: a long turn of the server's own tools, to be sent back unchanged.
 *
 * @returns `undefined` for what is no reason.
 * @throws ChatError for a reason that means that the answer failed.
 * @see https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons (2026-11-20)
 */
export function readFinishReason(stopReason: unknown): FinishReason | undefined {
  const word = reasonWord(stopReason)
  return word === undefined ? undefined : (REASONS.get(word) ?? 'other')
}
