import type { Message, Part } from '../chat.ts'
import { kindOf, must } from './check.ts'
import { isRecord } from './is-record.ts'
import { nearest, shown } from './suggest.ts'

type Fields = Readonly<Record<string, unknown>>
type PartType = Part['type']

const FIELDS: Readonly<Record<Message['role'], readonly string[]>> = {
  system: ['role', 'content', 'cache'],
  user: ['role', 'content', 'cache'],
  assistant: ['role', 'content', 'origin'],
  tool: ['role', 'toolCallId', 'content', 'isError', 'cache'],
}
const ROLES = Object.keys(FIELDS)

/** The parts that the content of a message may have. */
const PARTS: Readonly<Record<Message['role'], readonly PartType[]>> = {
  system: [],
  user: ['text', 'image', 'file', 'native'],
  assistant: ['text', 'reasoning', 'tool-call', 'native'],
  tool: ['text', 'image', 'file', 'native'],
}

/** The texts that a part must have, and the fields that it may have besides. */
const PART_FIELDS: Readonly<Record<PartType, readonly [texts: readonly string[], others: readonly string[]]>> = {
  text: [['text'], ['cache', 'signature']],
  image: [['url'], ['cache']],
  file: [['url'], ['name', 'cache']],
  reasoning: [['text'], ['signature', 'sealed', 'id']],
  'tool-call': [
    ['id', 'name', 'input'],
    ['format', 'signature'],
  ],
  native: [['dialect'], ['value']],
}

/** Fields of other libraries' messages that would be left out unnoticed. */
const MOVED: Readonly<Record<string, string>> = {
  toolCalls: "{ type: 'tool-call', id, name, input }",
  tool_calls: "{ type: 'tool-call', id, name, input }",
  thoughts: "{ type: 'reasoning', text }",
}

/** Refuses messages that are none. Callers without TypeScript may pass anything, arrays with holes too. */
export function checkMessages(who: string, messages: readonly unknown[]): void {
  // Not forEach: it skips the holes of an array.
  for (const [index, message] of messages.entries()) checkMessage(`${who}: messages[${index}]`, message)
}

function checkMessage(at: string, message: unknown): void {
  must(isRecord(message), at, 'a message with role and content', message)
  const { role, content, toolCallId, origin } = message
  if (!isRole(role)) {
    const got = typeof role === 'string' ? `"${shown(role)}"` : kindOf(role)
    throw new TypeError(`${at}.role must be one of ${ROLES.join(', ')}, got ${got}.`)
  }
  const moved = role === 'assistant' ? Object.keys(MOVED).find((name) => message[name] !== undefined) : undefined
  if (moved !== undefined) {
    throw new TypeError(`${at}: "${moved}" is not a field: give parts of the content, as ${MOVED[moved] ?? ''}.`)
  }
  checkSpelling(at, message, FIELDS[role])
  const types = PARTS[role]
  const parts: unknown[] | undefined = types.length > 0 && Array.isArray(content) ? content : undefined
  const expected = types.length > 0 ? 'a string or an array of parts' : 'a string'
  must(parts !== undefined || typeof content === 'string', `${at}.content`, expected, content)
  for (const [index, part] of parts?.entries() ?? []) checkPart(`${at}.content[${index}]`, types, part)
  checkCache(at, message.cache)
  const hasId = role !== 'tool' || typeof toolCallId === 'string'
  must(hasId, `${at}.toolCallId`, 'the id of the call it answers', toolCallId)
  const isOrigin = isRecord(origin) && typeof origin.provider === 'string' && typeof origin.model === 'string'
  must(role !== 'assistant' || origin === undefined || isOrigin, `${at}.origin`, '{ provider, model }', origin)
}

function checkPart(at: string, types: readonly PartType[], part: unknown): void {
  must(isRecord(part), at, 'a part, an object with a type', part)
  const type = types.find((each) => each === part.type)
  if (type === undefined) {
    const got = typeof part.type === 'string' ? `"${shown(part.type)}"` : kindOf(part.type)
    throw new TypeError(`${at}.type must be one of ${types.join(', ')}, got ${got}.`)
  }
  const [texts, others] = PART_FIELDS[type]
  checkSpelling(at, part, ['type', ...texts, ...others])
  for (const name of texts) must(typeof part[name] === 'string', `${at}.${name}`, 'a string', part[name])
  checkCache(at, part.cache)
  must(type !== 'native' || isRecord(part.value), `${at}.value`, 'an object', part.value)
  const isFormat = [undefined, 'json', 'text'].includes(part.format as undefined)
  must(isFormat, `${at}.format`, "'json' or 'text'", part.format)
}

/** Refuses a mark for the cache that would be left out unnoticed. `false` means none. */
export function checkCache(at: string, cache: unknown): void {
  const isMark = [undefined, true, false, '5m', '1h'].includes(cache as undefined)
  must(isMark, `${at}.cache`, "true, '5m' or '1h'", cache)
}

/**
 * Refuses a field that is nearly the name of one that is missing, such as `tool_call_id`: it would be left out unnoticed. Other
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

const isRole = (role: unknown): role is Message['role'] => typeof role === 'string' && Object.hasOwn(FIELDS, role)
