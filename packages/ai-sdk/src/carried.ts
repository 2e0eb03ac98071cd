/**
 * What an AI SDK model says of a part and the events have no field for. It travels as the part's signature, which its author
 * alone gets back.
 */

import type { LanguageModelV4Citation, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { AssistantPart, NativePart } from '@rivulet/core'
import { isRecord, parseJson } from '@rivulet/core/provider'
import { DIALECT } from './native.ts'

export interface Carried {
  providerMetadata?: SharedV4ProviderMetadata | undefined
  citations?: LanguageModelV4Citation[] | undefined
  /** The tool was not among those of the request. */
  dynamic?: boolean | undefined
}

const MARK = 'ai-sdk:'

/** `undefined` where there is nothing to carry. */
export function writeCarried(carried: Carried): string | undefined {
  const text = JSON.stringify(carried)
  return text === '{}' ? undefined : MARK + text
}

/** Empty for a signature of anybody else. */
export function readCarried(signature: string | undefined): Carried {
  if (signature?.startsWith(MARK) !== true) return {}
  const carried = parseJson(signature.slice(MARK.length))
  // It was written above, and its author checks what it gets back.
  return isRecord(carried) ? carried : {}
}

const LATE = 'call-metadata'

/** What a model says of a call only at its end, when the call's event has been given. */
export const lateMetadata = (toolCallId: string, signature: string): NativePart => ({
  type: 'native',
  dialect: DIALECT,
  value: { type: LATE, toolCallId, signature },
})

/** The call that a native part is about, and its signature; `undefined` for any other part. */
export function readLate({ dialect, value }: NativePart): { toolCallId: string; signature: string } | undefined {
  const { type, toolCallId, signature } = value
  const isLate = dialect === DIALECT && type === LATE
  return isLate && typeof toolCallId === 'string' && typeof signature === 'string'
    ? { toolCallId, signature }
    : undefined
}

/** What has been said of calls at their ends: their signatures, by the calls' ids. The last counts. */
export const lateSignatures = (parts: readonly AssistantPart[]): ReadonlyMap<string, string> =>
  new Map(
    parts.flatMap((part): [string, string][] => {
      const late = part.type === 'native' ? readLate(part) : undefined
      return late === undefined ? [] : [[late.toolCallId, late.signature]]
    }),
  )
