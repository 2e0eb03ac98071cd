import { ChatError, type ErrorCode } from '@rivulet/core'
import { isRecord, readErrorBody } from '@rivulet/core/provider'

/**
 * What the names of core's table leave open, from the vendor's own: `error.details.error_code`, and the words of 400s that
 * have no name. First match wins.
 *
 * @see https://platform.claude.com/docs/en/api/errors (2026-11-20)
 */
const BY_DETAIL: readonly [RegExp, ErrorCode][] = [
  [/spend_limit_reached|billing/, 'quota'],
  [/organization_on_hold|not_member|not_authorized|egress_restricted/, 'auth'],
]
const BY_WORDS: readonly [RegExp, ErrorCode][] = [
  [/prompt is too long|exceeds? (the )?context (limit|window)/i, 'context-length'],
  [/credit balance|usage limits?|spend limit/i, 'quota'],
]

/** What an error body of this dialect says. `status` is `undefined` for an error inside an answer. */
export function readError(status: number | undefined, body: unknown): { code: ErrorCode; message: string } {
  const stated = readErrorBody(status, body)
  const error = isRecord(body) && isRecord(body.error) ? body.error : {}
  const detail = isRecord(error.details) ? error.details.error_code : undefined
  const byDetail = typeof detail === 'string' ? firstMatch(BY_DETAIL, detail) : undefined
  const refined = stated.code === 'bad-request' ? firstMatch(BY_WORDS, stated.message) : undefined
  return { code: byDetail ?? refined ?? stated.code, message: stated.message }
}

/** An error in an answer that began as a success, as the failure that it is. */
export function toChatError(body: unknown): ChatError {
  const { code, message } = readError(undefined, body)
  return new ChatError(code, `the endpoint reports: ${message}`)
}

const TYPES: Record<ErrorCode, readonly [status: number, type: string]> = {
  auth: [401, 'authentication_error'],
  quota: [402, 'billing_error'],
  'rate-limited': [429, 'rate_limit_error'],
  'bad-request': [400, 'invalid_request_error'],
  'context-length': [413, 'request_too_large'],
  'not-found': [404, 'not_found_error'],
  'content-filter': [400, 'invalid_request_error'],
  overloaded: [529, 'overloaded_error'],
  timeout: [504, 'timeout_error'],
  network: [502, 'api_error'],
  truncated: [502, 'api_error'],
  malformed: [502, 'api_error'],
  unsupported: [400, 'invalid_request_error'],
  exhausted: [503, 'api_error'],
}

/**
 * A failure as this dialect tells it: server half. The message is the error's own, which names no secret.
 *
 * @example
 * const { status, body } = encodeError(error)
 * response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
 */
export function encodeError(error: ChatError): { status: number; body: Record<string, unknown> } {
  const [status, type] = TYPES[error.code]
  return { status, body: { type: 'error', error: { type, message: error.message } } }
}

function firstMatch(table: readonly [RegExp, ErrorCode][], text: string): ErrorCode | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1]
}
