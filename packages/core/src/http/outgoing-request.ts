import { unlessAborted } from '../async/unless-aborted.ts'
import { checkHeaders } from '../check/check-headers.ts'
import { ChatError } from '../errors.ts'
import type { HttpRequest } from '../transport.ts'
import type { Authorization, Authorize } from './authorization.ts'

/** One request on its way out, and what in it must be seen nowhere else. */
export class OutgoingRequest {
  readonly #id: string
  #http: HttpRequest
  /** The caller's headers. By its name, one of them may hold a key. */
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

  /** Asks for the credential of this request and puts it in. Rejects with a `ChatError`, or with the signal's reason. */
  async login(authorize: Authorize, signal: AbortSignal): Promise<void> {
    try {
      this.authorize(await unlessAborted(Promise.resolve(authorize({ signal })), signal))
    } catch (cause) {
      if (signal.aborted || cause instanceof ChatError) throw cause
      const words = cause instanceof Error ? cause.message : 'no reason given'
      throw new ChatError('auth', `there is no credential: authorize() failed: ${words}`, { cause })
    }
  }

  /** Puts the credential into the request. Headers that stand in it already replace the credential's. */
  authorize(authorization: Authorization): void {
    this.#authorization = authorization
    const { url, headers } = this.#http
    this.#http = {
      ...this.#http,
      url: withQuery(url, authorization.query),
      headers: { ...checkHeaders(this.#id, authorization.headers), ...headers },
    }
  }

  /** The endpoint has refused the credential. */
  refused(): void {
    this.#authorization?.onRefused?.()
  }

  /** The credential's secrets, and the values of those headers of the caller's that by their name hold a key. */
  secrets(): string[] {
    const keys = Object.entries(this.#callerHeaders)
      .filter(([name]) => /auth|key|token|cookie|secret/.test(name))
      .flatMap(([, value]) => [value, value.replace(/^(bearer|basic) /i, '')])
    return [...(this.#authorization?.secrets ?? []), ...keys]
  }
}

/** The path is the dialect's, and may carry a query of its own; the key comes after it. */
function withQuery(url: string, given: Authorization['query']): string {
  if (given === undefined) return url
  const query = new URLSearchParams(given).toString().replaceAll('+', '%20')
  return `${url}${url.includes('?') ? '&' : '?'}${query}`
}
