/**
 * Gemini signs pieces of its answers (`thoughtSignature`): thoughts, texts, and above all function calls, which it refuses
 * to take back without. A thought of Rivulet's has one signature and no place, so the place of a call travels in it, as
 * JSON that nobody else reads.
 *
 * @see https://ai.google.dev/gemini-api/docs/thought-signatures (2026-11-20)
 */

import type { AssistantMessage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** For a call that no Gemini model made, as in a conversation that another provider began: the documented stand-in. */
export const NOT_SIGNED = 'skip_thought_signature_validator'

/** The signature of the turn's call number `call`, counted from 0, as a thought's. */
export const ofCall = (call: number, signature: string): string => JSON.stringify({ call, signature })

export interface Signatures {
  /** By the number of the call in its turn. */
  calls: ReadonlyMap<number, string>
  /** Of what is no call, in order. */
  others: readonly string[]
}

/** The signatures of a turn; those that another provider wrote are none. */
export function signaturesOf({ thoughts = [], origin }: AssistantMessage, provider: string): Signatures {
  const calls = new Map<number, string>()
  const others: string[] = []
  for (const { signature } of origin === undefined || origin === provider ? thoughts : []) {
    if (signature === undefined) continue
    const signed = placed(signature)
    if (signed === undefined) others.push(signature)
    else calls.set(signed.call, signed.signature)
  }
  return { calls, others }
}

function placed(signature: string): { call: number; signature: string } | undefined {
  if (!signature.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(signature)
    if (isRecord(value) && typeof value.call === 'number' && typeof value.signature === 'string') {
      return { call: value.call, signature: value.signature }
    }
  } catch {
    // Then it is Gemini's own, to the letter.
  }
  return undefined
}
