import { quietly } from '../async/quietly.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import { checkHeaders } from '../check/check-headers.ts'
import { checkBaseUrl } from '../check/check.ts'
import type { Limits } from '../layers/limits.ts'
import type { CallOptions } from '../provider.ts'
import type { HttpRequest, HttpResponse, Transport } from '../transport.ts'
import type { Authorization, Authorize } from './authorization.ts'
import { OutgoingRequest } from './outgoing-request.ts'
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
  readonly #baseUrl: string
  readonly #wireHeaders: Record<string, string>
  readonly #ownHeaders: Record<string, string>
  readonly #authorize: Authorization | Authorize | undefined
  readonly #transport: Transport

  constructor({ id, baseUrl, authorize, wireHeaders, headers, transport, limits }: EndpointOptions) {
    this.id = id
    this.limits = limits
    this.#baseUrl = checkBaseUrl(id, baseUrl)
    this.#wireHeaders = checkHeaders(
      id,
      typeof wireHeaders === 'function' ? wireHeaders(new URL(this.#baseUrl)) : wireHeaders,
    )
    this.#ownHeaders = checkHeaders(id, headers)
    // A key that no header can carry is the caller's mistake: refuse it at once.
    if (typeof authorize !== 'function') checkHeaders(id, authorize?.headers)
    this.#authorize = authorize
    this.#transport = transport
  }

  /** @throws TypeError for a value that can't be written as JSON or as a header. */
  request(
    who: string,
    { method = 'POST', path, body, json, headers }: Encoded,
    callHeaders: Record<string, string>,
  ): OutgoingRequest {
    const content = json ?? (body === undefined ? undefined : toJson(who, body))
    const http: HttpRequest = {
      method,
      url: this.#baseUrl + path,
      headers: {
        ...(content !== undefined && { 'content-type': 'application/json' }),
        ...this.#wireHeaders,
        ...checkHeaders(this.id, headers),
        ...this.#ownHeaders,
        ...callHeaders,
      },
      ...(content !== undefined && { body: content }),
    }
    return new OutgoingRequest(this.id, http, { ...this.#ownHeaders, ...callHeaders })
  }

  async send(request: OutgoingRequest, signal: AbortSignal, call: CallOptions = {}): Promise<HttpResponse> {
    if (typeof this.#authorize === 'function') await request.login(this.#authorize, signal)
    else if (this.#authorize !== undefined) request.authorize(this.#authorize)
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
    if (onExchange === undefined) return inTime(this.#transport(request.http, options), signal)
    // Loaded on demand, because few exchanges are recorded.
    const { recordExchange } = await import('./exchange-recorder.ts')
    const record = recordExchange(this.#transport, request.secrets(), (exchange) => {
      quietly(onExchange, exchange)
    })
    return inTime(record(request.http, options), signal)
  }
}

/** The response, unless it comes after an abort: then it is closed, because nothing reads it. */
async function inTime(sent: Promise<HttpResponse>, signal: AbortSignal): Promise<HttpResponse> {
  const response = Promise.resolve(sent)
  try {
    return await unlessAborted(response, signal)
  } finally {
    if (signal.aborted) {
      const closed = response.then(({ body }) => body[Symbol.asyncIterator]().return?.())
      closed.catch(() => undefined)
    }
  }
}
