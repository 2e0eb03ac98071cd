/** The content of a message, which may be a string or parts. */

import type { AssistantMessage, Message, Part, TextPart, ToolCallPart } from '../chat.ts'

type PartOf<M extends Message> = Exclude<M['content'], string>[number] | TextPart

/** The content as parts; an empty string has none. */
export function partsOf<M extends Message>({ content }: M): readonly PartOf<M>[] {
  if (typeof content !== 'string') return content
  return content === '' ? [] : [{ type: 'text', text: content }]
}

/** The calls of a turn. */
export const callsOf = (message: AssistantMessage): readonly ToolCallPart[] =>
  partsOf(message).filter((part): part is ToolCallPart => part.type === 'tool-call')

/** The text of the content, without anything else. */
export const textOfParts = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('')

/** Whether a turn says or calls anything. */
export const hasContent = (message: AssistantMessage): boolean =>
  partsOf(message).some(
    (part) => part.type === 'tool-call' || part.type === 'native' || (part.type === 'text' && part.text.trim() !== ''),
  )
