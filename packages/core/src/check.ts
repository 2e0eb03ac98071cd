/** The caller's mistakes: each is a `TypeError` at once that says who, what, and what would work. */

import type { ChatRequest, Message } from './chat.ts'
import { isRecord } from './is-record.ts'
import type { CallOptions, ProviderInfo } from './provider.ts'
import { FIELDS, type SettingName } from './settings.ts'
import { didYouMean } from './suggest.ts'

/** Headers that belong to the connection: a caller who sets one breaks the request, or sends it elsewhere. */
const RESERVED_HEADERS = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'expect', 'upgrade'])
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
// What a field value may hold (RFC 9110, 5.5), as latin1.
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const ROLES: ReadonlySet<unknown> = new Set<Message['role']>(['system', 'user', 'assistant', 'tool'])
const CALL_OPTIONS = [
  'signal',
  'headers',
  'onConnecting',
  'onConnect',
  'elapsedMs',
  'raw',
  'onAttempt',
  'onExchange',
] as const

/** Refuses options that `who` does not know: a misspelt option is never silently the default. */
export function checkOptions(who: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${who}: options must be an object, got ${nameOf(options)}.`)
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    throw new TypeError(`${who}: unknown option "${name}".${didYouMean(name, known)} Options: ${known.join(', ')}.`)
  }
}

/** The headers with their names in lower case; refuses what would not be one header. */
export function checkHeaders(who: string, headers: unknown): Record<string, string> {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw new TypeError(`${who}: headers must be an object of strings, got ${nameOf(headers)}.`)
  }
  const checked: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers as Record<string, unknown>)) {
    if (!HEADER_NAME.test(name)) throw new TypeError(`${who}: headers: ${JSON.stringify(name)} is not a header name.`)
    const lower = name.toLowerCase()
    if (RESERVED_HEADERS.has(lower)) {
      throw new TypeError(`${who}: headers: "${name}" belongs to the connection and can't be set.`)
    }
    if (typeof value !== 'string') {
      throw new TypeError(`${who}: headers: "${name}" must be a string, got ${nameOf(value)}.`)
    }
    if (!HEADER_VALUE.test(value)) {
      // The value may be a secret: it is not shown.
      throw new TypeError(
        `${who}: headers: the value of "${name}" has a line break or a character no header can carry.`,
      )
    }
    checked[lower] = value
  }
  return checked
}

/** A base URL as it is put before a path: checked, without a slash at its end. */
export function checkBaseUrl(who: string, baseUrl: unknown): string {
  const example = 'give scheme, host and path prefix, as in "https://api.example.com/v1"'
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) {
    throw new TypeError(`${who}: baseUrl is not a URL: ${example}.`)
  }
  const url = new URL(baseUrl)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`${who}: baseUrl must be http: or https:, got ${url.protocol}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(`${who}: baseUrl must not carry a user name or password: use the credential's own option.`)
  }
  if (url.search !== '' || url.hash !== '') {
    throw new TypeError(`${who}: baseUrl must not carry a query or fragment: ${example}.`)
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** Refuses call options of a wrong name or type; returns the call's headers. */
export function checkCall(who: string, options: CallOptions | undefined): Record<string, string> {
  if (options === undefined) return {}
  checkOptions(`${who}: stream()`, options, CALL_OPTIONS)
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    throw new TypeError(`${who}: signal must be an AbortSignal, got ${nameOf(options.signal)}.`)
  }
  return options.headers === undefined ? {} : checkHeaders(who, options.headers)
}

/**
 * The request as it is meant: a copy, with the provider's defaults. Refuses one that can't be meant. Fields that the provider does not honour are refused too, or left out of the
 * copy that is returned when `unsupported` is `'ignore'`.
 */
export function checkRequest(
  info: Pick<ProviderInfo, 'name' | 'settings'>,
  request: ChatRequest,
  unsupported: 'reject' | 'ignore',
): ChatRequest {
  const who = info.name
  if (typeof request !== 'object' || (request as unknown) === null) {
    throw new TypeError(`${who}: the request must be an object with model and messages, got ${nameOf(request)}.`)
  }
  const honoured = new Set<string>(info.settings.map((setting) => setting.name))
  const checked: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(request)) {
    if (value === undefined) continue
    if (name === 'extra') {
      if (!isRecord(value)) throw new TypeError(`${who}: extra must be an object of body fields, got ${nameOf(value)}.`)
    } else if (!(name in FIELDS)) {
      const hint = didYouMean(name, Object.keys(FIELDS))
      throw new TypeError(`${who}: unknown field "${name}".${hint} Fields it has no name for go into extra.`)
    } else if (!FIELDS[name as SettingName].holds(value)) {
      throw new TypeError(`${who}: ${name} must be ${needed(name as SettingName)}, got ${nameOf(value)}.`)
    } else if (!honoured.has(name)) {
      if (unsupported === 'ignore') continue
      throw new TypeError(
        `${who} does not support "${name}". It supports: ${[...honoured].join(', ')}.` +
          ` Leave it out, or set unsupported: 'ignore' on the provider.`,
      )
    }
    checked[name] = value
  }
  if (checked.model === undefined) throw new TypeError(`${who}: model is missing: name one, as in { model: 'gpt-4' }.`)
  if (checked.messages === undefined) {
    throw new TypeError(`${who}: messages is missing: give [{ role: 'user', content: 'Hello' }].`)
  }
  checkMessages(who, request.messages)
  for (const { name, default: value } of info.settings) {
    if (value !== undefined && checked[name] === undefined) checked[name] = value
  }
  // Every field was checked against its type, and model and messages are there.
  return checked as unknown as ChatRequest
}

function checkMessages(who: string, messages: readonly unknown[]): void {
  if (messages.length === 0) throw new TypeError(`${who}: messages is empty: give at least one.`)
  for (const [index, message] of messages.entries()) {
    const at = `${who}: messages[${index}]`
    if (!isRecord(message)) throw new TypeError(`${at} must be an object, got ${nameOf(message)}.`)
    if (!ROLES.has(message.role)) {
      const role = typeof message.role === 'string' ? `"${message.role}"` : nameOf(message.role)
      throw new TypeError(`${at}.role must be one of ${[...ROLES].join(', ')}, got ${role}.`)
    }
    const parts = message.role === 'user' && Array.isArray(message.content)
    if (typeof message.content !== 'string' && !parts) {
      throw new TypeError(`${at}.content must be a string, got ${nameOf(message.content)}.`)
    }
    if (parts) checkParts(at, message.content as unknown[])
    if (message.role === 'tool' && typeof message.toolCallId !== 'string') {
      throw new TypeError(`${at}.toolCallId must be the id of the call it answers, got ${nameOf(message.toolCallId)}.`)
    }
  }
}

function checkParts(at: string, parts: readonly unknown[]): void {
  for (const [index, part] of parts.entries()) {
    const known = isRecord(part) && (part.type === 'text' || part.type === 'image' || part.type === 'file')
    if (!known) throw new TypeError(`${at}.content[${index}] must be a part of type text, image or file.`)
    const field = part.type === 'text' ? 'text' : 'url'
    if (typeof part[field] === 'string') continue
    throw new TypeError(`${at}.content[${index}].${field} must be a string, got ${nameOf(part[field])}.`)
  }
}

/** The body as JSON. A circular object or a BigInt is named by its path. */
export function toJson(who: string, body: unknown): string {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    const path = unserializable(body, [], '')
    throw new TypeError(`${who}: ${path ?? 'the request'} can't be written as JSON (circular, or a BigInt).`, { cause })
  }
}

function unserializable(value: unknown, above: unknown[], path: string): string | undefined {
  if (typeof value === 'bigint') return path
  if (typeof value !== 'object' || value === null) return undefined
  if (above.includes(value)) return path
  for (const [name, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${name}]` : path === '' ? name : `.${name}`
    const found = unserializable(inner, [...above, value], path + step)
    if (found !== undefined) return found
  }
  return undefined
}

function needed(name: SettingName): string {
  switch (name) {
    case 'model':
      return 'a string that is not empty'
    case 'temperature':
    case 'topP':
    case 'presencePenalty':
    case 'frequencyPenalty':
      return 'a finite number'
    case 'maxTokens':
      return 'a whole number above 0'
    case 'seed':
      return 'a whole number'
    case 'messages':
      return 'an array of messages'
    default:
      return `of type ${FIELDS[name].type}`
  }
}

/** What a value is, for a message: never the value itself, which may be a secret or endless. */
export function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return String(value)
  return typeof value === 'object' ? 'an object' : typeof value
}
