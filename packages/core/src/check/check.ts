/** Checks for the caller's mistakes. Each throws a `TypeError` at once that says who, what, and what would be right. */

import { isRecord } from './is-record.ts'
import { didYouMean, shown } from './suggest.ts'

/** Throws when a condition is false: `Acme: temperature must be a finite number, got string.` */
export function must(condition: boolean, what: string, expected: string, value: unknown): asserts condition {
  if (!condition) throw mistake(what, expected, value)
}

/** What {@link must} throws. Checks that run for every call use it alone: their words are put together when one fails. */
export const mistake = (what: string, expected: string, value: unknown): TypeError =>
  new TypeError(`${what} must be ${expected}, got ${kindOf(value)}.`)

/** Refuses numbers that are not above 0, by their names; one that is `undefined` was not given. */
export function checkPositive(who: string, numbers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined) continue
    must(typeof value === 'number' && value > 0, `${who}: ${name}`, 'a number above 0', value)
  }
}

/** Refuses what is not a function, by its name; `undefined` was not given. */
export function checkFunctions(who: string, functions: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(functions)) {
    const value = functions[name]
    must(value === undefined || typeof value === 'function', `${who}: ${name}`, 'a function', value)
  }
}

/**
 * Refuses an object without the methods that will be called on it; `undefined` was not given.
 *
 * @example
 * checkMethods('retry: clock', new ManualClock(), ['now', 'after'])
 */
export function checkMethods(what: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return
  const fields = value as Readonly<Record<string, unknown>>
  const isWhole =
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    methods.every((name) => typeof fields[name] === 'function')
  must(isWhole, what, `an object with ${methods.map((name) => `${name}()`).join(' and ')}`, value)
}

/** Refuses a clock that can't be asked; `undefined` was not given. */
export function checkClock(who: string, clock: unknown): void {
  checkMethods(`${who}: clock`, clock, ['now', 'after'])
}

/**
 * Refuses unknown options, so that a misspelt one does not silently mean the default. The known ones are the keys of a record,
 * so that the compiler reports a missing one: `Record<keyof RetryOptions, true>`.
 */
export function checkOptions(who: string, options: unknown, known: Readonly<Record<string, unknown>>): void {
  if (!isRecord(options)) throw mistake(`${who}: options`, 'an object', options)
  checkNames(who, 'unknown option', options, known, 'Options')
}

/** Refuses unknown names, and lists the known ones. */
export function checkNames(who: string, what: string, fields: object, known: object, title: string): void {
  for (const name of Object.keys(fields)) {
    if (Object.hasOwn(known, name)) continue
    const names = Object.keys(known)
    throw new TypeError(`${who}: ${what} "${shown(name)}".${didYouMean(name, names)} ${title}: ${names.join(', ')}.`)
  }
}

/** Checks a base URL and removes its trailing slashes, so that a path can be appended. */
export function checkBaseUrl(who: string, baseUrl: unknown): string {
  const example = ': pass scheme, host and path prefix, as in "https://api.example.com/v1".'
  const refuse = (what: string): never => {
    throw new TypeError(`${who}: baseUrl ${what}`)
  }
  if (typeof baseUrl !== 'string') return refuse(`is not a URL${example}`)
  if (HOST.test(baseUrl)) refuse(`has no scheme: write "http://${baseUrl}".`)
  if (!URL.canParse(baseUrl)) refuse(`is not a URL${example}`)
  const url = new URL(baseUrl)
  if (!/^https?:$/.test(url.protocol)) refuse(`must be http: or https:, got ${url.protocol}`)
  if (url.username !== '' || url.password !== '') {
    refuse("must not carry a user name or password: use the credential's own option.")
  }
  if (url.search !== '' || url.hash !== '') refuse(`must not carry a query or fragment${example}`)
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** A host of your own network, and a path of plain words: nothing that could be a secret. */
const HOST = /^(localhost|\d+(\.\d+){3}|\[[\da-f:]+\]|[\w-]+(?=:\d))(:\d+)?(\/[a-z\d]{1,12})*\/?$/i

/** The kind of a value, for a message: never a text itself, which may be a secret or very long. */
export function kindOf(value: unknown): string {
  if (value === null || typeof value === 'number') return String(value)
  if (value === '') return 'an empty string'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : typeof value
}
