/** The only I/O: one HTTP exchange. Types only; `transport/` holds the two that ship. */

export interface HttpRequest {
  method: 'GET' | 'POST'
  url: string
  /** Names in lower case. */
  headers: Record<string, string>
  body?: string | undefined
}

export interface HttpResponse {
  status: number
  /** Names in lower case; of a repeated header, the values joined by `, `. */
  headers: Record<string, string>
  /**
   * The body as it arrives, decompressed. One iterator only. `return()` closes the connection at once, also while a
   * `next()` is pending; running to the end gives the connection back. A body that breaks off rejects.
   */
  body: AsyncIterable<Uint8Array>
}

export interface TransportOptions {
  /** Its reason is what a pending call rejects with. */
  signal: AbortSignal
  /** Called when the wait for a connection begins, by a transport that can tell when it is over. */
  onConnecting?: (() => void) | undefined
  /** Called when there is a connection and the request goes out on it. Not every transport can tell. */
  onConnect?: (() => void) | undefined
}

/**
 * Sends one request and resolves with the head of the answer, whatever its status. Follows no redirect. Rejects when
 * there is no answer.
 */
export type Transport = (request: HttpRequest, options: TransportOptions) => Promise<HttpResponse>
