import type { ChatError, ErrorCode } from '@rivulet/core'
import { CODES } from '@rivulet/core/provider'

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

/**
 * A failure in this dialect, server half. The message is the error's own, which contains no secret.
 *
 * @example
 * const { status, body } = encodeError(new ChatError('overloaded', 'lockchat: busy'))
 * response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
 */
export function encodeError({ code, message }: ChatError): { status: number; body: Record<string, unknown> } {
  const { httpStatus, fault } = CODES[code]
  const type = TYPES[code] ?? TYPE_BY_FAULT[fault]
  return { status: STATUSES[code] ?? httpStatus, body: { type: 'error', error: { type, message } } }
}
