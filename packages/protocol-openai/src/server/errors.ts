import { ChatError, type ErrorCode } from '@rivulet/core'
import { CODES, type ErrorAnswer, FieldError } from '@rivulet/core/provider'

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

/** An error as OpenAI states it, in both of its dialects. */
export interface WireError {
  message: string
  type: string
  param: string | null
  code: string | null
}

interface Stated {
  status: number
  error: WireError
  retryAfterMs?: number | undefined
}

/**
 * What is said of an error. A `TypeError` is the caller's mistake, as a provider throws it at the call. Any other error that is
 * not a `ChatError` becomes a 500 without its message, which may contain anything.
 *
 * @see https://platform.openai.com/docs/guides/error-codes (2026-11-20)
 */
function stated(error: unknown): Stated {
  if (error instanceof TypeError) {
    const param = error instanceof FieldError && error.param !== '' ? error.param : null
    return { status: 400, error: { message: error.message, type: TYPE_BY_FAULT.request, param, code: null } }
  }
  if (!(error instanceof ChatError)) {
    return {
      status: 500,
      error: { message: 'the server failed', type: TYPE_BY_FAULT.provider, param: null, code: null },
    }
  }
  const { code, message, retryAfterMs } = error
  const { httpStatus, fault } = CODES[code]
  const type = TYPES[code] ?? TYPE_BY_FAULT[fault]
  return {
    status: STATUSES[code] ?? httpStatus,
    error: { message, type, param: null, code: WIRE_CODES[code] },
    retryAfterMs,
  }
}

/** An error inside an answer that has begun. */
export const wireError = (error: unknown): WireError => stated(error).error

/** An error in the place of an answer. */
export function writeError(error: unknown): ErrorAnswer {
  const { status, error: wire, retryAfterMs } = stated(error)
  const retry = retryAfterMs !== undefined && {
    'retry-after': String(Math.ceil(retryAfterMs / 1000)),
    'retry-after-ms': String(Math.ceil(retryAfterMs)),
  }
  return { status, headers: { 'content-type': 'application/json', ...retry }, body: JSON.stringify({ error: wire }) }
}
