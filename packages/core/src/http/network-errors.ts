/** What goes wrong with an exchange, in the words of `ChatError`. */

import { ChatError } from '../errors.ts'
import { isRecord } from '../check/is-record.ts'
import type { HttpRequest } from '../transport.ts'

/** There was no answer at all. */
export function networkError(request: HttpRequest, cause: unknown): ChatError {
  // A credential that could not be had: it says so itself.
  if (cause instanceof ChatError) return cause
  const { host } = new URL(request.url)
  dropBytes(cause)
  // What came was not HTTP: there is a connection, and the fault is in what it said.
  if (isHttpSyntaxError(cause))
    return new ChatError('malformed', `${host} did not answer in HTTP: ${wordsOf(cause)}`, { cause })
  return new ChatError('network', `no answer from ${host}: ${wordsOf(cause)}`, { cause })
}

/** The body of an answer can't be read on. */
export function bodyError(cause: unknown): ChatError {
  dropBytes(cause)
  const code = isHttpSyntaxError(cause) || isCodingError(cause) ? 'malformed' : 'truncated'
  return new ChatError(code, `the answer broke off: ${wordsOf(cause)}`, { cause })
}

/** undici's parser keeps the bytes that it could not read in its error, and a server may send back the key that it was sent. */
function dropBytes(cause: unknown): void {
  if (!isHttpSyntaxError(cause)) return
  for (const error of chainOf(cause)) delete error.data
}

/** An error's words, with those of its causes: `fetch failed` alone helps nobody. */
function wordsOf(cause: unknown): string {
  const words: string[] = []
  for (let error: unknown = cause; error instanceof Error && words.length < 4; error = error.cause) {
    const first = error instanceof AggregateError && error.message === '' ? (error.errors[0] as unknown) : error
    if (first instanceof Error && !words.includes(first.message)) words.push(first.message)
  }
  return words.join(': ') || 'no reason given'
}

/** An error and its causes, as many as say something. */
function chainOf(cause: unknown): Record<string, unknown>[] {
  const chain: Record<string, unknown>[] = []
  for (let error: unknown = cause; isRecord(error) && chain.length < 4; error = error.cause) chain.push(error)
  return chain
}

const codesOf = (cause: unknown): string[] =>
  chainOf(cause)
    .map(({ code }) => code)
    .filter((code) => typeof code === 'string')

/** undici's parser gives its errors a name, and only some of them a code. */
const isHttpSyntaxError = (cause: unknown): boolean =>
  codesOf(cause).some((code) => code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') ||
  chainOf(cause).some(({ name }) => name === 'HTTPParserError')

/** zlib's: the body is not in the coding that the answer names. */
const isCodingError = (cause: unknown): boolean =>
  codesOf(cause).some((code) => /^(Z_DATA_ERROR|Z_STREAM_ERROR|Z_NEED_DICT|ERR_CODING|ZSTD_|ERR__ERROR_)/.test(code))
