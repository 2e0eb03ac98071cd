import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider'
import type { CacheMark, ChatRequest, Provider } from '@rivulet/core'
import { extraKeys, isRecord } from '@rivulet/core/provider'
import { KEY } from '../metadata.ts'

/** The fields of a request that the AI SDK has no word for, by their types; under `providerOptions.rivulet`. */
const OWN: Readonly<Record<'session' | 'parallelToolCalls', string>> = {
  session: 'string',
  parallelToolCalls: 'boolean',
}

/**
 * Provider options: under a provider's id or its dialect, body fields as they are sent; under `rivulet`, fields of a request.
 * Every other key is meant for a provider that is not there: it is left out, with a warning.
 */
export function readOptions(
  provider: Provider,
  options: LanguageModelV4CallOptions['providerOptions'],
  warnings: SharedV4Warning[],
): Pick<ChatRequest, 'extra' | 'session' | 'parallelToolCalls'> {
  const known = extraKeys(provider)
  const extra: Record<string, Readonly<Record<string, unknown>>> = {}
  let own: Pick<ChatRequest, 'session' | 'parallelToolCalls'> = {}
  const leaveOut = (name: string, details: string): void => {
    warnings.push({ type: 'unsupported', feature: `providerOptions.${name}`, details })
  }
  for (const [key, fields] of given(options ?? {})) {
    if (key !== KEY && !known.includes(key)) leaveOut(key, `left out: it is none of ${[...known, KEY].join(', ')}`)
    else if (!isRecord(fields)) leaveOut(key, 'left out: it is not an object of options')
    else if (key === KEY) own = ownFields(fields, leaveOut)
    else extra[key] = fields
  }
  return { ...own, ...(Object.keys(extra).length > 0 && { extra }) }
}

/** What has a value: an option that depends on a condition is `undefined` where that does not hold. */
const given = (fields: object): [name: string, value: unknown][] =>
  Object.entries(fields).filter(([, value]) => value !== undefined)

function ownFields(
  fields: object,
  leaveOut: (name: string, details: string) => void,
): Pick<ChatRequest, keyof typeof OWN> {
  const own: Record<string, unknown> = {}
  for (const [name, value] of given(fields)) {
    const type = Object.hasOwn(OWN, name) ? OWN[name as keyof typeof OWN] : undefined
    if (type === typeof value) own[name] = value
    else leaveOut(`${KEY}.${name}`, `left out: ${type === undefined ? 'no such option' : `it is not a ${type}`}`)
  }
  // Each was checked against its type.
  return own
}

/** A mark for the prompt cache: our own, or a vendor's in the AI SDK's words. */
export function cacheOf(options: unknown): CacheMark | undefined {
  if (!isRecord(options)) return undefined
  const own = isRecord(options[KEY]) ? options[KEY].cache : undefined
  if (own === true || own === '5m' || own === '1h') return own
  for (const fields of Object.values(options)) {
    const control = isRecord(fields) ? (fields.cacheControl ?? fields.cache_control) : undefined
    if (!isRecord(control) || control.type !== 'ephemeral') continue
    return control.ttl === '5m' || control.ttl === '1h' ? control.ttl : true
  }
  return undefined
}

/** Headers that have a value. */
export function headersOf(headers: Record<string, string | undefined> | undefined): Record<string, string> | undefined {
  const hasValue = (header: [string, string | undefined]): header is [string, string] => header[1] !== undefined
  return headers && Object.fromEntries(Object.entries(headers).filter(hasValue))
}
