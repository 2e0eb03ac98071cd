import type { Message, Part } from '../chat.ts'
import { kindOf, must } from './check.ts'
import { isRecord } from './is-record.ts'
import { nearest, shown } from './suggest.ts'

type Fields = Readonly<Record<string, unknown>>

const FIELDS: Readonly<Record<Message['role'], readonly string[]>> = {
  system: ['role', 'content', 'cache'],
  user: ['role', 'content', 'cache'],
  assistant: ['role', 'content', 'toolCalls', 'thoughts', 'origin'],
  tool: ['role', 'toolCallId', 'content', 'isError'],
}
const ROLES = Object.keys(FIELDS)

/** The field that each type of part must have, as text. */
const PART_FIELDS: Readonly<Record<Part['type'], 'text' | 'url'>> = { text: 'text', image: 'url', file: 'url' }

/** What each field of a call in a conversation must be. */
const CALL_FIELDS = { id: 'a string', name: 'a string', json: 'the arguments as JSON text' }

/** Refuses messages that are none. Callers without TypeScript may pass anything, arrays with holes too. */
export function checkMessages(who: string, messages: readonly unknown[]): void {
  // Not forEach: it skips the holes of an array.
  for (const [index, message] of messages.entries()) checkMessage(`${who}: messages[${index}]`, message)
}

function checkMessage(at: string, message: unknown): void {
  must(isRecord(message), at, 'a message with role and content', message)
  const { role, content, toolCallId, toolCalls, thoughts } = message
  if (!isRole(role)) {
    const got = typeof role === 'string' ? `"${shown(role)}"` : kindOf(role)
    throw new TypeError(`${at}.role must be one of ${ROLES.join(', ')}, got ${got}.`)
  }
  checkSpelling(at, message, FIELDS[role])
  const parts: unknown[] | undefined = role === 'user' && Array.isArray(content) ? content : undefined
  const expected = role === 'user' ? 'a string or an array of parts' : 'a string'
  must(parts !== undefined || typeof content === 'string', `${at}.content`, expected, content)
  for (const [index, part] of parts?.entries() ?? []) checkPart(`${at}.content[${index}]`, part)
  const hasId = role !== 'tool' || typeof toolCallId === 'string'
  must(hasId, `${at}.toolCallId`, 'the id of the call it answers', toolCallId)
  if (role !== 'assistant') return
  for (const [index, call] of listOf(`${at}.toolCalls`, toolCalls, 'calls').entries()) {
    const place = `${at}.toolCalls[${index}]`
    must(isRecord(call), place, 'a call with id, name and json', call)
    checkSpelling(place, call, Object.keys(CALL_FIELDS))
    for (const [name, kind] of Object.entries(CALL_FIELDS))
      must(typeof call[name] === 'string', `${place}.${name}`, kind, call[name])
  }
  for (const [index, thought] of listOf(`${at}.thoughts`, thoughts, 'thoughts').entries()) {
    const isThought = isRecord(thought) && typeof thought.text === 'string'
    must(isThought, `${at}.thoughts[${index}]`, 'a thought with its text', thought)
  }
}

function checkPart(at: string, part: unknown): void {
  must(isRecord(part) && isPartType(part.type), at, 'a part of type text, image or file', part)
  const field = PART_FIELDS[part.type]
  must(typeof part[field] === 'string', `${at}.${field}`, 'a string', part[field])
}

/**
 * Refuses a field that is nearly the name of one that is missing, such as `tool_calls`: it would be left out unnoticed. Other
 * fields are the caller's own: a stored conversation has dates and ids.
 */
function checkSpelling(at: string, fields: Fields, known: readonly string[]): void {
  for (const name of Object.keys(fields)) {
    if (known.includes(name) || fields[name] === undefined) continue
    const missing = known.filter((field) => fields[field] === undefined)
    const meant = nearest(name, missing)
    if (meant !== undefined) throw new TypeError(`${at}: unknown field "${shown(name)}". Did you mean "${meant}"?`)
  }
}

function listOf(at: string, list: unknown, of: string): readonly unknown[] {
  must(list === undefined || Array.isArray(list), at, `an array of ${of}`, list)
  return list ?? []
}

const isRole = (role: unknown): role is Message['role'] => typeof role === 'string' && Object.hasOwn(FIELDS, role)

const isPartType = (type: unknown): type is Part['type'] => typeof type === 'string' && Object.hasOwn(PART_FIELDS, type)
