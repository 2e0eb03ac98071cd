import { quietly } from '../async/quietly.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import { ChatError } from '../errors.ts'
import type { HttpRequest } from '../transport.ts'
import { type Authorization, type Authorize, checkAuthorization } from './authorization.ts'

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

  get isAuthorized(): boolean {
    return this.#authorization !== undefined
  }

  /** Gets the credential of this request and adds it. Rejects with a `ChatError`, or with the signal's reason. */
  async login(authorize: Authorize, signal: AbortSignal): Promise<void> {
    try {
      const given = await unlessAborted(Promise.resolve(authorize({ signal })), signal)
      this.authorize(checkAuthorization(this.#id, given))
    } catch (cause) {
      if (signal.aborted || cause instanceof ChatError) throw cause
      const message = cause instanceof Error ? cause.message : 'no reason given'
      throw new ChatError('auth', `no credential, because authorize() failed: ${message}`, { cause })
    }
  }

  /** Adds a checked credential to the request. Headers that the request already has take precedence. */
  authorize(authorization: Authorization): void {
    this.#authorization = authorization
    const { url, headers } = this.#http
    this.#http = {
      ...this.#http,
      url: withQuery(url, authorization.query),
      headers: { ...authorization.headers, ...headers },
    }
  }

  /** Reports that the endpoint has refused the credential. */
  refused(): void {
    quietly(this.#authorization?.onRefused)
  }

  /** The credential's secrets, and those in the caller's headers. */
  secrets(): readonly string[] {
    const keys = Object.entries(this.#callerHeaders).flatMap(([name, value]) => secretsIn(name, value))
    return [...(this.#authorization?.secrets ?? []), ...keys]
  }
}

/** Headers that say what a request is. Any other may hold a key: gateways name theirs as they like. */
const PUBLIC =
  /^(accept|content|user-agent|(http-)?referer|origin|x-title|x-request-id|trace(parent|state)$)|-(version|beta)$/
/** A shorter value is a secret only where the header's name says so: it occurs in many texts by chance. */
const MIN_SECRET = 8

/** Whether a header's name says that its value is a secret. */
export const namesKey = (name: string): boolean => /auth|key|token|cookie|secret|pass/.test(name)

/** A header's value, and what in it may be echoed alone: the key after a scheme, the value of a cookie, a password. */
function secretsIn(name: string, value: string): string[] {
  const isNamed = namesKey(name)
  if (!isNamed && (PUBLIC.test(name) || value.length < MIN_SECRET)) return []
  const key = value.replace(/^[\w-]+ +(?=\S+$)/, '')
  const parts = value.split(/[\s;,"]+/).map((part) => part.slice(part.indexOf('=') + 1))
  return [value, key, ...(isNamed ? parts.filter(({ length }) => length >= MIN_SECRET) : []), ...passwordIn(value)]
}

function passwordIn(value: string): string[] {
  const [, encoded] = /^basic +(\S+)$/i.exec(value) ?? []
  try {
    const login = atob(encoded ?? '')
    return login === '' ? [] : [login, login.slice(login.indexOf(':') + 1)]
  } catch {
    return []
  }
}

/** The dialect's path may already have a query; the credential is appended to it. */
function withQuery(url: string, fields: Authorization['query']): string {
  if (fields === undefined) return url
  const query = new URLSearchParams(fields).toString().replaceAll('+', '%20')
  return `${url}${url.includes('?') ? '&' : '?'}${query}`
}
