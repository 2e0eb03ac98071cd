/** A credential as data: where it goes in the request, and what must be seen nowhere else. */
export interface Authorization {
  headers?: Readonly<Record<string, string>> | undefined
  /** Percent-encoded into the URL's query. */
  query?: Readonly<Record<string, string>> | undefined
  /** The values that are cut out of every message and recording. */
  secrets: readonly string[]
  /** Called when the endpoint refuses it (401, 403): forget it, so that the next request has a new one. */
  onRefused?: (() => void) | undefined
}

/**
 * The credential of one request, for endpoints with a login or tokens that expire. Called at the first read of each answer;
 * the deadlines count from there, and the signal ends with the call. What it throws is an `auth` failure of the stream,
 * unless it is a `ChatError` of its own.
 *
 * @example
 * const authorize: Authorize = async ({ signal }) => {
 *   const response = await fetch('https://auth.acme.example/token', { method: 'POST', signal })
 *   return bearer(await response.text())
 * }
 */
export type Authorize = (context: { signal: AbortSignal }) => Authorization | Promise<Authorization>

/** `authorization: Bearer <key>` */
export function bearer(key: string): Authorization {
  return { headers: { authorization: `Bearer ${key}` }, secrets: [key] }
}

/** The key alone in a header of the endpoint's: `x-api-key: <key>`. */
export function apiKeyHeader(name: string, key: string): Authorization {
  return { headers: { [name.toLowerCase()]: key }, secrets: [key] }
}

/** The key in the URL: `?auth=<key>`. */
export function queryKey(name: string, key: string): Authorization {
  return { query: { [name]: key }, secrets: [key] }
}
