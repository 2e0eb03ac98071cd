import { codeOfStatus, type ErrorCode } from '../error-codes.ts'
import { isRecord } from '../check/is-record.ts'

/** The error that an endpoint states in a body. */
export interface StatedError {
  code: ErrorCode
  message: string
}

/**
 * The names that endpoints give their errors (`error.type`, `error.code`, `error.status`). The first match wins, so the more
 * specific names come first.
 */
const BY_NAME: readonly [RegExp, ErrorCode][] = [
  [/context_length|string_above_max|request_too_large/, 'context-length'],
  [/insufficient_quota|billing|payment|credit|quota_exceeded/, 'quota'],
  [/rate_?limit|too_many_requests|resource_exhausted/, 'rate-limited'],
  [/content_filter|content_policy|safety|moderation/, 'content-filter'],
  [/invalid_api_key|invalid_auth|authentication|unauthenticated|unauthorized|permission|forbidden/, 'auth'],
  [/not_found/, 'not-found'],
  [/timeout|deadline/, 'timeout'],
  [/overloaded|server_error|internal|unavailable|api_error/, 'overloaded'],
  [/invalid_request|invalid_argument|bad_request|validation/, 'bad-request'],
]

/** Phrases of their messages, used when neither name nor status is as precise. */
const BY_MESSAGE: readonly [RegExp, ErrorCode][] = [
  [/context (length|window)|maximum (context|prompt)|too many (input )?tokens|prompt is too long/i, 'context-length'],
  [/\bquota\b|billing|insufficient (credit|balance|funds)|out of credits/i, 'quota'],
  [/rate limit|too many requests/i, 'rate-limited'],
  [/content (filter|policy)|safety system/i, 'content-filter'],
  [/api key|unauthori[sz]ed|authentication|not logged in/i, 'auth'],
  [/\bmodel\b.*(does not exist|not found|unknown)|no such model/i, 'not-found'],
  [/overloaded|internal (server )?error|temporarily unavailable|try again later/i, 'overloaded'],
]

/**
 * Reads an error body of any of the usual shapes: `{ error: { message, type, code, status } }`, `{ error: 'message' }`,
 * `{ message }`, `{ detail }`, plain text, and a list with one of these, as Google sends it.
 *
 * @param status HTTP status, or `undefined` for an error inside an answer that began as a success.
 * @param received Parsed JSON, or text.
 */
export function readErrorBody(status: number | undefined, received: unknown): StatedError {
  const body = unwrapList(received)
  const error = isRecord(body) && body.error !== undefined && body.error !== null ? body.error : body
  const message = messageOf(error) ?? messageOf(body) ?? (status === undefined ? 'an error without a message' : '')
  return { code: codeOf(status, error, message), message }
}

/** Whether a parsed body or frame is an error instead of an answer. */
export function isErrorBody(received: unknown): boolean {
  const body = unwrapList(received)
  if (!isRecord(body)) return false
  if (body.error !== undefined && body.error !== null && body.error !== false) return true
  return body.type === 'error' || body.object === 'error'
}

const unwrapList = (received: unknown): unknown =>
  Array.isArray(received) && received.length === 1 ? (received[0] as unknown) : received

function messageOf(error: unknown): string | undefined {
  if (typeof error === 'string') return error
  if (!isRecord(error)) return undefined
  const message = error.message ?? error.detail ?? error.msg ?? error.error_description
  if (typeof message === 'string') return message
  return message === undefined ? undefined : JSON.stringify(message)
}

function codeOf(status: number | undefined, error: unknown, message: string): ErrorCode {
  const byStatus = status === undefined ? undefined : codeOfStatus(status)
  const names = isRecord(error) ? [error.code, error.type, error.status].filter((name) => typeof name === 'string') : []
  const byName = firstMatch(BY_NAME, names.join(' ').toLowerCase().replaceAll(/[\s-]/g, '_'))
  // These two are no more precise than a status: the status or the message may be.
  if (byName !== undefined && byName !== 'bad-request' && byName !== 'overloaded') return byName
  const numbered = isRecord(error) ? [error.code, error.status].find((code) => isErrorStatus(code)) : undefined
  const base = byStatus ?? (numbered === undefined ? byName : codeOfStatus(Number(numbered)))
  // The message refines an ambiguous status; it never overrides a clear one.
  if (base === undefined || base === 'bad-request' || base === 'rate-limited' || base === 'auth') {
    const byMessage = firstMatch(BY_MESSAGE, message)
    const refines = base === 'bad-request' || base === undefined || byMessage === 'quota'
    if (byMessage !== undefined && refines) return byMessage
  }
  // An unknown error inside a success: treat it as a failure of the endpoint.
  return base ?? 'overloaded'
}

const isErrorStatus = (code: unknown): boolean =>
  Number.isInteger(Number(code)) && Number(code) >= 400 && Number(code) < 600

function firstMatch(table: readonly [RegExp, ErrorCode][], text: string): ErrorCode | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1]
}
