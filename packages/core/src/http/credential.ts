import { nameOf } from '../check/check.ts'

/** A variable of the environment, where there is one; an empty one counts as none. Read at the call, never at import. */
export function environment(name: string): string | undefined {
  const value = typeof process === 'undefined' ? undefined : process.env[name]
  return value === '' ? undefined : value
}

/**
 * A credential from its option, or else from the environment.
 *
 * @throws TypeError when the option is given and can't be one. Its value is not shown.
 */
export function credential(who: string, option: string, given: unknown, variable: string): string | undefined {
  if (given === undefined) return environment(variable)
  if (typeof given !== 'string' || given.trim() === '') {
    const found = given === '' ? 'an empty string' : nameOf(given)
    throw new TypeError(`${who}: ${option} must be a string that is not empty, got ${found}. Or set ${variable}.`)
  }
  return given
}
