/** The conversation as `contents`: system messages apart, turns alternating between `user` and `model`. */

import type { AssistantMessage, ChatRequest, ToolMessage, UserMessage } from '@rivulet/core'
import { type Dropped, isAuthor, partsOf, textCallAsJson, toolArguments } from '@rivulet/core/provider'
import { DIALECT, isNativePart, NOT_SIGNED, type WirePart } from '../wire-part.ts'
import { encodeMedia, fitsResult } from './media.ts'

export interface Contents {
  systemInstruction: { parts: WirePart[] } | undefined
  contents: { role: 'user' | 'model'; parts: WirePart[] }[]
}

/**
 * Leaves out empty texts and turns without content, which the API refuses.
 *
 * @throws ChatError `unsupported` for a file of a type that the API does not take.
 */
export function encodeContents(
  { messages, model }: Pick<ChatRequest, 'messages' | 'model'>,
  provider: string,
  dropped: Dropped,
): Contents {
  const system: WirePart[] = []
  const contents: Contents['contents'] = []
  /** A result must name its function, while a `ToolMessage` only has the id of the call. */
  const names = new Map<string, string>()
  const add = (role: 'user' | 'model', parts: readonly WirePart[]): void => {
    if (parts.length === 0) return
    const last = contents.at(-1)
    if (last?.role !== role) contents.push({ role, parts: [...parts] })
    // Not a spread, because a turn may have more parts than a call has arguments.
    else for (const part of parts) last.parts.push(part)
  }
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        system.push(...textParts(message.content))
        break
      case 'user':
        add('user', encodeUser(message, dropped))
        break
      case 'assistant':
        for (const part of partsOf(message)) if (part.type === 'tool-call') names.set(part.id, part.name)
        add('model', encodeTurn(message, { provider, model }, dropped))
        break
      case 'tool':
        add('user', encodeResult(message, names.get(message.toolCallId) ?? message.toolCallId, dropped))
        break
    }
  }
  // The results of a turn's calls must come first in the next.
  for (const { parts } of contents) parts.sort((a, b) => Number(isResult(b)) - Number(isResult(a)))
  return { systemInstruction: system.length > 0 ? { parts: system } : undefined, contents }
}

const textParts = (text: string): WirePart[] => (text === '' ? [] : [{ text }])

const isResult = ({ functionResponse }: WirePart): boolean => functionResponse !== undefined

function encodeUser(message: UserMessage, dropped: Dropped): WirePart[] {
  return partsOf(message).flatMap((part): WirePart[] => {
    if (part.type === 'text') return textParts(part.text)
    if (part.type !== 'native') return [encodeMedia(part)]
    if (part.dialect === DIALECT) return [part.value]
    dropped.add(`native parts of ${part.dialect}`)
    return []
  })
}

/** The parts of a turn in their order. Only the model that signed a part gets its signature back. */
function encodeTurn(
  message: AssistantMessage,
  { provider, model }: { provider: string; model: string },
  dropped: Dropped,
): WirePart[] {
  const isOwn = isAuthor(message.origin, provider, model)
  let isFirstCall = true
  return partsOf(message).flatMap((part): WirePart[] => {
    if (part.type === 'native') {
      if (part.dialect !== DIALECT) dropped.add(`native parts of ${part.dialect}`)
      else if (isNativePart(part.value)) {
        const { thoughtSignature: _signature, ...unsigned } = part.value
        return [isOwn ? part.value : unsigned]
      }
      return []
    }
    const signature = isOwn && part.signature !== '' ? part.signature : undefined
    const signed = (by = signature): WirePart => (by === undefined ? {} : { thoughtSignature: by })
    if (part.type === 'tool-call') {
      // Only the first of parallel calls is signed. A turn of no known author may be another model's.
      const needsPlaceholder = isFirstCall && (message.origin === undefined || !isOwn)
      isFirstCall = false
      const { id, name } = part
      const functionCall = { id, name, args: toolArguments(textCallAsJson(part)) }
      return [{ functionCall, ...signed(signature ?? (needsPlaceholder ? NOT_SIGNED : undefined)) }]
    }
    if (part.type === 'reasoning' && !isOwn) {
      dropped.add('reasoning of another model')
      return []
    }
    // A thought without a signature is a summary for people: the model has no use for it.
    if (signature === undefined && (part.text === '' || part.type === 'reasoning')) return []
    return [{ text: part.text, ...(part.type === 'reasoning' && { thought: true }), ...signed() }]
  })
}

/** A result has its images and documents inside it, where it may; the others follow it in the same turn. */
function encodeResult(message: ToolMessage, name: string, dropped: Dropped): WirePart[] {
  const texts: string[] = []
  const inside: WirePart[] = []
  const after: WirePart[] = []
  for (const part of partsOf(message)) {
    if (part.type === 'text') texts.push(part.text)
    else if (part.type === 'native') {
      if (part.dialect === DIALECT) inside.push(part.value)
      else dropped.add(`native parts of ${part.dialect}`)
    } else {
      const media = encodeMedia(part)
      if (fitsResult(media)) inside.push(media)
      else {
        after.push(media)
        dropped.add("images of tool results sent as a user's turn")
      }
    }
  }
  const text = texts.join('\n')
  const response = message.isError === true ? { error: text } : { output: text }
  const parts = inside.length > 0 ? inside : undefined
  return [{ functionResponse: { id: message.toolCallId, name, response, parts } }, ...after]
}
