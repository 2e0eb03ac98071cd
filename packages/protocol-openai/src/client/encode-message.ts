import {
  type AssistantMessage,
  type AssistantPart,
  type CacheMark,
  ChatError,
  type Message,
  type ToolCallPart,
  type ToolMessage,
  type UserPart,
} from '@rivulet/core'
import {
  callsOf,
  type Dropped,
  hasContent,
  isAuthor,
  isRecord,
  partsOf,
  textCallAsJson,
  textOfParts,
} from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import type { ChatQuirks } from '../quirks.ts'
import { writeDetails } from '../reasoning-details.ts'
import { encodeArguments } from './encode-arguments.ts'
import { fileName, mediaUrl } from './media-url.ts'
import { cutToolId, shortToolId } from './short-tool-id.ts'

export type Wire = Record<string, unknown>

/** One request on its way to an endpoint. */
export interface Sending {
  model: string
  quirks: ChatQuirks
  dropped: Dropped
  /** What bears a mark for the cache, in the order of the prompt. */
  marks: Wire[]
}

/** The messages on the wire. */
export function encodeMessages(messages: readonly Message[], to: Sending): Wire[] {
  const { emptyTurns, userAfterTool } = to.quirks
  const sent = emptyTurns === 'left-out' ? messages.filter((message) => !isEmptyTurn(message)) : messages
  const encoded: Wire[] = []
  /** Content of tool results that goes into a turn of the user after them. */
  let moved: Wire[] = []
  const add = (message: Wire): void => {
    if (userAfterTool === 'answered' && message.role === 'user' && encoded.at(-1)?.role === 'tool') {
      encoded.push(ANSWERED)
    }
    encoded.push(message)
  }
  for (const [index, message] of sent.entries()) {
    if (message.role === 'tool') {
      add(encodeResult(message, moved, to))
      if (sent[index + 1]?.role === 'tool' || moved.length === 0) continue
      add({ role: 'user', content: moved })
      moved = []
    } else if (message.role === 'assistant') add(encodeAssistant(message, to, index === sent.length - 1))
    else {
      const role = message.role === 'system' ? (to.quirks.systemRole ?? 'system') : 'user'
      add({ role, content: encodeContent(message, to) })
    }
  }
  return encoded
}

export const FOREIGN_THOUGHTS = 'reasoning of another model'
const ANSWERED: Wire = { role: 'assistant', content: '…' }

/** A turn in which a model said nothing, as other endpoints take it. */
const isEmptyTurn = (message: Message): boolean =>
  message.role === 'assistant' &&
  !hasContent({ ...message, content: partsOf(message).filter((part) => part.type !== 'native' || isOwn(part)) })

const isOwn = ({ dialect }: { dialect: string }): boolean => dialect === DIALECT

/** A part or a tool with a mark for the cache, if the endpoint takes one. */
export function marked(wire: Wire, cache: CacheMark | undefined, { quirks, dropped, marks }: Sending): Wire {
  if (!cache) return wire
  if (quirks.cacheControl !== true) {
    dropped.add('cache')
    return wire
  }
  const whole = { ...wire, cache_control: { type: 'ephemeral', ...(cache !== true && { ttl: cache }) } }
  marks.push(whole)
  return whole
}

function encodeContent(message: Exclude<Message, AssistantMessage>, to: Sending): unknown {
  const { content, cache } = message
  if (typeof content === 'string') {
    const part = marked({ type: 'text', text: content }, content === '' ? undefined : cache, to)
    return part.cache_control === undefined ? content : [part]
  }
  return content.flatMap((part, index) => {
    const own = part.type === 'native' ? undefined : part.cache
    return encodePart(part, to).map((wire) => marked(wire, own ?? (index === content.length - 1 ? cache : own), to))
  })
}

/** Most endpoints take a text alone as a tool's result. */
function encodeResult(message: ToolMessage, moved: Wire[], to: Sending): Wire {
  const id = idOf(message.toolCallId, to.quirks)
  const parts = partsOf(message)
  const others = parts.filter(({ type }) => type !== 'text')
  if (to.quirks.toolResults === 'parts' || others.length === 0) {
    const isText = to.quirks.toolResults !== 'parts' && message.cache === undefined
    return { role: 'tool', tool_call_id: id, content: isText ? textOfParts(parts) : encodeContent(message, to) }
  }
  const media = others.flatMap((part) => encodePart(part, to))
  if (media.length > 0) {
    to.dropped.add("images of tool results sent as a user's turn")
    moved.push({ type: 'text', text: `From the result of tool call ${id}:` }, ...media)
  }
  return { role: 'tool', tool_call_id: id, content: textOfParts(parts) || '(in the next message)' }
}

function encodeAssistant(message: AssistantMessage, to: Sending, isLast: boolean): Wire {
  const parts = partsOf(message)
  const calls = callsOf(message).map((call) => encodeCall(call, to))
  const hasCalls = calls.length > 0
  const { content, ...thoughts } = encodeThoughts(message, parts, hasCalls, to)
  const text = textOfParts(parts)
  return {
    ...encodeNative(parts, to),
    role: 'assistant',
    // A turn that only calls tools has no content, and some endpoints refuse an empty one.
    content: content ?? (hasCalls && text.trim() === '' ? null : encodeSaid(parts, to)),
    ...thoughts,
    ...(hasCalls && { tool_calls: calls }),
    ...(to.quirks.prefix === true && isLast && { prefix: true }),
  }
}

/** What an assistant said: a text, or parts where one bears a mark. */
function encodeSaid(parts: readonly AssistantPart[], to: Sending): unknown {
  const texts = parts.filter((part) => part.type === 'text')
  const said = texts.map(({ text, cache }) => marked({ type: 'text', text }, cache, to))
  return said.some((part) => part.cache_control !== undefined) ? said : textOfParts(texts)
}

function encodeCall(call: ToolCallPart, { quirks }: Sending): Wire {
  const id = idOf(call.id, quirks)
  if (call.format === 'text' && quirks.customTools === true) {
    return { id, type: 'custom', custom: { name: call.name, input: call.input } }
  }
  return { id, type: 'function', function: { name: call.name, arguments: encodeArguments(textCallAsJson(call)) } }
}

/** The fields of the message that only this dialect has a word for, as they came. */
function encodeNative(parts: readonly AssistantPart[], to: Sending): Wire {
  const fields: Wire = {}
  for (const part of parts) {
    if (part.type !== 'native') continue
    if (!isOwn(part)) to.dropped.add(`native parts of ${part.dialect}`)
    else {
      for (const [name, value] of Object.entries(part.value)) {
        const before = fields[name]
        if (Array.isArray(before) && Array.isArray(value))
          fields[name] = [...(before as unknown[]), ...(value as unknown[])]
        // Sound that has come goes back by its id alone.
        else if (name !== 'audio') fields[name] = value
        else if (isRecord(value) && value.id !== undefined) fields.audio = { id: value.id }
      }
    }
  }
  return fields
}

/** The fields that send thoughts back. Those of another author are left out: this endpoint can neither verify nor use them. */
function encodeThoughts(
  { origin }: AssistantMessage,
  parts: readonly AssistantPart[],
  hasCalls: boolean,
  { model, quirks: { thoughts: quirk }, dropped }: Sending,
): Wire {
  const thoughts = parts.filter((part) => part.type === 'reasoning')
  // Of an endpoint that takes no thoughts, only the model is known.
  const isOfModel = isAuthor(origin, quirk?.origin ?? origin?.provider ?? '', model)
  if (thoughts.length > 0 && !isOfModel) dropped.add(FOREIGN_THOUGHTS)
  if (quirk === undefined) return {}
  const own = isOfModel ? thoughts : []
  if (own.length === 0 && !(hasCalls && quirk.neededWithTools === true)) return {}
  switch (quirk.as) {
    case 'reasoning_content':
    case 'reasoning':
      return { [quirk.as]: own.map(({ text }) => text).join('') }
    case 'reasoning_details':
      return { reasoning_details: own.flatMap((thought) => writeDetails(thought)) }
    case 'thinking':
      return { content: inOrder(parts) }
  }
}

/** Thoughts and texts as parts, in the order of the turn. */
function inOrder(parts: readonly AssistantPart[]): Wire[] {
  const content: Wire[] = []
  let thinking: { type: 'text'; text: string } | undefined
  for (const part of parts) {
    if (part.type === 'reasoning') {
      if (thinking === undefined) {
        thinking = { type: 'text', text: '' }
        content.push({ type: 'thinking', thinking: [thinking] })
      }
      thinking.text += part.text
    } else if (part.type === 'text' && part.text !== '') {
      thinking = undefined
      content.push({ type: 'text', text: part.text })
    }
  }
  return content
}

/** A part on the wire; none for a native part of another dialect. */
function encodePart(part: UserPart, { quirks, dropped }: Sending): Wire[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }]
    case 'image':
      return [{ type: 'image_url', image_url: { url: mediaUrl(part.url, 'images', quirks.imageTypes) } }]
    case 'native':
      if (isOwn(part)) return [part.value]
      dropped.add(`native parts of ${part.dialect}`)
      return []
    case 'file': {
      const { files = 'file' } = quirks
      if (files === 'none') throw new ChatError('unsupported', 'this endpoint does not accept files')
      const url = mediaUrl(part.url, 'files', quirks.fileTypes)
      if (files === 'document_url') return [{ type: 'document_url', document_url: url, document_name: part.name }]
      if (files === 'file-data' && !url.startsWith('data:')) {
        throw new ChatError('unsupported', 'this endpoint does not accept files by URL: give a data: URL')
      }
      return [{ type: 'file', file: { file_data: url, filename: part.name ?? fileName(url) } }]
    }
  }
}

export function idOf(id: string, { shortToolIds, maxToolIdLength }: ChatQuirks): string {
  return shortToolIds === true ? shortToolId(id) : maxToolIdLength === undefined ? id : cutToolId(id, maxToolIdLength)
}
