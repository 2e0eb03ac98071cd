import { isErrorBody, isRecord } from '@rivulet/core/provider'

/** The kinds of delta that carry text, and the field it stands in. */
export const TEXT_FIELDS = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  input_json_delta: 'partial_json',
} as const
export type DeltaKind = keyof typeof TEXT_FIELDS

/** A piece of text, of the piece of an answer that has this index. */
export interface TextDelta<Index = unknown> {
  kind: DeltaKind
  index: Index
  text: string
}

/**
 * What a message says that is a delta of text and nothing else, which is nearly every message of a stream:
 *
 *     {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}
 *     {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}      }
 *
 * Kind and index stand in its envelope: they are the same in all messages of one.
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
