/** The only I/O: one HTTP exchange. Types only; `transport/` has the two implementations. */

export interface HttpRequest {
  /** `'GET'` has no body. */
  method: 'GET' | 'POST'
  /** Absolute, and it may carry a key: keep it out of logs. */
  url: string
  /** Names in lower case. */
  headers: Record<string, string>
  /** JSON text. @default none */
  body?: string | undefined
}

export interface HttpResponse {
  /** Any, also of a failure or a redirect. */
  status: number
  /** Names in lower case; of a repeated header, the values joined by `, `. */
  headers: Record<string, string>
  /**
   * The body as it arrives, decompressed. One iterator only. `return()` closes the connection at once, also while a
   * `next()` is pending; reading to the end returns the connection to its pool. A body that breaks off rejects.
   */
  body: AsyncIterable<Uint8Array>
}

export interface TransportOptions {
  /** A pending call rejects with its reason. */
  signal: AbortSignal
  /** Called when the wait for a connection begins, by a transport that can tell when it ends. */
  onConnecting?: (() => void) | undefined
  /** Called when a connection is open and the request is sent on it. Not every transport can tell. */
  onConnect?: (() => void) | undefined
}

/**
 * Sends one request and resolves with the head of the response, whatever its status. Follows no redirect. Rejects when no
 * response arrives.
 */
export type Transport = (request: HttpRequest, options: TransportOptions) => Promise<HttpResponse>
