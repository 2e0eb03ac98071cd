/**
 * What a part of a conversation has that the AI SDK has no field for. It travels as provider metadata under a key of our own:
 * `ai` gives the metadata of an answer back, unchanged, as the options of the next prompt.
 */

import type { JSONObject, JSONValue, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { NativePart, Origin } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** The key of our metadata and options. */
export const KEY = 'rivulet'

/** What our metadata says of a part. */
export interface PartFacts {
  /** Who wrote the part. */
  origin?: Origin | undefined
  signature?: string | undefined
  sealed?: string | undefined
  id?: string | undefined
  /** The call's input is a text, not JSON. */
  format?: 'text' | undefined
  /** The part, as its dialect writes it. */
  native?: NativePart | undefined
  /** It repeats something of another part, for a reader: it is not sent back. */
  isView?: boolean | undefined
}

/** Facts as metadata, beside what others have said of the part. */
export function metadataOf(facts: PartFacts, others?: SharedV4ProviderMetadata): SharedV4ProviderMetadata {
  const { origin, native, isView, ...texts } = facts
  return {
    ...others,
    [KEY]: withoutUndefined({
      ...texts,
      provider: origin?.provider,
      model: origin?.model,
      dialect: native?.dialect,
      // Values of the wire are JSON: they have been parsed.
      value: native?.value as JSONObject | undefined,
      view: isView,
    }),
  }
}

/** The facts in metadata or options; what is not of ours is passed over. */
export function factsOf(options: unknown): PartFacts {
  const own = isRecord(options) ? options[KEY] : undefined
  if (!isRecord(own)) return {}
  const text = (name: string): string | undefined => {
    const value = own[name]
    return typeof value === 'string' ? value : undefined
  }
  const [provider, model, dialect, value] = [text('provider'), text('model'), text('dialect'), own.value]
  return {
    origin: provider === undefined || model === undefined ? undefined : { provider, model },
    signature: text('signature'),
    sealed: text('sealed'),
    id: text('id'),
    format: own.format === 'text' ? 'text' : undefined,
    native: dialect === undefined || !isRecord(value) ? undefined : { type: 'native', dialect, value },
    isView: own.view === true,
  }
}

/** JSON has no `undefined`: a stored message would come back without it, and would not be equal. */
export function withoutUndefined(fields: Readonly<Record<string, JSONValue | undefined>>): JSONObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
