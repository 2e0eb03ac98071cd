import {
  type AssistantMessage,
  type AssistantPart,
  ChatError,
  type Message,
  type ToolMessage,
  type UserPart,
} from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { factsOf } from '../metadata.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * The messages that `useChat` sends, as messages of a request. A call whose result has not come is left out; so is what only one
 * dialect has a word for. They come from a page: pass the request through `chatRequest()`, which refuses what a stranger may not
 * set.
 *
 * @throws ChatError `bad-request` for anything but such messages.
 * @example
 * import { chatRequest } from '@rivulet/core'
 * export const requestOf = (body: { messages: unknown }) => chatRequest({ messages: fromUIMessages(body.messages) }, { model: 'gpt-5' })
 */
export function fromUIMessages(messages: unknown): Message[] {
  if (!Array.isArray(messages)) throw refusal('an array of messages')
  return messages.flatMap((message: unknown): Message[] => {
    if (!isRecord(message) || !Array.isArray(message.parts)) throw refusal('messages with role and parts')
    const parts = message.parts.filter(isRecord)
    switch (message.role) {
      case 'system':
        return [
          { role: 'system', content: parts.map((part) => (part.type === 'text' ? String(part.text) : '')).join('') },
        ]
      case 'user':
        return [{ role: 'user', content: parts.flatMap(userPart) }]
      case 'assistant':
        return stepsOf(parts).flatMap(turnOf)
      default:
        throw refusal('messages of the roles system, user and assistant')
    }
  })
}

const refusal = (words: string): ChatError =>
  new ChatError('bad-request', `fromUIMessages: the messages must be those of useChat: ${words}.`)

function userPart({ type, text, url, mediaType, filename }: Fields): UserPart[] {
  if (type === 'text' && typeof text === 'string') return [{ type, text }]
  if (type !== 'file' || typeof url !== 'string') return []
  if (typeof mediaType === 'string' && mediaType.startsWith('image/')) return [{ type: 'image', url }]
  return [{ type, url, ...(typeof filename === 'string' && { name: filename }) }]
}

/** A message of theirs has every step of a tool run. */
function stepsOf(parts: readonly Fields[]): Fields[][] {
  const steps: Fields[][] = [[]]
  for (const part of parts) {
    if (part.type === 'step-start') steps.push([])
    else steps.at(-1)?.push(part)
  }
  return steps.filter((step) => step.length > 0)
}

/** A step: the model's turn, and the results of its calls. */
function turnOf(parts: readonly Fields[]): Message[] {
  const facts = parts.map((part) => factsOf(part.providerMetadata ?? part.callProviderMetadata))
  const origin = facts.findLast((each) => each.origin !== undefined)?.origin
  const results: ToolMessage[] = []
  const content = parts.flatMap((part, index): AssistantPart[] => {
    const { signature, sealed, id, format } = facts[index] ?? {}
    const signed = signature === undefined ? {} : { signature }
    const { type, text } = part
    if (type === 'text' && typeof text === 'string') return text === '' ? [] : [{ type, text, ...signed }]
    if (type === 'reasoning' && typeof text === 'string') {
      return [{ type, text, ...signed, ...(sealed !== undefined && { sealed }), ...(id !== undefined && { id }) }]
    }
    const call = callOf(part)
    if (call === undefined) return []
    results.push(call.result)
    return [{ ...call.part, ...(format && { format }), ...signed }]
  })
  const turn: AssistantMessage = { role: 'assistant', content, ...(origin && { origin }) }
  return content.length === 0 ? [] : [turn, ...results]
}

/** A call that has its result, or has failed, or was not allowed. */
function callOf(
  part: Fields,
): { part: Extract<AssistantPart, { type: 'tool-call' }>; result: ToolMessage } | undefined {
  const { type, toolCallId: id, state, input, output, errorText, providerExecuted } = part
  if (typeof type !== 'string' || typeof id !== 'string' || providerExecuted === true) return undefined
  const name = type === 'dynamic-tool' ? part.toolName : /^tool-(.+)$/.exec(type)?.[1]
  if (typeof name !== 'string') return undefined
  const isError = state !== 'output-available'
  if (isError && state !== 'output-error' && state !== 'output-denied') return undefined
  const said = state === 'output-denied' ? 'The user did not allow this call.' : isError ? errorText : output
  const content = typeof said === 'string' ? said : said === undefined ? '' : JSON.stringify(said)
  return {
    part: { type: 'tool-call', id, name, input: typeof input === 'string' ? input : JSON.stringify(input ?? {}) },
    result: { role: 'tool', toolCallId: id, content, ...(isError && { isError }) },
  }
}
