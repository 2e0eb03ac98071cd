import { ChatError, type ErrorCode } from '@rivulet/core'
import { CODES, isRecord } from '@rivulet/core/provider'

/** An error as an HTTP answer; its body is also the last event of a stream that failed. */
export interface ErrorAnswer {
  status: number
  /** `retry-after` in seconds and `retry-after-ms`, when the error asks to wait. */
  headers: Record<string, string>
  body: { error: { message: string; type: string; param: string | null; code: string | null } }
}

/**
 * The statuses that differ from core's ({@link CODES}).
 *
 * @see https://platform.openai.com/docs/guides/error-codes (2026-11-20)
 */
const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  auth: 401,
  quota: 429,
  'context-length': 400,
  'content-filter': 400,
  // Not a status of the vendor's: 503 tells a client that asking again may help.
  exhausted: 503,
}

/** The `type`s that say more than whose fault it is. @see https://platform.openai.com/docs/guides/error-codes (2026-11-20) */
const TYPES: Readonly<Partial<Record<ErrorCode, string>>> = {
  quota: 'insufficient_quota',
  'rate-limited': 'requests',
}
const TYPE_BY_FAULT = {
  request: 'invalid_request_error',
  account: 'authentication_error',
  provider: 'server_error',
} as const

/** The `code` of each error: clients of this dialect read the same `ErrorCode` out of it where the dialect has a word. */
const WIRE_CODES: Readonly<Record<ErrorCode, string | null>> = {
  auth: 'invalid_api_key',
  quota: 'insufficient_quota',
  'rate-limited': 'rate_limit_exceeded',
  'bad-request': null,
  'context-length': 'context_length_exceeded',
  'not-found': 'model_not_found',
  'content-filter': 'content_filter',
  unsupported: 'unsupported_value',
  overloaded: 'overloaded',
  timeout: 'timeout',
  // A failure upstream of this server is a failure of this server to its client.
  network: 'upstream_unavailable',
  truncated: 'upstream_truncated',
  malformed: 'upstream_malformed',
  exhausted: 'all_upstreams_failed',
}

/**
 * An error in this dialect. A `TypeError` is the caller's mistake, as `stream()` throws it at the call. Any other error that
 * is not a `ChatError` becomes a 500 without its message, which may contain anything.
 *
 * @see https://platform.openai.com/docs/guides/error-codes (2026-11-20)
 * @example
 * const { status, headers, body } = errorAnswer(error)
 */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof TypeError) return errorAnswer(new ChatError('bad-request', error.message))
  if (!(error instanceof ChatError)) {
    const type = TYPE_BY_FAULT.provider
    return {
      status: 500,
      headers: {},
      body: { error: { message: 'the server failed', type, param: null, code: null } },
    }
  }
  const { code, cause, message, retryAfterMs } = error
  const { httpStatus, fault } = CODES[code]
  const param = isRecord(cause) && typeof cause.param === 'string' ? cause.param : null
  return {
    status: STATUSES[code] ?? httpStatus,
    headers: retryAfterMs === undefined ? {} : retryAfter(retryAfterMs),
    body: { error: { message, type: TYPES[code] ?? TYPE_BY_FAULT[fault], param, code: WIRE_CODES[code] } },
  }
}

const retryAfter = (ms: number): Record<string, string> => ({
  'retry-after': String(Math.ceil(ms / 1000)),
  'retry-after-ms': String(Math.ceil(ms)),
})
