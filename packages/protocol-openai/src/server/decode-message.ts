import type { AssistantMessage, Message, Part, Thought, ToolCall } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { isEncrypted, readDetail, sealOf } from '../reasoning-details.ts'
import { defined, type Fields } from './fields.ts'

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const

/** A message of a request; `origin` is the provider that the assistant's thoughts are attributed to. */
export function decodeMessage(fields: Fields, origin: string | undefined): Message {
  const role = fields.oneOf('role', ROLES) ?? fields.refuse('role', 'is missing')
  switch (role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: textOf(fields), ...cacheOf(fields) }
    case 'user':
      return { role: 'user', content: userContent(fields), ...cacheOf(fields) }
    case 'assistant':
      return decodeAssistant(fields, origin)
    case 'tool':
      return { role: 'tool', toolCallId: fields.name('tool_call_id'), content: textOf(fields) }
  }
}

function decodeAssistant(fields: Fields, origin: string | undefined): AssistantMessage {
  const calls = fields.objects('tool_calls')?.map(decodeCall) ?? []
  const refusal = fields.text('refusal')
  const hasContent = fields.get('content') !== undefined
  if (!hasContent && calls.length === 0 && refusal === undefined) {
    fields.refuse('content', 'is missing: it may only be left out beside tool_calls')
  }
  const thoughts = thoughtsOf(fields)
  return {
    role: 'assistant',
    content: hasContent ? textOf(fields) : (refusal ?? ''),
    ...(calls.length > 0 && { toolCalls: calls }),
    ...(thoughts.length > 0 && { thoughts, ...defined({ origin }) }),
  }
}

function decodeCall(fields: Fields): ToolCall {
  fields.oneOf('type', ['function'])
  const named = fields.object('function') ?? fields.refuse('function', 'is missing')
  return { type: 'tool-call', id: fields.name('id'), name: named.name('name'), input: named.text('arguments') ?? '{}' }
}

function thoughtsOf(fields: Fields): Thought[] {
  const details = fields.list('reasoning_details')?.filter(isRecord) ?? []
  if (details.length === 0) {
    const text = fields.text('reasoning_content') ?? fields.text('reasoning')
    return text === undefined || text === '' ? [] : [{ text }]
  }
  return details.map((detail) => {
    const { text, proof } = readDetail(detail)
    const seal = sealOf(proof)
    return { text, ...(isEncrypted(proof) || seal.signature !== '' ? seal : {}) }
  })
}

/** The text of a message that consists of text alone, as a string or in parts. */
function textOf(fields: Fields): string {
  const content = fields.get('content')
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return fields.refuse('content', 'must be a string or an array of text parts')
  const parts = fields.objects('content') ?? []
  return parts
    .map((part) => {
      const type = part.oneOf('type', ['text', 'refusal', 'thinking']) ?? part.refuse('type', 'is missing')
      return type === 'thinking' ? '' : (part.text(type) ?? part.refuse(type, 'is missing: it must be a string'))
    })
    .join('')
}

function userContent(fields: Fields): string | Part[] {
  const content = fields.get('content')
  if (typeof content === 'string') return content
  const parts = fields.objects('content') ?? fields.refuse('content', 'is missing')
  if (parts.length === 0) fields.refuse('content', 'is empty: give at least one part')
  const [only] = parts
  // A text becomes a part only to carry the cache mark: read it as text again.
  if (parts.length === 1 && only?.get('cache_control') !== undefined && only.get('type') === 'text') {
    return only.text('text') ?? ''
  }
  return parts.map(decodePart)
}

function decodePart(part: Fields): Part {
  const type = part.oneOf('type', ['text', 'image_url', 'file']) ?? part.refuse('type', 'is missing')
  switch (type) {
    case 'text':
      return { type: 'text', text: part.text('text') ?? part.refuse('text', 'is missing: it must be a string') }
    case 'image_url': {
      const image = part.get('image_url')
      const url =
        typeof image === 'string' ? image : (part.object('image_url') ?? part.refuse(type, 'is missing')).name('url')
      return { type: 'image', url }
    }
    case 'file': {
      const file = part.object('file') ?? part.refuse('file', 'is missing')
      if (file.get('file_id') !== undefined)
        file.refuse('file_id', 'names an upload: give the file itself as file_data')
      return { type: 'file', url: file.name('file_data'), ...defined({ name: file.text('filename') }) }
    }
  }
}

/** Whether the last part marks the content for the prompt cache. */
function cacheOf(fields: Fields): { cache?: true } {
  const content = fields.get('content')
  const last = Array.isArray(content) ? fields.objects('content')?.at(-1) : undefined
  return last?.get('cache_control') === undefined ? {} : { cache: true }
}
