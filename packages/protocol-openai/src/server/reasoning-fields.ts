import type { ChatEvent, Origin, ReasoningPart } from '@rivulet/core'
import { writeSeal } from '@rivulet/core/provider'
import { writeDetails } from '../reasoning-details.ts'

/** The author of an answer whose signatures are sealed; `undefined` where they are written as they are. */
export type Sealing = Origin | undefined

/** Whether an event has a signature or a seal. */
export const isProved = (event: ChatEvent): boolean =>
  ('signature' in event && event.signature !== undefined) || ('sealed' in event && event.sealed !== undefined)

/** A thought whose signature says whose it is, so that only its author gets it back. */
export function sealed<T extends Omit<ReasoningPart, 'type'>>(thought: T, author: Sealing): T {
  if (author === undefined) return thought
  const { signature, sealed: value, id } = thought
  if (value !== undefined) return { ...thought, sealed: signatureOf(value, author, id) }
  return signature === undefined ? thought : { ...thought, signature: signatureOf(signature, author, id) }
}

/** A signature as a client gets it. */
export const signatureOf = (value: string, author: Sealing, id?: string): string =>
  author === undefined ? value : writeSeal({ ...author, value, id })

/**
 * A thought in the field that most clients read. Its signature goes beside it, in details with the same text, which a
 * reader of details counts once; a sealed detail has no text.
 */
export function reasoningFields(thought: Omit<ReasoningPart, 'type'>, author: Sealing): Record<string, unknown> {
  const { text, signature } = thought
  const words = text === '' ? {} : { reasoning_content: text }
  if (signature === undefined && thought.sealed === undefined) return words
  const proved = { ...sealed(thought, author), text: thought.sealed === undefined ? text : '' }
  return { ...words, reasoning_details: writeDetails(proved) }
}
