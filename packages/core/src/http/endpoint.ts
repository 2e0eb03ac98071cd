import { quietly } from '../async/quietly.ts'
import { checkHeaders } from '../check/check-headers.ts'
import { checkBaseUrl } from '../check/check.ts'
import type { Limits } from '../layers/limits.ts'
import type { CallOptions } from '../provider.ts'
import type { HttpRequest, HttpResponse, Transport } from '../transport.ts'
import { type Authorization, type Authorize, checkAuthorization } from './authorization.ts'
import { namesKey, OutgoingRequest } from './outgoing-request.ts'
import { toJson } from './to-json.ts'

export interface EndpointOptions {
  id: string
  baseUrl: string
  authorize?: Authorization | Authorize | undefined
  /** The provider's headers; a function if they depend on the base URL. */
  wireHeaders?: Record<string, string> | ((baseUrl: URL) => Record<string, string>) | undefined
  /** The caller's headers, which replace all others. */
  headers?: Record<string, string> | undefined
  transport: Transport
  /** An exchange ends its own waits before these deadlines would make an error of what is known. */
  limits: Limits
}

/** A request before the base URL, headers and credential of its endpoint are added. */
export interface Encoded {
  method?: 'GET' | 'POST' | undefined
  path: string
  body?: unknown
  /** The body, if it is serialized already. */
  json?: string | undefined
  headers?: Record<string, string> | undefined
}

/** Where requests go, and what is added to each: base URL, headers, credential, transport. */
export class Endpoint {
  readonly id: string
  readonly limits: Limits
  readonly baseUrl: string
  readonly #wireHeaders: Record<string, string>
  readonly #ownHeaders: Record<string, string>
  readonly #authorize: Authorization | Authorize | undefined
  readonly #transport: Transport

  constructor({ id, baseUrl, authorize, wireHeaders, headers, transport, limits }: EndpointOptions) {
    this.id = id
    this.limits = limits
    this.baseUrl = checkBaseUrl(id, baseUrl)
    this.#wireHeaders = checkHeaders(
      id,
      typeof wireHeaders === 'function' ? wireHeaders(new URL(this.baseUrl)) : wireHeaders,
    )
    this.#ownHeaders = checkHeaders(id, headers)
    // A key that no header can carry is the caller's mistake: refuse it at once.
    this.#authorize = typeof authorize === 'object' ? checkAuthorization(id, authorize) : authorize
    this.#transport = transport
  }

  /**
   * @param credential Of the call, in place of the endpoint's own and of all headers that may hold one.
   * @throws TypeError for a value that can't be written as JSON or as a header.
   */
  request(
    who: string,
    { method = 'POST', path, body, json, headers }: Encoded,
    callHeaders: Record<string, string>,
    credential?: Authorization,
  ): OutgoingRequest {
    const ownHeaders = credential === undefined ? this.#ownHeaders : withoutKeys(this.#ownHeaders)
    const content = json ?? (body === undefined ? undefined : toJson(who, body))
    const http: HttpRequest = {
      method,
      url: this.baseUrl + path,
      headers: {
        ...(content !== undefined && { 'content-type': 'application/json' }),
        ...this.#wireHeaders,
        ...checkHeaders(this.id, headers),
        ...ownHeaders,
        ...callHeaders,
      },
      ...(content !== undefined && { body: content }),
    }
    const request = new OutgoingRequest(this.id, http, { ...ownHeaders, ...callHeaders })
    if (credential !== undefined) request.authorize(checkAuthorization(this.id, credential))
    return request
  }

  async send(request: OutgoingRequest, signal: AbortSignal, call: CallOptions = {}): Promise<HttpResponse> {
    const authorize = request.isAuthorized ? undefined : this.#authorize
    if (typeof authorize === 'function') await request.login(authorize, signal)
    else if (authorize !== undefined) request.authorize(authorize)
    const { onExchange } = call
    const options = {
      signal,
      onConnecting: () => {
        quietly(call.onConnecting)
      },
      onConnect: () => {
        quietly(call.onConnect)
      },
    }
    if (onExchange === undefined) return this.#transport(request.http, options)
    // Loaded on demand, because few exchanges are recorded.
    const { recordExchange } = await import('./exchange-recorder.ts')
    const record = recordExchange(this.#transport, request.secrets(), (exchange) => {
      quietly(onExchange, exchange)
    })
    return record(request.http, options)
  }
}

const withoutKeys = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !namesKey(name)))
