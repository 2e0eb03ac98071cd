import { ChatError, type ErrorCode } from '@rivulet/core'
import { CODES, type ErrorAnswer } from '@rivulet/core/provider'

/**
 * The statuses that differ from core's ({@link CODES}).
 *
 * @see https://platform.claude.com/docs/en/api/errors (2026-11-20)
 */
const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  auth: 401,
  quota: 402,
  'content-filter': 400,
  overloaded: 529,
  // Not a status of the vendor's: 503 tells a client that asking again may help.
  exhausted: 503,
}

/** The names that say more than whose fault it is. @see https://platform.claude.com/docs/en/api/errors (2026-11-20) */
const TYPES: Readonly<Partial<Record<ErrorCode, string>>> = {
  auth: 'authentication_error',
  quota: 'billing_error',
  'rate-limited': 'rate_limit_error',
  'context-length': 'request_too_large',
  'not-found': 'not_found_error',
  overloaded: 'overloaded_error',
  timeout: 'timeout_error',
}
const TYPE_BY_FAULT = { request: 'invalid_request_error', account: 'permission_error', provider: 'api_error' } as const

/** A failure as it is said in a body and inside a stream. The message is the error's own, which contains no secret. */
export function writeError(error: unknown): { status: number; body: Record<string, unknown> } {
  const { code, message } = error instanceof ChatError ? error : statedAs(error)
  const { httpStatus, fault } = CODES[code]
  const type = TYPES[code] ?? TYPE_BY_FAULT[fault]
  return { status: STATUSES[code] ?? httpStatus, body: { type: 'error', error: { type, message } } }
}

/** A `TypeError` is a mistake in the request; what any other error says may be meant for the server alone. */
const statedAs = (error: unknown): Pick<ChatError, 'code' | 'message'> =>
  error instanceof TypeError
    ? { code: 'bad-request', message: error.message }
    : { code: 'malformed', message: 'the server failed' }

/** A failure before the answer has begun. */
export function errorAnswer(error: unknown): ErrorAnswer {
  const { status, body } = writeError(error)
  const wait = error instanceof ChatError ? error.retryAfterMs : undefined
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...(wait !== undefined && { 'retry-after': String(Math.ceil(wait / 1000)) }),
    },
    body: JSON.stringify(body),
  }
}
