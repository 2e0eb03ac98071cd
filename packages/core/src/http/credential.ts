import { kindOf } from '../check/check.ts'
import type { CallOptions } from '../provider.ts'
import { type Authorization, bearer } from './authorization.ts'

/** An API key as the credential of a factory. */
export interface ApiKey {
  /** The factory's option for the key. @default 'apiKey' */
  option?: 'apiKey' | 'auth' | undefined
  /** The environment variables that may hold it. The first that is set is read when the factory is called. */
  env: string | readonly string[]
  /** Where the key goes in a request: `bearer`, or `apiKeyHeader()` or `queryKey()` with a name. */
  as: (key: string) => Authorization
}

/**
 * The value of an environment variable; `undefined` when it is unset or blank, where there is no environment, and where the
 * program may not read it, as under Deno without `--allow-env`.
 */
export function environment(name: string): string | undefined {
  try {
    const value = typeof process === 'undefined' ? undefined : process.env[name]
    return value?.trim() === '' ? undefined : value
  } catch {
    return undefined
  }
}

/** A shorter one cannot be a key, and every message would lose all the letters that are the same: secrets are replaced in them. */
export const MIN_KEY = 2

/**
 * Reads the credential from its option, or else from the environment.
 *
 * @throws TypeError when the option is set to anything but a non-empty string, and for a key of a single character. Its value
 *   is not shown.
 */
export function apiKeyOf(
  who: string,
  { option = 'apiKey', env, as }: ApiKey,
  options: object,
): Authorization | undefined {
  const value: unknown = option in options ? options[option as keyof typeof options] : undefined
  const variables = [env].flat()
  const variable = value === undefined ? variables.find((name) => environment(name) !== undefined) : undefined
  const key = variable === undefined ? value : environment(variable)
  if (key === undefined) return undefined
  if (typeof key !== 'string' || key.trim() === '') {
    const orSet = variables.length === 0 ? '' : ` Or set ${variables.join(' or ')}.`
    throw new TypeError(`${who}: ${option} must be a string that is not empty, got ${kindOf(key)}.${orSet}`)
  }
  if (key.trim().length >= MIN_KEY) return as(key)
  throw new TypeError(`${who}: ${variable ?? option} is a single character, too short for a key.`)
}

/** Where a missing credential can be set, for an error message: `the apiKey option or OPENAI_API_KEY`. */
export function credentialSources(apiKey: ApiKey | undefined): string {
  if (apiKey === undefined) return 'the apiKey option'
  return [`the ${apiKey.option ?? 'apiKey'} option`, ...[apiKey.env].flat()].join(' or ')
}

/** The credential that a call has for a provider, in place of the provider's own. */
export function credentialOfCall(
  id: string,
  apiKey: ApiKey | undefined,
  call: CallOptions | undefined,
): Authorization | undefined {
  const { credentials = {} } = call ?? {}
  // A provider may have the name of what every object has.
  const given = Object.hasOwn(credentials, id) ? credentials[id] : undefined
  if (given === undefined) return undefined
  return typeof given === 'string' ? (apiKey?.as ?? bearer)(given) : bearer(given.bearer)
}
