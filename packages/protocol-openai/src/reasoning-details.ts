/**
 * Thoughts as `reasoning_details`, in both directions. The form is OpenRouter's: a list of
 * `{ type: 'reasoning.text' | 'reasoning.summary' | 'reasoning.encrypted', … }`, to be sent back exactly as it came. Fields
 * that a thought does not have (`format`, `index`, `id`) travel as JSON in its signature or its seal, which are opaque to
 * everything else.
 *
 * @see https://openrouter.ai/docs/use-cases/reasoning-tokens (2026-11-20)
 */

import type { ReasoningPart } from '@rivulet/core'
import { boundedJson, isRecord, parseJson } from '@rivulet/core/provider'

/** A detail without its text. */
export type Proof = Readonly<Record<string, unknown>>

const TEXT = 'reasoning.text'
const SUMMARY = 'reasoning.summary'
const ENCRYPTED = 'reasoning.encrypted'

/** The text of a detail, and its other fields. A null field counts as absent. */
export function readDetail(detail: Record<string, unknown>): { text: string; proof: Proof } {
  const { text: plain, summary, ...rest } = detail
  const text = detail.type === SUMMARY ? summary : plain
  const proof = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== undefined))
  return { text: typeof text === 'string' ? text : '', proof }
}

export const isEncrypted = (proof: Proof): boolean => proof.type === ENCRYPTED && typeof proof.data === 'string'

/** The signature or the seal of a thought whose details have these fields. */
export function sealOf(proof: Proof): Pick<ReasoningPart, 'signature' | 'sealed' | 'id'> {
  const { type, signature, data, id, ...rest } = proof
  const isPlain = Object.keys(rest).length === 0
  if (isEncrypted(proof)) {
    if (!isPlain || signature !== undefined) return { sealed: boundedJson(proof, Infinity) }
    return { sealed: String(data), ...(typeof id === 'string' && { id }) }
  }
  const isText = type === undefined || type === TEXT
  if (!isPlain || !isText || id !== undefined) return { signature: boundedJson(proof, Infinity) }
  return { signature: typeof signature === 'string' ? signature : '' }
}

/** A thought as details: the inverse of {@link readDetail} and {@link sealOf}. */
export function writeDetails({ text, signature, sealed, id }: Omit<ReasoningPart, 'type'>): Record<string, unknown>[] {
  if (sealed !== undefined) {
    const detail = parsed(sealed)
    const summary = text === '' ? [] : [{ type: SUMMARY, summary: text }]
    return [...summary, detail ?? { type: ENCRYPTED, data: sealed, ...(id !== undefined && { id }) }]
  }
  const proof = signature === undefined ? undefined : parsed(signature)
  if (proof !== undefined) return [{ ...proof, ...(proof.type === SUMMARY ? { summary: text } : { text }) }]
  return [{ type: TEXT, text, ...(signature !== undefined && signature !== '' && { signature }) }]
}

function parsed(text: string): Record<string, unknown> | undefined {
  const value = text.startsWith('{') ? parseJson(text) : undefined
  return isRecord(value) ? value : undefined
}
