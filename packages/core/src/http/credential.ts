import { nameOf } from '../check/check.ts'
import type { Authorization } from './authorization.ts'

/** A key as the credential of a factory. */
export interface ApiKey {
  /** The factory's option that takes it. @default 'apiKey' */
  option?: 'apiKey' | 'auth' | undefined
  /** The variables of the environment that may hold it: the first that is set, read at the factory's call. */
  env: string | readonly string[]
  /** Where it goes: `bearer`, or an `apiKeyHeader()` or `queryKey()` of some name. */
  as: (key: string) => Authorization
}

/** A variable of the environment, where there is one; an empty one counts as none. Read at the call, never at import. */
export function environment(name: string): string | undefined {
  const value = typeof process === 'undefined' ? undefined : process.env[name]
  return value === '' ? undefined : value
}

/**
 * The credential from its option, or else from the environment.
 *
 * @throws TypeError when the option is given and can't be one. Its value is not shown.
 */
export function apiKeyOf(
  who: string,
  { option = 'apiKey', env, as }: ApiKey,
  options: object,
): Authorization | undefined {
  const given: unknown = option in options ? options[option as keyof typeof options] : undefined
  const variables = [env].flat()
  const key = given === undefined ? variables.map(environment).find((value) => value !== undefined) : given
  if (key === undefined) return undefined
  if (typeof key === 'string' && key.trim() !== '') return as(key)
  const found = key === '' ? 'an empty string' : nameOf(key)
  const orSet = variables.length === 0 ? '' : ` Or set ${variables.join(' or ')}.`
  throw new TypeError(`${who}: ${option} must be a string that is not empty, got ${found}.${orSet}`)
}

/** For the error when a credential is required: `the apiKey option or OPENAI_API_KEY`. */
export function whereToGiveIt(apiKey: ApiKey | undefined): string {
  if (apiKey === undefined) return 'the apiKey option'
  return [`the ${apiKey.option ?? 'apiKey'} option`, ...[apiKey.env].flat()].join(' or ')
}
