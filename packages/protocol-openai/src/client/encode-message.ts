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
import { callsOf, type Dropped, hasContent, isAuthor, isRecord, partsOf, textCallAsJson } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import type { ChatQuirks, PrefixQuirk } from '../quirks.ts'
import { writeDetails } from '../reasoning-details.ts'
import { encodeArguments } from './encode-arguments.ts'
import { fileName, mediaUrl } from './media-url.ts'
import { cutToolId, shortToolId } from './short-tool-id.ts'

export type Wire = Record<string, unknown>

/** One request on its way to an endpoint. */
export interface Sending {
  model: string
  quirks: ChatQuirks
  /** How the last message, an assistant's, is to be continued; absent when it is not. */
  prefix?: PrefixQuirk['as'] | undefined
  dropped: Dropped
  /** What bears a mark for the cache, in the order of the prompt. */
  marks: Wire[]
}

/** The messages on the wire. */
export function encodeMessages(messages: readonly Message[], to: Sending): Wire[] {
  const { emptyTurns, userAfterTool, systemRole = 'system', systemMessages } = to.quirks
  const own = messages.map((message) => withoutForeign(message, to))
  const sent = emptyTurns === 'left-out' ? own.filter((turn) => turn.role !== 'assistant' || hasContent(turn)) : own
  const encoded: Wire[] = []
  /** Content of tool results that goes into a turn of the user after them. */
  let moved: Wire[] = []
  const add = (message: Wire): void => {
    const before = encoded.at(-1)
    if (systemMessages === 'one' && message.role === systemRole && before?.role === systemRole) {
      before.content = joined(before.content, message.content)
      return
    }
    const isAfterTool = message.role === 'user' && before?.role === 'tool'
    if (isAfterTool && userAfterTool === 'answered') encoded.push({ role: 'assistant', content: '…' })
    encoded.push(message)
  }
  for (const [index, message] of sent.entries()) {
    const next = sent[index + 1]
    if (message.role === 'tool') {
      add(encodeResult(message, moved, to))
      if (next?.role === 'tool' || moved.length === 0) continue
      add({ role: 'user', content: moved })
      moved = []
    } else if (message.role === 'assistant') add(encodeAssistant(message, to, next === undefined))
    else add({ role: message.role === 'system' ? systemRole : 'user', content: encodeContent(message, to) })
  }
  return encoded
}

/** Two contents as one: texts, unless one of them bears a mark. */
function joined(one: unknown, other: unknown): unknown {
  if (typeof one === 'string' && typeof other === 'string') return `${one}\n\n${other}`
  return [one, other].flatMap((content): unknown =>
    typeof content === 'string' ? { type: 'text', text: content } : content,
  )
}

export const FOREIGN_THOUGHTS = 'reasoning of another model'

/** The message without parts that only another dialect has a word for. */
function withoutForeign<M extends Message>(message: M, { dropped, quirks }: Sending): M {
  if (typeof message.content === 'string') return message
  const content = partsOf(message).filter((part) => {
    const isOwn = part.type !== 'native' || (part.dialect === DIALECT && quirks.content !== 'text')
    if (!isOwn) dropped.add(`native parts of ${part.dialect}`)
    return isOwn
  })
  return content.length === message.content.length ? message : { ...message, content }
}

/** A part or a tool with a mark for the cache, if the endpoint takes one. */
export function marked(wire: Wire, cache: CacheMark | undefined, { quirks, marks }: Sending): Wire {
  if (!cache || quirks.cacheControl !== true) return wire
  const whole = { ...wire, cache_control: { type: 'ephemeral', ...(cache !== true && { ttl: cache }) } }
  marks.push(whole)
  return whole
}

/** The content as a string where it is one, and bears no mark. */
function encodeContent(message: Exclude<Message, AssistantMessage>, to: Sending): string | Wire[] {
  const { content, cache } = message
  if (typeof content === 'string' && !cache) return content
  const parts = partsOf(message)
  // An empty list is refused.
  if (parts.length === 0) {
    if (cache) to.dropped.add('cache')
    return ''
  }
  const encoded = parts.map((part, index) => {
    const own = part.type === 'native' ? undefined : part.cache
    return marked(encodePart(part, to.quirks), own ?? (index === parts.length - 1 ? cache : own), to)
  })
  const isText = typeof content === 'string' || to.quirks.content === 'text'
  return isText && !encoded.some(isMarked) ? textIn(encoded) : encoded
}

const isMarked = (wire: Wire): boolean => wire.cache_control !== undefined

const textIn = (parts: readonly Wire[]): string => parts.map(({ text = '' }) => String(text)).join('')

/** Most endpoints take a text alone as a tool's result. */
function encodeResult(message: ToolMessage, moved: Wire[], to: Sending): Wire {
  const result = { role: 'tool', tool_call_id: idOf(message.toolCallId, to.quirks) }
  const content = encodeContent(message, to)
  if (typeof content === 'string' || to.quirks.toolResults === 'parts') return { ...result, content }
  const media = content.filter(({ type }) => type !== 'text')
  const text = textIn(content)
  if (media.length === 0) return { ...result, content: text }
  to.dropped.add("images of tool results sent as a user's turn")
  moved.push({ type: 'text', text: `From the result of tool call ${result.tool_call_id}:` }, ...media)
  return { ...result, content: text || '(in the next message)' }
}

function encodeAssistant(message: AssistantMessage, to: Sending, isLast: boolean): Wire {
  const parts = partsOf(message)
  const calls = callsOf(message).map((call) => encodeCall(call, to.quirks))
  const hasCalls = calls.length > 0
  const firstCall = parts.findIndex(({ type }) => type === 'tool-call')
  // The text of a turn has one place, before its calls.
  if (hasCalls && parts.slice(firstCall).some(({ type }) => type === 'text')) to.dropped.add('order of a turn')
  const { content, ...thoughts } = encodeThoughts(message, parts, hasCalls, to)
  const said = parts.flatMap((part) =>
    part.type === 'text' ? [marked(encodePart(part, to.quirks), part.cache, to)] : [],
  )
  const text = textIn(said)
  return {
    ...encodeNative(parts),
    role: 'assistant',
    // A turn that only calls tools has no content, and some endpoints refuse an empty one.
    content: content ?? (hasCalls && text.trim() === '' ? null : said.some(isMarked) ? said : text),
    ...thoughts,
    ...(hasCalls && { tool_calls: calls }),
    ...(to.prefix === 'prefix' && isLast && { prefix: true }),
  }
}

function encodeCall(call: ToolCallPart, quirks: ChatQuirks): Wire {
  const id = idOf(call.id, quirks)
  if (call.format === 'text' && quirks.customTools === true) {
    return { id, type: 'custom', custom: { name: call.name, input: call.input } }
  }
  return { id, type: 'function', function: { name: call.name, arguments: encodeArguments(textCallAsJson(call)) } }
}

/** The fields of a turn that only this dialect has a word for, as they came; of lists, all items. */
function encodeNative(parts: readonly AssistantPart[]): Wire {
  const fields: Wire = {}
  for (const part of parts) {
    if (part.type !== 'native') continue
    for (const [name, value] of Object.entries(part.value)) {
      const before = fields[name]
      if (Array.isArray(before) && Array.isArray(value))
        fields[name] = [...(before as unknown[]), ...(value as unknown[])]
      // Sound that has come goes back by its id alone.
      else if (name !== 'audio') fields[name] = value
      else if (isRecord(value) && value.id !== undefined) fields.audio = { id: value.id }
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
  if (quirk === undefined) {
    // The text alone would be of no use to its model.
    const isSigned = thoughts.some(({ signature, sealed }) => (signature ?? sealed) !== undefined)
    if (isOfModel && isSigned) dropped.add('reasoning with a signature')
    return {}
  }
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

function encodePart(part: UserPart, quirks: ChatQuirks): Wire {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text }
    case 'image':
      return { type: 'image_url', image_url: { url: mediaUrl(part.url, 'images', quirks.imageTypes) } }
    case 'native':
      return part.value
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

export function idOf(id: string, { shortToolIds, maxToolIdLength }: ChatQuirks): string {
  return shortToolIds === true ? shortToolId(id) : maxToolIdLength === undefined ? id : cutToolId(id, maxToolIdLength)
}
