/** The caller's mistakes: each is a `TypeError` at once that says who, what, and what would work. */

import { isRecord } from './is-record.ts'
import { didYouMean } from './suggest.ts'

/** Refuses what does not hold: `Acme: temperature must be a finite number, got string.` */
export function must(holds: boolean, what: string, wanted: string, value: unknown): asserts holds {
  if (!holds) throw new TypeError(`${what} must be ${wanted}, got ${nameOf(value)}.`)
}

/**
 * Refuses options that `who` does not know: a misspelt option is never silently the default. The known ones are the keys of a
 * record, so that the compiler can say when one is missing: `Record<keyof RetryOptions, true>`.
 */
export function checkOptions(who: string, options: unknown, record: Readonly<Record<string, true>>): void {
  must(isRecord(options), `${who}: options`, 'an object', options)
  const known = Object.keys(record)
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(record, name)) continue
    throw new TypeError(`${who}: unknown option "${name}".${didYouMean(name, known)} Options: ${known.join(', ')}.`)
  }
}

/** A base URL as it is put before a path: checked, without a slash at its end. */
export function checkBaseUrl(who: string, baseUrl: unknown): string {
  const example = ': give scheme, host and path prefix, as in "https://api.example.com/v1".'
  const refuse = (what: string): never => {
    throw new TypeError(`${who}: baseUrl ${what}`)
  }
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return refuse(`is not a URL${example}`)
  const url = new URL(baseUrl)
  if (!/^https?:$/.test(url.protocol)) refuse(`must be http: or https:, got ${url.protocol}`)
  if (url.username !== '' || url.password !== '') {
    refuse("must not carry a user name or password: use the credential's own option.")
  }
  if (url.search !== '' || url.hash !== '') refuse(`must not carry a query or fragment${example}`)
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** What a value is, for a message: never the value itself, which may be a secret or endless. */
export function nameOf(value: unknown): string {
  if (value === null || typeof value === 'number') return String(value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : typeof value
}
