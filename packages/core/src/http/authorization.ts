import { checkHeaders } from '../check/check-headers.ts'

/** A credential as data: where it goes in the request, and which values must appear nowhere else. */
export interface Authorization {
  headers?: Readonly<Record<string, string>> | undefined
  /** Added, percent-encoded, to the URL's query. */
  query?: Readonly<Record<string, string>> | undefined
  /** The values that are redacted from every message and recording. */
  secrets: readonly string[]
  /** Called when the endpoint refuses it (401, 403): discard it, so that the next request gets a new one. */
  onRefused?: (() => void) | undefined
}

/**
 * The credential of one request, for endpoints with a login or tokens that expire. Called at the first read of each answer;
 * the deadlines count from there, and the signal aborts with the call. An error that it throws becomes an `auth` failure of the
 * stream; a `ChatError` is passed on.
 *
 * @example
 * const authorize: Authorize = async ({ signal }) => {
 *   const response = await fetch('https://auth.acme.example/token', { method: 'POST', signal })
 *   return bearer(await response.text())
 * }
 */
export type Authorize = (context: { signal: AbortSignal }) => Authorization | Promise<Authorization>

/**
 * A credential that a request can carry. By its fields, and not spread: it may be an object of a class, with getters.
 *
 * @throws TypeError for a header that no request can carry.
 */
export const checkAuthorization = (
  who: string,
  { headers, query, secrets, onRefused }: Authorization,
): Authorization => ({ headers: checkHeaders(who, headers), query, secrets, onRefused })

/** `authorization: Bearer <key>` */
export function bearer(key: string): Authorization {
  return { headers: { authorization: `Bearer ${key}` }, secrets: [key] }
}

/** The key alone in a header that the endpoint defines: `x-api-key: <key>`. */
export function apiKeyHeader(name: string, key: string): Authorization {
  return { headers: { [name.toLowerCase()]: key }, secrets: [key] }
}

/** The key in the URL: `?auth=<key>`. */
export function queryKey(name: string, key: string): Authorization {
  return { query: { [name]: key }, secrets: [key] }
}
