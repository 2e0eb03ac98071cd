import type { ChatRequest } from '../chat.ts'
import { checkOptions, mistake, must } from './check.ts'
import { checkHeaders } from './check-headers.ts'
import { checkMessages } from './check-messages.ts'
import { checkToolChoice, checkTools } from './check-tools.ts'
import { isRecord } from './is-record.ts'
import { MIN_KEY } from '../http/credential.ts'
import { limitsOf } from '../layers/limits.ts'
import type { CallOptions, ProviderInfo, Unsupported } from '../provider.ts'
import { FIELDS, type SettingName } from './settings.ts'
import { didYouMean, shown } from './suggest.ts'

/** What an option of a call may be, as a test and in words. Those that are absent cost nothing: each layer checks each call. */
type Option = readonly [accepts: (value: unknown) => boolean, expected: string]

const FUNCTION: Option = [(value) => typeof value === 'function', 'a function']
const TIME: Option = [(value) => typeof value === 'number' && value >= 0, 'a number of milliseconds']

/** `undefined`: checked in its parts, or by what reads it. */
export const CALL_OPTIONS: Readonly<Record<keyof CallOptions, Option | undefined>> = {
  signal: [(value) => value instanceof AbortSignal, 'an AbortSignal'],
  headers: undefined,
  credentials: undefined,
  onConnecting: FUNCTION,
  onConnect: FUNCTION,
  elapsedMs: TIME,
  restartedMs: TIME,
  deadlines: undefined,
  onBreak: undefined,
  unsupported: [(value) => value === 'reject' || value === 'drop', "'reject' or 'drop'"],
  raw: [(value) => typeof value === 'boolean', 'a boolean'],
  onAttempt: FUNCTION,
  onExchange: FUNCTION,
}

/** Refuses call options with a wrong name or type. Returns the call's headers. */
export function checkCall(
  who: string,
  options: CallOptions | undefined,
  method: 'stream' | 'models' | 'embed' = 'stream',
): Record<string, string> {
  if (options === undefined) return {}
  checkOptions(`${who}: ${method}()`, options, CALL_OPTIONS)
  // Their names are known by now, which the type of Object.keys does not say.
  for (const name of Object.keys(options) as (keyof CallOptions)[]) {
    const value = options[name]
    const option = CALL_OPTIONS[name]
    if (value !== undefined && option?.[0](value) === false) throw mistake(`${who}: ${name}`, option[1], value)
  }
  if (options.deadlines !== undefined) limitsOf(options.deadlines)
  checkCredentials(who, options.credentials)
  return checkHeaders(who, options.headers)
}

/** Their values are not shown. One that is missing is a mistake: the provider would use its own. */
function checkCredentials(who: string, credentials: unknown): void {
  if (credentials === undefined) return
  must(isRecord(credentials), `${who}: credentials`, 'an object of keys by the ids of providers', credentials)
  for (const [id, given] of Object.entries(credentials)) {
    const key: unknown = isRecord(given) ? given.bearer : given
    const isKey = typeof key === 'string' && key.trim().length >= MIN_KEY
    must(isKey, `${who}: credentials: "${shown(id)}"`, `a key of ${MIN_KEY} characters or more`, key)
    checkHeaders(who, { authorization: key })
  }
}

/** Checks a request. Fields that the provider does not support are refused, or left out and named. */
export function checkRequest(
  info: Pick<ProviderInfo, 'name' | 'settings'>,
  request: ChatRequest,
  unsupported: Unsupported,
): CheckedRequest {
  const { name: who, settings } = info
  const fields: unknown = request
  if (!isRecord(fields)) throw mistake(`${who}: the request`, 'an object with model and messages', fields)
  const checked = { ...fields }
  const dropped: string[] = []
  for (const name of Object.keys(checked)) {
    const value = checked[name]
    if (value === undefined || checkField(who, settings, name, value, unsupported)) continue
    dropped.push(name)
    checked[name] = undefined
  }
  const mistaken = missingIn(checked)
  if (mistaken !== undefined) throw new TypeError(`${who}: ${mistaken}.`)
  checkMessages(who, request.messages)
  if (request.tools !== undefined) checkTools(who, request.tools)
  checkToolChoice(who, request)
  settings.forEach(({ name, default: value }) => {
    if (value !== undefined) checked[name] ??= value
  })
  // Every field was checked against its type, and model and messages are there.
  return { request: checked as unknown as ChatRequest, dropped }
}

function missingIn({ model, messages }: Record<string, unknown>): string | undefined {
  if (model === undefined) return "model is missing: pass one, as in { model: 'gpt-4' }"
  if (messages === undefined) return "messages is missing: pass some, as in [{ role: 'user', content: 'Hello' }]"
  return Array.isArray(messages) && messages.length === 0 ? 'messages is empty: pass at least one message' : undefined
}

/** A copy of a request with the provider's defaults. */
export interface CheckedRequest {
  request: ChatRequest
  /** The fields that the provider does not support, and that were left out. */
  dropped: string[]
}

/** Checks a field of a request. Returns whether the provider supports it. */
function checkField(
  who: string,
  settings: ProviderInfo['settings'],
  name: string,
  value: unknown,
  unsupported: Unsupported,
): boolean {
  if (name === 'extra' || name === 'native') {
    must(isRecord(value), `${who}: ${name}`, 'an object', value)
    return true
  }
  if (name === 'session') {
    must(typeof value === 'string', `${who}: session`, 'a string', value)
    return true
  }
  if (!Object.hasOwn(FIELDS, name)) {
    const hint = didYouMean(name, Object.keys(FIELDS))
    throw new TypeError(`${who}: unknown field "${shown(name)}".${hint} Pass provider-specific body fields in extra.`)
  }
  const { type, expected, accepts } = FIELDS[name as SettingName]
  if (!accepts(value)) throw mistake(`${who}: ${name}`, expected ?? `of type ${type}`, value)
  const isSupported = settings.some((setting) => setting.name === name)
  const isMeaning = Object.hasOwn(SAYS_NOTHING, name) && !SAYS_NOTHING[name]?.(value)
  if (isSupported || (unsupported === 'drop' && !isMeaning)) return isSupported
  const supported = settings.map((setting) => setting.name).join(', ')
  const hint = isMeaning ? 'Leave it out, or ask another provider.' : "Leave it out, or set unsupported: 'drop'."
  throw new TypeError(`${who} does not support "${name}". It supports: ${supported}. ${hint}`)
}

/** Fields that are part of what a request means, and their values that change nothing: only these may be left out. */
const SAYS_NOTHING: Readonly<Record<string, (value: unknown) => boolean>> = {
  tools: (value) => Array.isArray(value) && value.length === 0,
  toolChoice: (value) => value === 'auto',
  responseFormat: (value) => value === 'text',
}
