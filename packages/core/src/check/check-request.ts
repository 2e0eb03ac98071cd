import type { ChatRequest, Part } from '../chat.ts'
import { checkOptions, kindOf, must } from './check.ts'
import { checkHeaders } from './check-headers.ts'
import { isRecord } from './is-record.ts'
import type { CallOptions, ProviderInfo } from '../provider.ts'
import { FIELDS, type SettingName } from './settings.ts'
import { didYouMean, shown } from './suggest.ts'

const ROLES = ['system', 'user', 'assistant', 'tool']

/** The field that each type of part must have, as text. */
const PART_FIELDS: Readonly<Record<Part['type'], 'text' | 'url'>> = { text: 'text', image: 'url', file: 'url' }

export const CALL_OPTIONS: Readonly<Record<keyof CallOptions, true>> = {
  signal: true,
  headers: true,
  onConnecting: true,
  onConnect: true,
  elapsedMs: true,
  raw: true,
  onAttempt: true,
  onExchange: true,
}

/** Refuses call options with a wrong name or type. Returns the call's headers. */
export function checkCall(
  who: string,
  options: CallOptions = {},
  method: 'stream' | 'models' | 'embed' = 'stream',
): Record<string, string> {
  checkOptions(`${who}: ${method}()`, options, CALL_OPTIONS)
  const { signal, headers } = options
  must(signal === undefined || signal instanceof AbortSignal, `${who}: signal`, 'an AbortSignal', signal)
  return checkHeaders(who, headers)
}

/**
 * Checks a request and returns a copy with the provider's defaults. Fields that the provider does not support are refused too,
 * or left out of the copy when `unsupported` is `'ignore'`.
 */
export function checkRequest(
  { name: who, settings }: Pick<ProviderInfo, 'name' | 'settings'>,
  request: ChatRequest,
  unsupported: 'reject' | 'ignore',
): ChatRequest {
  const fields: unknown = request
  must(isRecord(fields), `${who}: the request`, 'an object with model and messages', fields)
  const checked: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && checkField(who, settings, name, value, unsupported)) checked[name] = value
  }
  const refuse = (what: string): never => {
    throw new TypeError(`${who}: ${what}.`)
  }
  if (checked.model === undefined) refuse("model is missing: pass one, as in { model: 'gpt-4' }")
  if (checked.messages === undefined)
    refuse("messages is missing: pass some, as in [{ role: 'user', content: 'Hello' }]")
  if (request.messages.length === 0) refuse('messages is empty: pass at least one message')
  // Callers without TypeScript may pass anything.
  request.messages.forEach((message: object, index) => {
    checkMessage(`${who}: messages[${index}]`, message as Record<string, unknown>)
  })
  for (const { name, default: value } of settings) if (value !== undefined) checked[name] ??= value
  // Every field was checked against its type, and model and messages are there.
  return checked as unknown as ChatRequest
}

/** Checks a field of a request. Returns whether it is sent. */
function checkField(
  who: string,
  settings: ProviderInfo['settings'],
  name: string,
  value: unknown,
  unsupported: 'reject' | 'ignore',
): boolean {
  if (name === 'extra') {
    must(isRecord(value), `${who}: extra`, 'an object of body fields', value)
    return true
  }
  if (!Object.hasOwn(FIELDS, name)) {
    const hint = didYouMean(name, Object.keys(FIELDS))
    throw new TypeError(`${who}: unknown field "${shown(name)}".${hint} Pass provider-specific body fields in extra.`)
  }
  const { type, expected = `of type ${type}`, accepts } = FIELDS[name as SettingName]
  must(accepts(value), `${who}: ${name}`, expected, value)
  const isSupported = settings.some((setting) => setting.name === name)
  if (isSupported || unsupported === 'ignore') return isSupported
  const supported = settings.map((setting) => setting.name).join(', ')
  throw new TypeError(
    `${who} does not support "${name}". It supports: ${supported}. Leave it out, or set unsupported: 'ignore' on the provider.`,
  )
}

function checkMessage(at: string, { role, content, toolCallId }: Record<string, unknown>): void {
  if (typeof role !== 'string' || !ROLES.includes(role)) {
    const got = typeof role === 'string' ? `"${role}"` : kindOf(role)
    throw new TypeError(`${at}.role must be one of ${ROLES.join(', ')}, got ${got}.`)
  }
  const parts: unknown[] | undefined = role === 'user' && Array.isArray(content) ? content : undefined
  const expected = role === 'user' ? 'a string or an array of parts' : 'a string'
  must(parts !== undefined || typeof content === 'string', `${at}.content`, expected, content)
  parts?.forEach((part, index) => {
    checkPart(`${at}.content[${index}]`, part)
  })
  const hasId = role !== 'tool' || typeof toolCallId === 'string'
  must(hasId, `${at}.toolCallId`, 'the id of the call it answers', toolCallId)
}

function checkPart(at: string, part: unknown): void {
  must(isRecord(part) && isPartType(part.type), at, 'a part of type text, image or file', part)
  const field = PART_FIELDS[part.type]
  must(typeof part[field] === 'string', `${at}.${field}`, 'a string', part[field])
}

const isPartType = (type: unknown): type is Part['type'] => typeof type === 'string' && Object.hasOwn(PART_FIELDS, type)
