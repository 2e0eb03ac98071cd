import { ChatError, type ErrorCode } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** An error as an HTTP answer, and as an event of a stream (its body). */
export interface ErrorAnswer {
  status: number
  /** `retry-after` in seconds and `retry-after-ms`, when the error asks to wait. */
  headers: Record<string, string>
  body: { error: { message: string; type: string; param: string | null; code: string | null } }
}

/**
 * What each code is on the wire, so that a client of this dialect reads the same code out of it. What went wrong behind
 * a server is to its client a server that failed.
 */
const WIRE: Readonly<Record<ErrorCode, readonly [status: number, type: string, code: string | null]>> = {
  auth: [401, 'authentication_error', 'invalid_api_key'],
  quota: [429, 'insufficient_quota', 'insufficient_quota'],
  'rate-limited': [429, 'requests', 'rate_limit_exceeded'],
  'bad-request': [400, 'invalid_request_error', null],
  'context-length': [400, 'invalid_request_error', 'context_length_exceeded'],
  'not-found': [404, 'invalid_request_error', 'model_not_found'],
  'content-filter': [400, 'invalid_request_error', 'content_filter'],
  unsupported: [400, 'invalid_request_error', 'unsupported_value'],
  overloaded: [503, 'server_error', 'overloaded'],
  timeout: [504, 'server_error', 'timeout'],
  network: [502, 'server_error', 'upstream_unavailable'],
  truncated: [502, 'server_error', 'upstream_truncated'],
  malformed: [502, 'server_error', 'upstream_malformed'],
  exhausted: [503, 'server_error', 'all_upstreams_failed'],
}

/**
 * An error as this dialect has it. A `TypeError` is a caller's mistake, as `stream()` throws it at the call; what is
 * neither that nor a `ChatError` is told without its words, which may be anything.
 *
 * @see https://platform.openai.com/docs/guides/error-codes (2026-11-20)
 * @example
 * const { status, headers, body } = errorAnswer(error)
 */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof TypeError) return errorAnswer(new ChatError('bad-request', error.message))
  if (!(error instanceof ChatError)) return answerOf([500, 'server_error', null], 'the server failed', null, {})
  const { cause, retryAfterMs } = error
  const param = isRecord(cause) && typeof cause.param === 'string' ? cause.param : null
  const headers =
    retryAfterMs === undefined
      ? undefined
      : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)), 'retry-after-ms': String(Math.ceil(retryAfterMs)) }
  return answerOf(WIRE[error.code], error.message, param, headers ?? {})
}

function answerOf(
  [status, type, code]: (typeof WIRE)[ErrorCode],
  message: string,
  param: string | null,
  headers: Record<string, string>,
): ErrorAnswer {
  return { status, headers, body: { error: { message, type, param, code } } }
}
