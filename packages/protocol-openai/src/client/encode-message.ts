import { type AssistantMessage, ChatError, type Message, type Part } from '@rivulet/core'
import type { ChatQuirks } from '../quirks.ts'
import { writeDetails } from '../reasoning-details.ts'
import { shortToolId } from './short-tool-id.ts'

type Wire = Record<string, unknown>

/** A message on the wire; `isLast` when none follows. */
export function encodeMessage(message: Message, quirks: ChatQuirks, isLast: boolean): Wire {
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
  const calls = message.toolCalls?.map(({ id, name, json }) => ({
    id: idOf(id, quirks),
    type: 'function',
    function: { name, arguments: json },
  }))
  const hasCalls = calls !== undefined && calls.length > 0
  const { content, ...thoughts } = encodeThoughts(message, quirks, hasCalls)
  return {
    role: 'assistant',
    // A turn that only calls tools has no content, and some endpoints refuse an empty one.
    content: content ?? (hasCalls && message.content === '' ? null : message.content),
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

function encodePart(part: Part, { files = 'file' }: ChatQuirks): Wire {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text }
    case 'image':
      return { type: 'image_url', image_url: { url: part.url } }
    case 'file': {
      if (files === 'document_url') return { type: 'document_url', document_url: part.url, document_name: part.name }
      const isData = part.url.startsWith('data:')
      if (files === 'none' || (files === 'file-data' && !isData)) {
        const what = files === 'none' ? 'files' : 'files by URL: give a data: URL'
        throw new ChatError('unsupported', `this endpoint does not accept ${what}`)
      }
      return { type: 'file', file: { file_data: part.url, filename: part.name ?? nameOf(part.url) } }
    }
  }
}

/** The API requires a name, and takes the type of the file from its extension. */
const nameOf = (url: string): string => `file${/^data:[^/;,]+\/([a-z0-9]+)/.exec(url)?.[1]?.replace(/^/, '.') ?? ''}`

const idOf = (id: string, quirks: ChatQuirks): string => (quirks.shortToolIds === true ? shortToolId(id) : id)
