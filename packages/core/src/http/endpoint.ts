import type { Authorization } from './authorization.ts'
import { checkBaseUrl } from '../check/check.ts'
import { checkHeaders } from '../check/check-headers.ts'
import type { CallOptions } from '../provider.ts'
import { toJson } from './to-json.ts'
import type { HttpRequest, HttpResponse, Transport } from '../transport.ts'

export interface EndpointOptions {
  id: string
  baseUrl: string
  authorize: Authorization | undefined
  /** The provider's; a function when they depend on the base URL. */
  wireHeaders: Record<string, string> | ((baseUrl: URL) => Record<string, string>) | undefined
  /** The caller's, which replace all others. */
  headers: Record<string, string> | undefined
  transport: Transport
}

/** What a request is, before it is put together with where it goes. */
export interface Encoded {
  method?: 'GET' | 'POST' | undefined
  path: string
  body?: unknown | undefined
  headers?: Record<string, string> | undefined
}

/** Where requests go, and what goes with each of them: base URL, headers, credential, transport. */
export class Endpoint {
  readonly id: string
  /** The caller's headers. By its name, one of them may be a key. */
  readonly ownHeaders: Record<string, string>
  /** The credential's: they stand in the request and nowhere else. */
  readonly secrets: readonly string[]
  readonly #baseUrl: string
  readonly #query: string
  readonly #headers: Record<string, string>
  readonly #transport: Transport

  constructor({ id, baseUrl, authorize, wireHeaders, headers, transport }: EndpointOptions) {
    this.id = id
    this.#baseUrl = checkBaseUrl(id, baseUrl)
    this.#query = new URLSearchParams(authorize?.query).toString().replaceAll('+', '%20')
    this.#headers = checkHeaders(
      id,
      typeof wireHeaders === 'function' ? wireHeaders(new URL(this.#baseUrl)) : wireHeaders,
      authorize?.headers,
    )
    this.ownHeaders = checkHeaders(id, headers)
    this.secrets = authorize?.secrets ?? []
    this.#transport = transport
  }

  /** @throws TypeError for what can't be written as JSON or as a header. */
  request(
    who: string,
    { method = 'POST', path, body, headers }: Encoded,
    callHeaders: Record<string, string>,
  ): HttpRequest {
    return {
      method,
      url: this.#urlOf(path),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...this.#headers,
        ...checkHeaders(this.id, headers),
        ...this.ownHeaders,
        ...callHeaders,
      },
      ...(body !== undefined && { body: toJson(who, body) }),
    }
  }

  send(request: HttpRequest, signal: AbortSignal, call: CallOptions = {}): Promise<HttpResponse> {
    const { onConnecting, onConnect, onExchange } = call
    const options = { signal, onConnecting, onConnect }
    if (onExchange === undefined) return this.#transport(request, options)
    // Loaded when somebody records: hardly anybody does.
    return import('./exchange-recorder.ts').then(({ recordExchange }) =>
      recordExchange(this.#transport, this, onExchange)(request, options),
    )
  }

  /** The path is the dialect's, and may carry a query of its own; the key stands behind it. */
  #urlOf(path: string): string {
    if (this.#query === '') return this.#baseUrl + path
    return `${this.#baseUrl}${path}${path.includes('?') ? '&' : '?'}${this.#query}`
  }
}
