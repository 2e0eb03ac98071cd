import type {
  AssistantMessage,
  AssistantPart,
  CacheMark,
  Message,
  Origin,
  ReasoningPart,
  ToolCallPart,
  UserPart,
} from '@rivulet/core'
import { defined, type Fields, isRecord, readSeal, type Sealed } from '@rivulet/core/provider'
import { FOREIGN_THOUGHTS } from '../client/encode-message.ts'
import { DIALECT } from '../dialect.ts'
import { isEncrypted, readDetail, sealOf } from '../reasoning-details.ts'

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const

/**
 * A message of a request.
 *
 * @param isSealing This server seals the thoughts that it writes: one without a seal is of an unknown author, and left out.
 * @param unnamed Gets the name of what is left out.
 */
export function readMessage(fields: Fields, isSealing: boolean, unnamed: Set<string>): Message {
  const role = fields.oneOf('role', ROLES) ?? fields.refuse('role', 'is missing')
  switch (role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: textOf(fields), ...cacheOf(fields) }
    case 'user':
      return { role: 'user', ...contentOf(fields) }
    case 'assistant':
      return readAssistant(fields, isSealing, unnamed)
    case 'tool':
      return { role: 'tool', toolCallId: fields.name('tool_call_id'), ...contentOf(fields) }
  }
}

function readAssistant(fields: Fields, isSealing: boolean, unnamed: Set<string>): AssistantMessage {
  const calls = fields.objects('tool_calls')?.map(readCall) ?? []
  const refusal = fields.text('refusal')
  const hasContent = fields.get('content') !== undefined
  const natives = nativesOf(fields)
  if (!hasContent && calls.length + natives.length === 0 && refusal === undefined) {
    fields.refuse('content', 'is missing: it may only be left out beside tool_calls')
  }
  const given = thoughtsOf(fields)
  const { thoughts, calls: openedCalls, origin } = opened(given, calls, isSealing)
  if (thoughts.length < given.length) unnamed.add(FOREIGN_THOUGHTS)
  const said = hasContent ? saidParts(fields) : textParts(refusal ?? '')
  const content: AssistantPart[] = [...thoughts, ...said, ...natives, ...openedCalls]
  const isText = content.every((part) => part.type === 'text' && part.cache === undefined)
  return {
    role: 'assistant',
    content: isText ? content.map((part) => (part.type === 'text' ? part.text : '')).join('') : content,
    ...defined({ origin }),
  }
}

function readCall(fields: Fields): ToolCallPart {
  const type = fields.oneOf('type', ['function', 'custom']) ?? 'function'
  const named = fields.object(type) ?? fields.refuse(type, 'is missing')
  const about = { type: 'tool-call', id: fields.name('id'), name: named.name('name') } as const
  const signature = fields.object('extra_content')?.object('google')?.text('thought_signature')
  return type === 'custom'
    ? { ...about, input: named.text('input') ?? '', format: 'text', ...defined({ signature }) }
    : { ...about, input: named.text('arguments') ?? '{}', ...defined({ signature }) }
}

/** Content of a turn that only this dialect has a word for. */
const nativesOf = (fields: Fields): AssistantPart[] =>
  ['annotations', 'audio', 'images'].flatMap((name) => {
    const value = fields.get(name)
    const isEmpty = Array.isArray(value) ? value.length === 0 : !isRecord(value)
    return isEmpty ? [] : [{ type: 'native', dialect: DIALECT, value: { [name]: value } }]
  })

function thoughtsOf(fields: Fields): ReasoningPart[] {
  const details = fields.list('reasoning_details')?.filter(isRecord) ?? []
  const plain = fields.text('reasoning_content') ?? fields.text('reasoning') ?? ''
  if (details.length === 0) return plain === '' ? [] : [{ type: 'reasoning', text: plain }]
  const thoughts: ReasoningPart[] = []
  for (const detail of details) {
    const { text, proof } = readDetail(detail)
    const seal = sealOf(proof)
    const proved = isEncrypted(proof) || seal.signature !== '' ? seal : {}
    const last = thoughts.at(-1)
    // A stream has a thought in pieces, and its signature in the last one.
    const goesOn = last !== undefined && last.signature === undefined && last.sealed === undefined
    if (goesOn && seal.sealed === undefined) thoughts.pop()
    thoughts.push({ type: 'reasoning', text: (goesOn && seal.sealed === undefined ? last.text : '') + text, ...proved })
  }
  // In a stream, the text is in `reasoning_content` alone.
  const [signed, ...others] = thoughts.filter(({ signature }) => signature !== undefined)
  if (signed !== undefined && others.length === 0 && thoughts.every(({ text }) => text === '')) signed.text = plain
  return thoughts
}

/**
 * Thoughts and calls without their seals, and their author. Thoughts of another author than the first are left out, and so are
 * signatures of calls.
 */
function opened(
  thoughts: readonly ReasoningPart[],
  calls: readonly ToolCallPart[],
  isSealing: boolean,
): { thoughts: ReasoningPart[]; calls: ToolCallPart[]; origin?: Origin | undefined } {
  const sealOf = ({ sealed, signature }: { sealed?: string | undefined; signature?: string | undefined }) =>
    readSeal(sealed ?? signature ?? '')
  const author = [...thoughts, ...calls].map(sealOf).find((seal) => seal !== undefined)
  const isAuthors = (seal: Sealed): boolean => seal.provider === author?.provider && seal.model === author.model
  return {
    thoughts: thoughts.flatMap((thought) => {
      const seal = sealOf(thought)
      if (seal === undefined) return isSealing ? [] : [thought]
      if (!isAuthors(seal)) return []
      const proof = thought.sealed === undefined ? { signature: seal.value } : { sealed: seal.value }
      return [{ ...thought, ...proof, ...defined({ id: seal.id }) }]
    }),
    calls: calls.map(({ signature, ...call }) => {
      const seal = sealOf({ signature })
      if (seal === undefined) return isSealing ? call : { ...call, ...defined({ signature }) }
      return isAuthors(seal) ? { ...call, signature: seal.value } : call
    }),
    ...(author && { origin: { provider: author.provider, model: author.model } }),
  }
}

/** The texts of an assistant. Thoughts of another endpoint's among them are left out. */
function saidParts(fields: Fields): AssistantPart[] {
  const content = fields.get('content')
  if (typeof content === 'string') return textParts(content)
  return textFields(fields).flatMap((part) => {
    const [text] = textParts(textIn(part))
    return text === undefined ? [] : [{ ...text, ...markOf(part) }]
  })
}

const textParts = (text: string): { type: 'text'; text: string }[] => (text === '' ? [] : [{ type: 'text', text }])

/** The text of a message that consists of text alone, as a string or in parts. */
function textOf(fields: Fields): string {
  const content = fields.get('content')
  return typeof content === 'string' ? content : textFields(fields).map(textIn).join('')
}

function textFields(fields: Fields): Fields[] {
  if (!Array.isArray(fields.get('content'))) fields.refuse('content', 'must be a string or an array of text parts')
  return fields.objects('content') ?? []
}

function textIn(part: Fields): string {
  const type = part.oneOf('type', ['text', 'refusal', 'thinking']) ?? part.refuse('type', 'is missing')
  return type === 'thinking' ? '' : (part.text(type) ?? part.refuse(type, 'is missing: it must be a string'))
}

/** The content of a user or of a tool. The mark of its last part is the mark of all of it. */
function contentOf(fields: Fields): { content: string | UserPart[]; cache?: CacheMark | undefined } {
  const content = fields.get('content')
  if (typeof content === 'string') return { content }
  const parts = fields.objects('content') ?? fields.refuse('content', 'is missing')
  if (parts.length === 0) fields.refuse('content', 'is empty: give at least one part')
  const last = parts.length - 1
  const read = parts.map((part, index) => ({ ...readPart(part), ...(index < last && markOf(part)) }))
  const cache = cacheOf(fields)
  const [only] = read
  // A text becomes a part to carry the mark: it is read as text again.
  if (read.length === 1 && cache.cache !== undefined && only?.type === 'text') return { content: only.text, ...cache }
  return { content: read, ...cache }
}

function readPart(part: Fields): UserPart {
  const type = part.name('type')
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
    default: {
      // Sound, video and whatever comes next.
      const value = { ...part.all }
      return isRecord(value[type]) || typeof value[type] === 'string'
        ? { type: 'native', dialect: DIALECT, value }
        : part.refuse(
            'type',
            `must be text, image_url, file or the name of a field beside it, got "${type.slice(0, 40)}"`,
          )
    }
  }
}

/** Whether one of the parts marks the content for the prompt cache; the last one's mark is that of the message. */
function cacheOf(fields: Fields): { cache?: CacheMark | undefined } {
  const content = fields.get('content')
  const last = Array.isArray(content) ? fields.objects('content')?.at(-1) : undefined
  return last === undefined ? {} : markOf(last)
}

export function markOf(part: Fields): { cache?: CacheMark } {
  const mark = part.object('cache_control')
  if (mark === undefined) return {}
  const ttl = mark.get('ttl')
  return { cache: ttl === '5m' || ttl === '1h' ? ttl : true }
}
