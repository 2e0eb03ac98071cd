import { type Authorization, redact, redactCut } from './authorize.ts'
import { checkBaseUrl, checkHeaders, toJson } from './check.ts'
import { ChatError } from './errors.ts'
import type { CallOptions } from './provider.ts'
import type { HttpRequest, Transport } from './transport.ts'
import type { RecordedExchange } from './wire-tap.ts'
import { defaultTransport } from '#transport'

/** The longest words of an endpoint in a message. */
const MAX_WORDS_CHARACTERS = 1_000
/** How much of a body that is no answer stands in the message. */
const EXCERPT_CHARACTERS = 200

export interface EndpointOptions {
  id: string
  baseUrl: string
  authorize: Authorization | undefined
  /** The provider's; a function when they depend on the base URL. */
  wireHeaders: Record<string, string> | ((baseUrl: URL) => Record<string, string>) | undefined
  /** The caller's, which replace all others. */
  headers: Record<string, string> | undefined
  transport: Transport | undefined
}

/** What a request is, before it is put together with where it goes. */
export interface Encoded {
  method?: 'GET' | 'POST'
  path: string
  body?: unknown
  headers?: Record<string, string>
}

/** Where requests go, and what goes with each of them: base URL, headers, credential, transport. */
export class Endpoint {
  readonly id: string
  readonly #baseUrl: string
  readonly #query: string
  readonly #headers: Record<string, string>
  readonly #ownHeaders: Record<string, string>
  readonly #transport: Transport
  readonly #secrets: readonly string[]

  constructor({ id, baseUrl, authorize, wireHeaders, headers, transport }: EndpointOptions) {
    this.id = id
    this.#baseUrl = checkBaseUrl(id, baseUrl)
    this.#query = new URLSearchParams(authorize?.query).toString().replaceAll('+', '%20')
    this.#headers = {
      ...checkHeaders(
        id,
        typeof wireHeaders === 'function' ? wireHeaders(new URL(this.#baseUrl)) : (wireHeaders ?? {}),
      ),
      ...checkHeaders(id, authorize?.headers ?? {}),
    }
    this.#ownHeaders = checkHeaders(id, headers ?? {})
    this.#transport = transport ?? defaultTransport()
    this.#secrets = [...(authorize?.secrets ?? []), ...secretsIn(this.#ownHeaders)]
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
        ...checkHeaders(this.id, headers ?? {}),
        ...this.#ownHeaders,
        ...callHeaders,
      },
      ...(body !== undefined && { body: toJson(who, body) }),
    }
  }

  transportFor(call: CallOptions | undefined): Transport {
    return call?.onExchange === undefined ? this.#transport : recording(this.#transport, this.#secrets, call.onExchange)
  }

  /**
   * A failure with who failed and without secrets, with how the body began where that helps. What is no `ChatError` is a
   * mistake in a decoder, and is left as it is.
   */
  named(error: unknown, bodyHead = ''): unknown {
    if (!(error instanceof ChatError)) return error
    // Cut behind the redaction: a secret that a cut parts would not be found.
    const words = redact(error.message, this.#secrets).slice(0, MAX_WORDS_CHARACTERS)
    const began = Array.from(redactCut(bodyHead, this.#secrets)).slice(0, EXCERPT_CHARACTERS).join('')
    const message = `${this.id}: ${words}${began === '' ? '' : `. It begins: ${began}`}`
    const { status, retryAfterMs, cause } = error
    return new ChatError(error.code, printable(message), { provider: this.id, status, retryAfterMs, cause })
  }

  /** The path is the dialect's, and may carry a query of its own; the key stands behind it. */
  #urlOf(path: string): string {
    if (this.#query === '') return this.#baseUrl + path
    return `${this.#baseUrl}${path}${path.includes('?') ? '&' : '?'}${this.#query}`
  }
}

/** A key may also come as a header of the caller's: by its name, it is one. */
function secretsIn(headers: Record<string, string>): string[] {
  return Object.entries(headers)
    .filter(([name]) => /auth|key|token|cookie|secret/.test(name))
    .flatMap(([, value]) => [value, value.replace(/^(bearer|basic) /i, '')])
}

/** What an endpoint says stands in messages that people read in a terminal: it must not steer it. */
const printable = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')

/** Loaded when somebody records: hardly anybody does. */
function recording(
  transport: Transport,
  secrets: readonly string[],
  onExchange: (exchange: Promise<RecordedExchange>) => void,
): Transport {
  return async (request, options) => {
    const { tapped } = await import('./wire-tap.ts')
    return tapped(transport, secrets, onExchange)(request, options)
  }
}
