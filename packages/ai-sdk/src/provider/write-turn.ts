import type { LanguageModelV4Message, SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { AssistantMessage, NativePart } from '@rivulet/core'
import { type Dropped, isAuthor, isRecord, parseJson, partsOf } from '@rivulet/core/provider'
import { lateSignatures, readCarried } from '../carried.ts'
import { metadataOf, type PartFacts } from '../metadata.ts'
import { DIALECT } from '../native.ts'
import { fromJson } from '../sdk-json.ts'
import { cacheOptions } from './cache-options.ts'

type Turn = Extract<LanguageModelV4Message, { role: 'assistant' }>
type TurnPart = Turn['content'][number]

/** Who is asked. */
export interface Author {
  id: string
  modelId: string
}

/** A turn of a model's. What only its author understands is for its author. */
export function writeTurn(message: AssistantMessage, { id, modelId }: Author, dropped: Dropped): Turn {
  const isOwn = isAuthor(message.origin, id, modelId)
  const parts = partsOf(message)
  const late = lateSignatures(parts)
  const optionsOf = (
    facts: PartFacts,
    more?: SharedV4ProviderOptions,
  ): { providerOptions?: SharedV4ProviderOptions } => {
    const { providerMetadata } = readCarried(facts.signature)
    const isOurs = providerMetadata === undefined && Object.values(facts).some((fact) => fact !== undefined)
    const own = isOurs ? metadataOf({ ...facts, origin: message.origin }) : providerMetadata
    const options = { ...more, ...(isOwn && own) }
    return Object.keys(options).length === 0 ? {} : { providerOptions: options }
  }
  const content = parts.flatMap((part): TurnPart[] => {
    switch (part.type) {
      case 'text':
        return [
          {
            type: 'text',
            text: part.text,
            ...optionsOf({ signature: part.signature }, cacheOptions(part.cache).providerOptions),
          },
        ]
      case 'reasoning':
        if (isOwn) {
          const { text, signature, sealed, id: partId } = part
          return [{ type: 'reasoning', text, ...optionsOf({ signature, sealed, id: partId }) }]
        }
        dropped.add('reasoning of another model')
        return []
      case 'tool-call': {
        const { id: toolCallId, name: toolName, format, input } = part
        const signature = late.get(toolCallId) ?? part.signature
        const value = format === 'text' ? input : (parseJson(input) ?? input)
        return [
          {
            type: 'tool-call',
            toolCallId,
            toolName,
            input: value,
            ...optionsOf({ signature, format: format === 'text' ? format : undefined }),
          },
        ]
      }
      case 'native':
        return writeNative(part, dropped)
    }
  })
  return { role: 'assistant', content }
}

/** Content of an AI SDK model as a part of a prompt: its metadata goes back as options. */
function writeNative(part: NativePart, dropped: Dropped): TurnPart[] {
  if (part.dialect !== DIALECT) {
    dropped.add(`native parts of ${part.dialect}`)
    return []
  }
  const { providerMetadata, ...value } = fromJson(part.value)
  const options = isRecord(providerMetadata) ? { providerOptions: providerMetadata } : {}
  switch (value.type) {
    case 'tool-call': {
      const input = typeof value.input === 'string' ? (parseJson(value.input) ?? value.input) : value.input
      return [{ ...value, ...options, input } as unknown as TurnPart]
    }
    case 'tool-result': {
      const { result, isError, preliminary, ...rest } = value
      if (preliminary === true) return []
      const output = value.output ?? { type: isError === true ? 'error-json' : 'json', value: result }
      return [{ ...rest, ...options, output } as unknown as TurnPart]
    }
    case 'file':
    case 'reasoning-file':
    case 'custom':
      // It was content of the AI SDK, which has the same fields in a prompt.
      return [{ ...value, ...options } as unknown as TurnPart]
    default:
      // A source, a request for an approval: no prompt has them.
      return []
  }
}
