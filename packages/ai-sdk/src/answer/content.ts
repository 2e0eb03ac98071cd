import type {
  LanguageModelV4Citation,
  LanguageModelV4Content,
  LanguageModelV4ToolCall,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider'
import type { AssistantPart, Origin, ReasoningPart, TextPart, ToolCallPart } from '@rivulet/core'
import { lateSignatures, readCarried, readLate } from '../carried.ts'
import { metadataOf } from '../metadata.ts'
import { contentOfNative } from '../native.ts'

/** The parts of an answer as content of the AI SDK, in their order. */
export function contentOf(parts: readonly AssistantPart[], origin: Origin): LanguageModelV4Content[] {
  const late = lateSignatures(parts)
  return parts.flatMap((part): LanguageModelV4Content[] => {
    switch (part.type) {
      case 'text':
        return [{ type: 'text', text: part.text, ...textFields(part, origin) }]
      case 'reasoning':
        return [{ type: 'reasoning', text: part.text, ...reasoningFields(part, origin) }]
      case 'tool-call': {
        const signature = late.get(part.id)
        return [callContent({ ...part, ...(signature !== undefined && { signature }) }, origin)]
      }
      case 'native':
        return readLate(part) === undefined ? contentOfNative(part, origin) : []
    }
  })
}

interface TextFields {
  providerMetadata?: SharedV4ProviderMetadata
  citations?: LanguageModelV4Citation[]
}

/** What completes a text: nothing, unless it is signed. */
export function textFields({ signature }: Pick<TextPart, 'signature'>, origin: Origin): TextFields {
  if (signature === undefined) return {}
  const { providerMetadata, citations } = readCarried(signature)
  return { providerMetadata: metadataOf({ origin, signature }, providerMetadata), ...(citations && { citations }) }
}

/** What completes a piece of reasoning. It has an author always: no other model gets it. */
export function reasoningFields(
  { signature, sealed, id }: Omit<ReasoningPart, 'type' | 'text'>,
  origin: Origin,
): { providerMetadata: SharedV4ProviderMetadata } {
  const { providerMetadata } = readCarried(signature)
  return { providerMetadata: metadataOf({ origin, signature, sealed, id }, providerMetadata) }
}

/** A whole call. The AI SDK has the text of a text tool as a JSON string. */
export function callContent(call: ToolCallPart, origin: Origin): LanguageModelV4ToolCall {
  const { id, name, input, signature } = call
  const format = call.format === 'text' ? call.format : undefined
  const isPlain = signature === undefined && format === undefined
  const { providerMetadata, dynamic } = readCarried(signature)
  return {
    type: 'tool-call',
    toolCallId: id,
    toolName: name,
    input: format === 'text' ? JSON.stringify(input) : input === '' ? '{}' : input,
    ...(dynamic !== undefined && { dynamic }),
    ...(!isPlain && { providerMetadata: metadataOf({ origin, signature, format }, providerMetadata) }),
  }
}
