import type { ChatRequest } from '../chat.ts'
import { checkOptions, must, nameOf } from './check.ts'
import { checkHeaders } from './check-headers.ts'
import { isRecord } from './is-record.ts'
import type { CallOptions, ProviderInfo } from '../provider.ts'
import { FIELDS, type SettingName } from './settings.ts'
import { didYouMean } from './suggest.ts'

const ROLES = ['system', 'user', 'assistant', 'tool']
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

/** Refuses call options of a wrong name or type; returns the call's headers. */
export function checkCall(who: string, options: CallOptions = {}): Record<string, string> {
  checkOptions(`${who}: stream()`, options, CALL_OPTIONS)
  const { signal, headers } = options
  must(signal === undefined || signal instanceof AbortSignal, `${who}: signal`, 'an AbortSignal', signal)
  return checkHeaders(who, headers)
}

/**
 * The request as it is meant: a copy, with the provider's defaults. Refuses one that can't be meant. Fields that the provider
 * does not honour are refused too, or left out of the copy when `unsupported` is `'ignore'`.
 */
export function checkRequest(
  { name: who, settings }: Pick<ProviderInfo, 'name' | 'settings'>,
  request: ChatRequest,
  unsupported: 'reject' | 'ignore',
): ChatRequest {
  const given: unknown = request
  must(isRecord(given), `${who}: the request`, 'an object with model and messages', given)
  const checked: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && checkField(who, settings, name, value, unsupported)) checked[name] = value
  }
  const missing = (what: string): never => {
    throw new TypeError(`${who}: ${what}.`)
  }
  if (checked.model === undefined) missing("model is missing: name one, as in { model: 'gpt-4' }")
  if (checked.messages === undefined) missing("messages is missing: give [{ role: 'user', content: 'Hello' }]")
  if (request.messages.length === 0) missing('messages is empty: give at least one')
  // Callers without types exist.
  request.messages.forEach((message: object, index) => {
    checkMessage(`${who}: messages[${index}]`, message as Record<string, unknown>)
  })
  for (const { name, default: value } of settings) if (value !== undefined) checked[name] ??= value
  // Every field was checked against its type, and model and messages are there.
  return checked as unknown as ChatRequest
}

/** Whether a field of a request is sent. */
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
    throw new TypeError(`${who}: unknown field "${name}".${hint} Fields it has no name for go into extra.`)
  }
  const { type, needed = `of type ${type}`, holds } = FIELDS[name as SettingName]
  must(holds(value), `${who}: ${name}`, needed, value)
  const isHonoured = settings.some((setting) => setting.name === name)
  if (isHonoured || unsupported === 'ignore') return isHonoured
  const supported = settings.map((setting) => setting.name).join(', ')
  throw new TypeError(
    `${who} does not support "${name}". It supports: ${supported}. Leave it out, or set unsupported: 'ignore' on the provider.`,
  )
}

function checkMessage(at: string, { role, content, toolCallId }: Record<string, unknown>): void {
  if (typeof role !== 'string' || !ROLES.includes(role)) {
    const got = typeof role === 'string' ? `"${role}"` : nameOf(role)
    throw new TypeError(`${at}.role must be one of ${ROLES.join(', ')}, got ${got}.`)
  }
  const parts: unknown[] | undefined = role === 'user' && Array.isArray(content) ? content : undefined
  must(parts !== undefined || typeof content === 'string', `${at}.content`, 'a string', content)
  parts?.forEach((part, index) => {
    checkPart(`${at}.content[${index}]`, part)
  })
  const isAnswer = role !== 'tool' || typeof toolCallId === 'string'
  must(isAnswer, `${at}.toolCallId`, 'the id of the call it answers', toolCallId)
}

function checkPart(at: string, part: unknown): void {
  const isPart = isRecord(part) && (part.type === 'text' || part.type === 'image' || part.type === 'file')
  must(isPart, at, 'a part of type text, image or file', part)
  const field = part.type === 'text' ? 'text' : 'url'
  must(typeof part[field] === 'string', `${at}.${field}`, 'a string', part[field])
}
