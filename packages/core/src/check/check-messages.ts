import type { Message, Part } from '../chat.ts'
import { kindOf, mistake, must } from './check.ts'
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
  for (let index = 0; index < messages.length; index++) {
    checkMessage(() => `${who}: messages[${index}]`, messages[index])
  }
}

/** Says where a value is, for the words of a mistake: most values have none, and a conversation has many. */
type Place = () => string

function checkMessage(at: Place, message: unknown): void {
  if (!isRecord(message)) throw mistake(at(), 'a message with role and content', message)
  const { role, content, toolCallId, origin } = message
  if (!isRole(role)) {
    const got = typeof role === 'string' ? `"${shown(role)}"` : kindOf(role)
    throw new TypeError(`${at()}.role must be one of ${ROLES.join(', ')}, got ${got}.`)
  }
  const moved = role === 'assistant' ? Object.keys(MOVED).find((name) => message[name] !== undefined) : undefined
  if (moved !== undefined) {
    throw new TypeError(`${at()}: "${moved}" is not a field: give parts of the content, as ${MOVED[moved] ?? ''}.`)
  }
  checkSpelling(at, message, FIELDS[role])
  const types = PARTS[role]
  if (types.length > 0 && Array.isArray(content)) {
    for (const [index, part] of content.entries()) checkPart(() => `${at()}.content[${index}]`, types, part)
  } else if (typeof content !== 'string') {
    throw mistake(`${at()}.content`, types.length > 0 ? 'a string or an array of parts' : 'a string', content)
  }
  checkCache(at, message.cache)
  if (role === 'tool' && typeof toolCallId !== 'string') {
    throw mistake(`${at()}.toolCallId`, 'the id of the call it answers', toolCallId)
  }
  if (role !== 'assistant' || origin === undefined) return
  const isOrigin = isRecord(origin) && typeof origin.provider === 'string' && typeof origin.model === 'string'
  must(isOrigin, `${at()}.origin`, '{ provider, model }', origin)
}

function checkPart(at: Place, types: readonly PartType[], part: unknown): void {
  if (!isRecord(part)) throw mistake(at(), 'a part, an object with a type', part)
  const type = types.find((each) => each === part.type)
  if (type === undefined) {
    const got = typeof part.type === 'string' ? `"${shown(part.type)}"` : kindOf(part.type)
    throw new TypeError(`${at()}.type must be one of ${types.join(', ')}, got ${got}.`)
  }
  const [texts, others] = PART_FIELDS[type]
  checkSpelling(at, part, ['type', ...texts, ...others])
  for (const name of texts) if (typeof part[name] !== 'string') throw mistake(`${at()}.${name}`, 'a string', part[name])
  checkCache(at, part.cache)
  if (type === 'native') must(isRecord(part.value), `${at()}.value`, 'an object', part.value)
  if (!FORMATS.includes(part.format)) throw mistake(`${at()}.format`, "'json' or 'text'", part.format)
}

const FORMATS: readonly unknown[] = [undefined, 'json', 'text']
const MARKS: readonly unknown[] = [undefined, true, false, '5m', '1h']

/** Refuses a mark for the cache that would be left out unnoticed. `false` means none. */
export function checkCache(at: Place, cache: unknown): void {
  if (!MARKS.includes(cache)) throw mistake(`${at()}.cache`, "true, '5m' or '1h'", cache)
}

/**
 * Refuses a field that is nearly the name of one that is missing, such as `tool_call_id`: it would be left out unnoticed. Other
 * fields are the caller's own: a stored conversation has dates and ids.
 */
function checkSpelling(at: Place, fields: Fields, known: readonly string[]): void {
  for (const name of Object.keys(fields)) {
    if (known.includes(name) || fields[name] === undefined) continue
    const missing = known.filter((field) => fields[field] === undefined)
    const meant = nearest(name, missing)
    if (meant !== undefined) throw new TypeError(`${at()}: unknown field "${shown(name)}". Did you mean "${meant}"?`)
  }
}

const isRole = (role: unknown): role is Message['role'] => typeof role === 'string' && Object.hasOwn(FIELDS, role)
