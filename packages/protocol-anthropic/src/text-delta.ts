import { isErrorBody, isRecord } from '@rivulet/core/provider'

/** The kinds of delta that carry text, and the field that holds it. */
export const TEXT_FIELDS = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  input_json_delta: 'partial_json',
} as const
export type DeltaKind = keyof typeof TEXT_FIELDS

/** A piece of text for the content block at `index`. */
export interface TextDelta<Index = unknown> {
  kind: DeltaKind
  index: Index
  text: string
}

/**
 * The text of a message that is a delta of text and nothing else, as nearly every message of a stream is:
 *
 *     {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}
 *     {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}      }
 *
 * Kind and index are part of the envelope: all messages of one envelope share them.
 */
export function textDelta(message: unknown): TextDelta | undefined {
  if (!isRecord(message) || message.type !== 'content_block_delta' || isErrorBody(message)) return undefined
  const { index, delta } = message
  if (!isRecord(delta) || !isDeltaKind(delta.type)) return undefined
  const text = delta[TEXT_FIELDS[delta.type]]
  return typeof text === 'string' ? { kind: delta.type, index, text } : undefined
}

export const isDeltaKind = (type: unknown): type is DeltaKind =>
  typeof type === 'string' && Object.hasOwn(TEXT_FIELDS, type)
