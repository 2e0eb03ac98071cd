/** Credentials as data: where they go in the request, and what must never be seen anywhere else. */
export interface Authorization {
  headers?: Record<string, string> | undefined
  /** Percent-encoded into the URL's query. */
  query?: Record<string, string> | undefined
  /** The values that are cut out of every message and recording. */
  secrets: readonly string[]
}

/** `authorization: Bearer <key>` */
export function bearer(key: string): Authorization {
  return { headers: { authorization: `Bearer ${key}` }, secrets: [key] }
}

/** The key alone in a header of the endpoint's own: `x-api-key: <key>`. */
export function apiKeyHeader(name: string, key: string): Authorization {
  return { headers: { [name.toLowerCase()]: key }, secrets: [key] }
}

/** The key in the URL: `?auth=<key>`. */
export function queryKey(name: string, key: string): Authorization {
  return { query: { [name]: key }, secrets: [key] }
}
