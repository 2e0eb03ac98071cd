import { type AssistantMessage, ChatError, type Message, type Part } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import type { ChatQuirks } from '../quirks.ts'
import { writeDetails } from '../reasoning-details.ts'
import { encodeArguments } from './encode-arguments.ts'
import { fileName, mediaUrl } from './media-url.ts'
import { cutToolId, shortToolId } from './short-tool-id.ts'

type Wire = Record<string, unknown>

/** The messages on the wire. */
export function encodeMessages(messages: readonly Message[], quirks: ChatQuirks): Wire[] {
  const sent = quirks.emptyTurns === 'left-out' ? messages.filter((message) => !isEmptyTurn(message)) : messages
  const encoded = sent.map((message, index) => encodeMessage(message, quirks, index === sent.length - 1))
  if (quirks.cacheControl === true) dropMarks(encoded)
  if (quirks.userAfterTool !== 'answered') return encoded
  return encoded.flatMap((message, index) =>
    message.role === 'user' && encoded[index - 1]?.role === 'tool' ? [ANSWERED, message] : [message],
  )
}

const ANSWERED: Wire = { role: 'assistant', content: '…' }

/** The most marks for the cache that Anthropic takes. */
const MAX_CACHE_MARKS = 4

/** Keeps the last marks for the cache: a request with more is refused. */
function dropMarks(messages: readonly Wire[]): void {
  const marked = messages.flatMap(({ content }) => {
    const last: unknown = Array.isArray(content) ? content.at(-1) : undefined
    return isRecord(last) && last.cache_control !== undefined ? [last] : []
  })
  for (const part of marked.slice(0, -MAX_CACHE_MARKS)) delete part.cache_control
}

/** A turn in which a model said nothing, as other endpoints take it. */
const isEmptyTurn = (message: Message): boolean =>
  message.role === 'assistant' && message.content.trim() === '' && (message.toolCalls ?? []).length === 0

function encodeMessage(message: Message, quirks: ChatQuirks, isLast: boolean): Wire {
  switch (message.role) {
    case 'system':
      return { role: quirks.systemRole ?? 'system', content: encodeContent(message.content, message.cache, quirks) }
    case 'user':
      return { role: 'user', content: encodeContent(message.content, message.cache, quirks) }
    case 'assistant':
      return encodeAssistant(message, quirks, isLast)
    case 'tool':
      return { role: 'tool', tool_call_id: idOf(message.toolCallId, quirks), content: message.content }
  }
}

function encodeAssistant(message: AssistantMessage, quirks: ChatQuirks, isLast: boolean): Wire {
  const calls = message.toolCalls?.map((call) => ({
    id: idOf(call.id, quirks),
    type: 'function',
    function: { name: call.name, arguments: encodeArguments(call) },
  }))
  const hasCalls = calls !== undefined && calls.length > 0
  const { content, ...thoughts } = encodeThoughts(message, quirks, hasCalls)
  return {
    role: 'assistant',
    // A turn that only calls tools has no content, and some endpoints refuse an empty one.
    content: content ?? (hasCalls && message.content.trim() === '' ? null : message.content),
    ...thoughts,
    ...(hasCalls && { tool_calls: calls }),
    ...(quirks.prefix === true && isLast && { prefix: true }),
  }
}

/** The fields that send thoughts back. Those of another provider are omitted: this endpoint can neither verify nor use them. */
function encodeThoughts(message: AssistantMessage, { thoughts: quirk }: ChatQuirks, hasCalls: boolean): Wire {
  if (quirk === undefined) return {}
  const own = message.origin === quirk.origin ? (message.thoughts ?? []) : []
  if (own.length === 0 && !(hasCalls && quirk.neededWithTools === true)) return {}
  const text = own.map((thought) => thought.text).join('')
  switch (quirk.as) {
    case 'reasoning_content':
    case 'reasoning':
      return { [quirk.as]: text }
    case 'reasoning_details':
      return { reasoning_details: own.flatMap((thought) => writeDetails(thought)) }
    case 'thinking': {
      const content = message.content === '' ? [] : [{ type: 'text', text: message.content }]
      return { content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }, ...content] }
    }
  }
}

function encodeContent(content: string | readonly Part[], cache: boolean | undefined, quirks: ChatQuirks): unknown {
  const isMarked = cache === true && quirks.cacheControl === true
  if (typeof content === 'string' && !isMarked) return content
  const parts: Wire[] =
    typeof content === 'string' ? [{ type: 'text', text: content }] : content.map((part) => encodePart(part, quirks))
  const last = parts.at(-1)
  if (isMarked && last !== undefined) last.cache_control = { type: 'ephemeral' }
  return parts
}

function encodePart(part: Part, quirks: ChatQuirks): Wire {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text }
    case 'image':
      return { type: 'image_url', image_url: { url: mediaUrl(part.url, 'images', quirks.imageTypes) } }
    case 'file': {
      const { files = 'file' } = quirks
      if (files === 'none') throw new ChatError('unsupported', 'this endpoint does not accept files')
      const url = mediaUrl(part.url, 'files', quirks.fileTypes)
      if (files === 'document_url') return { type: 'document_url', document_url: url, document_name: part.name }
      if (files === 'file-data' && !url.startsWith('data:')) {
        throw new ChatError('unsupported', 'this endpoint does not accept files by URL: give a data: URL')
      }
      return { type: 'file', file: { file_data: url, filename: part.name ?? fileName(url) } }
    }
  }
}

function idOf(id: string, { shortToolIds, maxToolIdLength }: ChatQuirks): string {
  return shortToolIds === true ? shortToolId(id) : maxToolIdLength === undefined ? id : cutToolId(id, maxToolIdLength)
}
