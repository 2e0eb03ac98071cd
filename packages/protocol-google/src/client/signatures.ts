/**
 * Gemini signs parts of its answers (`thoughtSignature`): thoughts, texts, and above all function calls, which it refuses
 * without their signature. A `Thought` has a signature but no position, so the signature of a call carries its position, as
 * JSON that is opaque to everything else.
 *
 * @see https://ai.google.dev/gemini-api/docs/thought-signatures (2026-11-20)
 */

import type { AssistantMessage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** The documented placeholder for a call that another provider's model made. */
export const NOT_SIGNED = 'skip_thought_signature_validator'

/** The signature of a call, as the signature of a thought. `call` is its position in the turn, from 0. */
export const callSignature = (call: number, signature: string): string => JSON.stringify({ call, signature })

export interface Signatures {
  /** By the position of the call in its turn. */
  calls: ReadonlyMap<number, string>
  /** Those of other parts, in order. */
  others: readonly string[]
}

/** The signatures of a turn; a turn of another provider has none. */
export function signaturesOf({ thoughts = [], origin }: AssistantMessage, provider: string): Signatures {
  const calls = new Map<number, string>()
  const others: string[] = []
  for (const { signature } of origin === undefined || origin === provider ? thoughts : []) {
    if (signature === undefined || signature === '') continue
    const signed = parseCallSignature(signature)
    if (signed === undefined) others.push(signature)
    else calls.set(signed.call, signed.signature)
  }
  return { calls, others }
}

function parseCallSignature(signature: string): { call: number; signature: string } | undefined {
  if (!signature.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(signature)
    if (isRecord(value) && typeof value.call === 'number' && typeof value.signature === 'string') {
      return { call: value.call, signature: value.signature }
    }
  } catch {
    // Not ours: Gemini's own signature, sent back unchanged.
  }
  return undefined
}
