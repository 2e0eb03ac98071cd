import type { LanguageModelV4Message } from '@ai-sdk/provider'
import type { AssistantMessage, AssistantPart, Origin } from '@rivulet/core'
import { factsOf, type PartFacts } from '../metadata.ts'
import { DIALECT } from '../native.ts'
import { toJson } from '../sdk-json.ts'
import { cacheOf } from './read-options.ts'

type Turn = Extract<LanguageModelV4Message, { role: 'assistant' }>

/** A turn of the model's, with its author where our metadata names one. */
export function readTurn(message: Turn, textTools: ReadonlySet<string>): AssistantMessage {
  const authors = message.content.flatMap(({ providerOptions }) => factsOf(providerOptions).origin ?? [])
  const origin = authors.at(-1)
  const content = message.content.flatMap((part) => readPart(part, origin, textTools))
  const cache = cacheOf(message.providerOptions)
  const last = content.findLast((part) => part.type === 'text')
  if (cache !== undefined && last !== undefined) last.cache ??= cache
  return { role: 'assistant', content, ...(origin && { origin }) }
}

function readPart(
  part: Turn['content'][number],
  origin: Origin | undefined,
  textTools: ReadonlySet<string>,
): AssistantPart[] {
  const facts = factsOf(part.providerOptions)
  if (facts.isView === true) return []
  if (facts.native !== undefined) return [facts.native]
  switch (part.type) {
    case 'text': {
      const { signature } = signed(facts, origin)
      const cache = cacheOf(part.providerOptions)
      if (part.text === '' && signature === undefined) return []
      return [{ type: 'text', text: part.text, ...(signature && { signature }), ...(cache !== undefined && { cache }) }]
    }
    case 'reasoning': {
      const ends = signed(facts, origin)
      const isEmpty = part.text === '' && ends.signature === undefined && ends.sealed === undefined
      return isEmpty ? [] : [{ type: 'reasoning', text: part.text, ...ends }]
    }
    case 'tool-call': {
      if (part.providerExecuted === true) break
      const { toolCallId: id, toolName: name, input } = part
      const isText = typeof input === 'string' && (facts.format === 'text' || textTools.has(name))
      // An input that was not JSON comes back as the text that it was.
      const text = typeof input === 'string' ? input : JSON.stringify(input ?? {})
      const { signature } = signed(facts, origin)
      const optional = { ...(isText && { format: 'text' as const }), ...(signature && { signature }) }
      return [{ type: 'tool-call', id, name, input: text, ...optional }]
    }
    case 'file':
    case 'reasoning-file':
    case 'custom':
    case 'tool-result':
      break
  }
  return [{ type: 'native', dialect: DIALECT, value: toJson(part) }]
}

/** What completes a part, if the author of the turn has written it: a model refuses another's signature. */
function signed(
  { origin, signature, sealed, id }: PartFacts,
  author: Origin | undefined,
): Pick<PartFacts, 'signature' | 'sealed' | 'id'> {
  if (origin?.provider !== author?.provider || origin?.model !== author?.model) return {}
  return {
    ...(signature !== undefined && { signature }),
    ...(sealed !== undefined && { sealed }),
    ...(id !== undefined && { id }),
  }
}
