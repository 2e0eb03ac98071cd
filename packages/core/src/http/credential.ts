import { kindOf } from '../check/check.ts'
import type { Authorization } from './authorization.ts'

/** An API key as the credential of a factory. */
export interface ApiKey {
  /** The factory's option for the key. @default 'apiKey' */
  option?: 'apiKey' | 'auth' | undefined
  /** The environment variables that may hold it. The first that is set is read when the factory is called. */
  env: string | readonly string[]
  /** Where the key goes in a request: `bearer`, or `apiKeyHeader()` or `queryKey()` with a name. */
  as: (key: string) => Authorization
}

/** The value of an environment variable; `undefined` when it is unset or blank, or where there is no environment. */
export function environment(name: string): string | undefined {
  const value = typeof process === 'undefined' ? undefined : process.env[name]
  return value?.trim() === '' ? undefined : value
}

/**
 * Reads the credential from its option, or else from the environment.
 *
 * @throws TypeError when the option is set to anything but a non-empty string. Its value is not shown.
 */
export function apiKeyOf(
  who: string,
  { option = 'apiKey', env, as }: ApiKey,
  options: object,
): Authorization | undefined {
  const value: unknown = option in options ? options[option as keyof typeof options] : undefined
  const variables = [env].flat()
  const key = value === undefined ? variables.map(environment).find((text) => text !== undefined) : value
  if (key === undefined) return undefined
  if (typeof key === 'string' && key.trim() !== '') return as(key)
  const orSet = variables.length === 0 ? '' : ` Or set ${variables.join(' or ')}.`
  throw new TypeError(`${who}: ${option} must be a string that is not empty, got ${kindOf(key)}.${orSet}`)
}

/** Where a missing credential can be set, for an error message: `the apiKey option or OPENAI_API_KEY`. */
export function credentialSources(apiKey: ApiKey | undefined): string {
  if (apiKey === undefined) return 'the apiKey option'
  return [`the ${apiKey.option ?? 'apiKey'} option`, ...[apiKey.env].flat()].join(' or ')
}
