import { quietly } from '../async/quietly.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import { checkHeaders } from '../check/check-headers.ts'
import { ChatError } from '../errors.ts'
import type { HttpRequest } from '../transport.ts'
import type { Authorization, Authorize } from './authorization.ts'

/** One request, and the secrets in it that must appear nowhere else. */
export class OutgoingRequest {
  readonly #id: string
  #http: HttpRequest
  /** The caller's headers. A name may show that the value is a key. */
  readonly #callerHeaders: Readonly<Record<string, string>>
  #authorization: Authorization | undefined

  constructor(id: string, http: HttpRequest, callerHeaders: Readonly<Record<string, string>>) {
    this.#id = id
    this.#http = http
    this.#callerHeaders = callerHeaders
  }

  get http(): HttpRequest {
    return this.#http
  }

  /** Gets the credential of this request and adds it. Rejects with a `ChatError`, or with the signal's reason. */
  async login(authorize: Authorize, signal: AbortSignal): Promise<void> {
    try {
      this.authorize(await unlessAborted(Promise.resolve(authorize({ signal })), signal))
    } catch (cause) {
      if (signal.aborted || cause instanceof ChatError) throw cause
      const message = cause instanceof Error ? cause.message : 'no reason given'
      throw new ChatError('auth', `no credential, because authorize() failed: ${message}`, { cause })
    }
  }

  /** Adds the credential to the request. Headers that the request already has take precedence. */
  authorize(authorization: Authorization): void {
    this.#authorization = authorization
    const { url, headers } = this.#http
    this.#http = {
      ...this.#http,
      url: withQuery(url, authorization.query),
      headers: { ...checkHeaders(this.#id, authorization.headers), ...headers },
    }
  }

  /** Reports that the endpoint has refused the credential. */
  refused(): void {
    quietly(this.#authorization?.onRefused)
  }

  /** The credential's secrets, and the values of the caller's headers whose names suggest a key. */
  secrets(): string[] {
    const keys = Object.entries(this.#callerHeaders)
      .filter(([name]) => /auth|key|token|cookie|secret/.test(name))
      .flatMap(([, value]) => [value, value.replace(/^(bearer|basic) /i, '')])
    return [...(this.#authorization?.secrets ?? []), ...keys]
  }
}

/** The dialect's path may already have a query; the credential is appended to it. */
function withQuery(url: string, fields: Authorization['query']): string {
  if (fields === undefined) return url
  const query = new URLSearchParams(fields).toString().replaceAll('+', '%20')
  return `${url}${url.includes('?') ? '&' : '?'}${query}`
}
