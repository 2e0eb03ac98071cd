import {
  type AssistantMessage,
  ChatError,
  type Message,
  type Part,
  type SystemMessage,
  type Thought,
  type ToolCall,
} from '@rivulet/core'
import { boundedJson, isRecord } from '@rivulet/core/provider'

/** The system messages, one for each block. */
export function decodeSystem(system: unknown): SystemMessage[] {
  if (system === undefined) return []
  return blocksOf('system', system).map((block) => ({
    role: 'system',
    content: stringIn('system', block, 'text'),
    ...(isCached(block) && { cache: true }),
  }))
}

export function decodeMessages(messages: readonly unknown[]): Message[] {
  return messages.flatMap((message, index) => {
    const at = `messages.${index}`
    if (!isRecord(message)) throw refused(`${at}: must be an object`)
    const blocks = blocksOf(`${at}.content`, message.content)
    switch (message.role) {
      case 'user':
        return decodeUser(at, blocks)
      case 'assistant':
        return [decodeAssistant(at, blocks)]
      case 'system':
        return decodeSystem(message.content)
      default:
        throw refused(`${at}.role: must be user, assistant or system`)
    }
  })
}

/** Each tool result is a message of its own; the other blocks form one user message. */
function decodeUser(at: string, blocks: readonly Record<string, unknown>[]): Message[] {
  const results = blocks.filter(({ type }) => type === 'tool_result')
  const parts = blocks.filter(({ type }) => type !== 'tool_result')
  const [only] = parts
  const cache = parts.some(isCached) && { cache: true }
  const messages: Message[] = results.map((block) => ({
    role: 'tool',
    toolCallId: stringIn(at, block, 'tool_use_id'),
    content: textOf(`${at}.content`, block.content ?? ''),
    ...(block.is_error === true && { isError: true }),
  }))
  if (only?.type === 'text' && parts.length === 1) {
    messages.push({ role: 'user', content: stringIn(at, only, 'text'), ...cache })
  } else if (parts.length > 0) {
    messages.push({ role: 'user', content: parts.map((part) => decodePart(at, part)), ...cache })
  }
  return messages
}

function decodeAssistant(at: string, blocks: readonly Record<string, unknown>[]): AssistantMessage {
  const toolCalls: ToolCall[] = []
  const thoughts: Thought[] = []
  let content = ''
  for (const block of blocks) {
    switch (block.type) {
      case 'text':
        content += stringIn(at, block, 'text')
        break
      case 'thinking':
        thoughts.push({
          text: stringIn(at, block, 'thinking'),
          // Empty where the thought came from a provider that does not sign.
          ...(typeof block.signature === 'string' && block.signature !== '' && { signature: block.signature }),
        })
        break
      case 'redacted_thinking':
        thoughts.push({ text: '', sealed: stringIn(at, block, 'data') })
        break
      case 'tool_use':
        toolCalls.push({
          type: 'tool-call',
          id: stringIn(at, block, 'id'),
          name: stringIn(at, block, 'name'),
          input: boundedJson(block.input ?? {}, Infinity),
        })
        break
      default:
        throw refused(`${at}.content: blocks of type "${String(block.type)}" are not supported`)
    }
  }
  return {
    role: 'assistant',
    content,
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(thoughts.length > 0 && { thoughts }),
  }
}

function decodePart(at: string, block: Record<string, unknown>): Part {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: stringIn(at, block, 'text') }
    case 'image':
      return { type: 'image', url: urlOf(at, block.source) }
    case 'document':
      return {
        type: 'file',
        url: urlOf(at, block.source),
        ...(typeof block.title === 'string' && { name: block.title }),
      }
    default:
      throw refused(`${at}.content: blocks of type "${String(block.type)}" are not supported`)
  }
}

function urlOf(at: string, source: unknown): string {
  if (!isRecord(source)) throw refused(`${at}.content: a source is required`)
  switch (source.type) {
    case 'url':
      return stringIn(at, source, 'url')
    case 'base64':
      return `data:${stringIn(at, source, 'media_type')};base64,${stringIn(at, source, 'data')}`
    case 'text':
      return `data:text/plain;base64,${toBase64(stringIn(at, source, 'data'))}`
    default:
      throw refused(`${at}.content: sources of type "${String(source.type)}" are not supported`)
  }
}

/** A string counts as one text block. */
function blocksOf(at: string, content: unknown): Record<string, unknown>[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (!Array.isArray(content) || !content.every(isRecord))
    throw refused(`${at}: must be a string or an array of blocks`)
  return content
}

/** The text of a tool result: a request has no field for anything else. */
function textOf(at: string, content: unknown): string {
  return blocksOf(at, content)
    .map((block) => {
      if (block.type !== 'text') throw refused(`${at}: a tool result of type "${String(block.type)}" is not supported`)
      return stringIn(at, block, 'text')
    })
    .join('')
}

function stringIn(at: string, block: Record<string, unknown>, field: string): string {
  const value = block[field]
  if (typeof value !== 'string') throw refused(`${at}: ${field}: a string is required`)
  return value
}

const isCached = ({ cache_control: hint }: Record<string, unknown>): boolean => isRecord(hint)

const toBase64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))

const refused = (what: string): ChatError => new ChatError('bad-request', what)
