import type { ToolCallPart } from '@rivulet/core'

/**
 * A call as a message has it, and as the first of its chunks. Its signature is where Gemini's own endpoint of this dialect has it.
 *
 * @see https://ai.google.dev/gemini-api/docs/thought-signatures (2026-11-28)
 */
export function callFields(call: Omit<ToolCallPart, 'type'>): Record<string, unknown> {
  const { id, name, input, format, signature } = call
  const signed = signature !== undefined && {
    extra_content: { google: { thought_signature: signature } },
  }
  return format === 'text'
    ? { id, type: 'custom', custom: { name, input }, ...signed }
    : { id, type: 'function', function: { name, arguments: input }, ...signed }
}
