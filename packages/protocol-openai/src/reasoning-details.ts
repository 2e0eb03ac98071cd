/**
 * Thoughts as `reasoning_details`, in both directions. OpenRouter made the form: a list of
 * `{ type: 'reasoning.text' | 'reasoning.summary' | 'reasoning.encrypted', … }`, which wants back what it sent, to the letter. What a
 * thought has no field for (`format`, `index`, `id`) travels as JSON in its signature or its seal, which nobody else reads.
 *
 * @see https://openrouter.ai/docs/use-cases/reasoning-tokens (2026-11-20)
 */

import type { Thought } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** A detail without its words: what makes it one's own. */
export type Proof = Readonly<Record<string, unknown>>

const TEXT = 'reasoning.text'
const SUMMARY = 'reasoning.summary'
const ENCRYPTED = 'reasoning.encrypted'

/** The words of a detail, and the rest of it. Absent fields and null are one. */
export function readDetail(detail: Record<string, unknown>): { words: string; proof: Proof } {
  const { text, summary, ...rest } = detail
  const words = detail.type === SUMMARY ? summary : text
  const proof = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== undefined))
  return { words: typeof words === 'string' ? words : '', proof }
}

export const isEncrypted = (proof: Proof): boolean => proof.type === ENCRYPTED && typeof proof.data === 'string'

/** What ends a thought that was read from details of this proof. */
export function sealOf(proof: Proof): Pick<Thought, 'signature' | 'sealed'> {
  const { type, signature, data, id, ...rest } = proof
  const isPlain = Object.keys(rest).length === 0
  if (isEncrypted(proof)) {
    if (!isPlain || signature !== undefined) return { sealed: JSON.stringify(proof) }
    return { sealed: String(data), ...(typeof id === 'string' && { signature: id }) }
  }
  const isText = type === undefined || type === TEXT
  if (!isPlain || !isText || id !== undefined) return { signature: JSON.stringify(proof) }
  return { signature: typeof signature === 'string' ? signature : '' }
}

/** A thought as details: the inverse of what is read from them. */
export function writeDetails({ text, signature, sealed }: Thought): Record<string, unknown>[] {
  if (sealed !== undefined) {
    const own = parsed(sealed)
    const words = text === '' ? [] : [{ type: SUMMARY, summary: text }]
    return [...words, own ?? { type: ENCRYPTED, data: sealed, ...(signature !== undefined && { id: signature }) }]
  }
  const proof = signature === undefined ? undefined : parsed(signature)
  if (proof !== undefined) return [{ ...proof, ...(proof.type === SUMMARY ? { summary: text } : { text }) }]
  return [{ type: TEXT, text, ...(signature !== undefined && signature !== '' && { signature }) }]
}

function parsed(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
