import type { ReasoningPart } from '@rivulet/core'
import { writeDetails } from '../reasoning-details.ts'

/**
 * A thought in the field that most clients read. Its signature goes beside it, in details with the same text, which a
 * reader of details counts once; a sealed detail has no text.
 */
export function reasoningFields(thought: Omit<ReasoningPart, 'type'>): Record<string, unknown> {
  const { text, signature, sealed } = thought
  const words = text === '' ? {} : { reasoning_content: text }
  if (signature === undefined && sealed === undefined) return words
  return { ...words, reasoning_details: writeDetails(sealed === undefined ? thought : { ...thought, text: '' }) }
}
