/** Failures of an exchange as `ChatError`s. */

import { ChatError } from '../errors.ts'
import { isRecord } from '../check/is-record.ts'
import type { HttpRequest } from '../transport.ts'

/** The error when no response arrived. */
export function networkError(request: HttpRequest, cause: unknown): ChatError {
  // A failed login, or a transport that can't be used here: its error says so.
  if (cause instanceof ChatError) return cause
  const { host } = new URL(request.url)
  dropRawBytes(cause)
  // The bytes were not HTTP: the connection works, and the fault is in what was sent on it.
  if (isHttpSyntaxError(cause))
    return new ChatError('malformed', `${host} did not answer with valid HTTP: ${messageOf(cause)}`, { cause })
  return new ChatError('network', `no answer from ${host}: ${messageOf(cause)}`, { cause })
}

/** The error when a body breaks off or can't be decompressed. */
export function bodyError(cause: unknown): ChatError {
  dropRawBytes(cause)
  const code = isHttpSyntaxError(cause) || isCodingError(cause) ? 'malformed' : 'truncated'
  return new ChatError(code, `the answer broke off: ${messageOf(cause)}`, { cause })
}

/** undici's parser keeps the bytes that it could not parse in its error, and a server may echo the key that it was sent. */
function dropRawBytes(cause: unknown): void {
  if (!isHttpSyntaxError(cause)) return
  for (const error of chainOf(cause)) delete error.data
}

/** An error's message with those of its causes: `fetch failed` alone does not help. */
function messageOf(cause: unknown): string {
  const errors = chainOf(cause).map((error): unknown =>
    error instanceof AggregateError && error.message === '' ? error.errors[0] : error,
  )
  const messages = errors.filter((error) => error instanceof Error).map(({ message }) => message)
  return [...new Set(messages)].join(': ') || 'no reason given'
}

/** An error and its causes, at most four: an error may be its own cause. */
function chainOf(cause: unknown): Record<string, unknown>[] {
  const chain: Record<string, unknown>[] = []
  for (let error: unknown = cause; isRecord(error) && chain.length < 4; error = error.cause) chain.push(error)
  return chain
}

const codesOf = (cause: unknown): string[] =>
  chainOf(cause)
    .map(({ code }) => code)
    .filter((code) => typeof code === 'string')

/** All errors of undici's parser have the name, only some have a code. */
const isHttpSyntaxError = (cause: unknown): boolean =>
  codesOf(cause).some((code) => code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') ||
  chainOf(cause).some(({ name }) => name === 'HTTPParserError')

/** Errors of zlib, and of `decompress()`: the body is not in the content coding that the response names. */
const isCodingError = (cause: unknown): boolean =>
  codesOf(cause).some((code) => /^(Z_DATA_ERROR|Z_STREAM_ERROR|Z_NEED_DICT|ERR_CODING|ZSTD_|ERR__ERROR_)/.test(code))
