import { codeOfStatus, type ErrorCode } from '../error-codes.ts'
import { isRecord } from '../check/is-record.ts'

/** What an error body says of itself. */
export interface StatedError {
  code: ErrorCode
  message: string
}

/**
 * The names that endpoints give their errors (`error.type`, `error.code`, `error.status`), first match wins: the more
 * telling a name, the further up it stands.
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

/** The words of their messages, asked when neither name nor status says something that precise. */
const BY_WORDS: readonly [RegExp, ErrorCode][] = [
  [/context (length|window)|maximum (context|prompt)|too many (input )?tokens|prompt is too long/i, 'context-length'],
  [/\bquota\b|billing|insufficient (credit|balance|funds)|out of credits/i, 'quota'],
  [/rate limit|too many requests/i, 'rate-limited'],
  [/content (filter|policy)|safety system/i, 'content-filter'],
  [/api key|unauthori[sz]ed|authentication|not logged in/i, 'auth'],
  [/\bmodel\b.*(does not exist|not found|unknown)|no such model/i, 'not-found'],
  [/overloaded|internal (server )?error|temporarily unavailable|try again later/i, 'overloaded'],
]

/**
 * Reads an error body of any of the usual shapes: `{ error: { message, type, code, status } }`, `{ error: 'words' }`,
 * `{ message }`, `{ detail }`, plain text, and any of these alone in a list, as Google sends them.
 *
 * @param status HTTP status, or `undefined` for an error in an answer that began as a success.
 * @param sent Parsed JSON, or text.
 */
export function readErrorBody(status: number | undefined, sent: unknown): StatedError {
  const body = onlyOf(sent)
  const error = isRecord(body) && body.error !== undefined && body.error !== null ? body.error : body
  const message = messageOf(error) ?? messageOf(body) ?? (status === undefined ? 'an error without words' : '')
  return { code: codeOf(status, error, message), message }
}

/** Whether a parsed body or frame is an error and not an answer. */
export function isErrorBody(sent: unknown): boolean {
  const body = onlyOf(sent)
  if (!isRecord(body)) return false
  if (body.error !== undefined && body.error !== null && body.error !== false) return true
  return body.type === 'error' || body.object === 'error'
}

const onlyOf = (sent: unknown): unknown => (Array.isArray(sent) && sent.length === 1 ? (sent[0] as unknown) : sent)

function messageOf(error: unknown): string | undefined {
  if (typeof error === 'string') return error
  if (!isRecord(error)) return undefined
  const words = error.message ?? error.detail ?? error.msg ?? error.error_description
  if (typeof words === 'string') return words
  return words === undefined ? undefined : JSON.stringify(words)
}

function codeOf(status: number | undefined, error: unknown, message: string): ErrorCode {
  const byStatus = status === undefined ? undefined : codeOfStatus(status)
  const names = isRecord(error) ? [error.code, error.type, error.status].filter((name) => typeof name === 'string') : []
  const byName = firstMatch(BY_NAME, names.join(' ').toLowerCase().replaceAll(/[\s-]/g, '_'))
  // These say no more than a status does: the status or the words may say more.
  if (byName !== undefined && byName !== 'bad-request' && byName !== 'overloaded') return byName
  const numbered = isRecord(error) ? [error.code, error.status].find((code) => isErrorStatus(code)) : undefined
  const base = byStatus ?? (numbered === undefined ? byName : codeOfStatus(Number(numbered)))
  // The words refine what a status leaves open; they never turn one clear answer into another.
  if (base === undefined || base === 'bad-request' || base === 'rate-limited' || base === 'auth') {
    const byWords = firstMatch(BY_WORDS, message)
    const refines = base === 'bad-request' || base === undefined || byWords === 'quota'
    if (byWords !== undefined && refines) return byWords
  }
  // An error inside a success, in words nobody knows: the endpoint failed.
  return base ?? 'overloaded'
}

const isErrorStatus = (code: unknown): boolean =>
  Number.isInteger(Number(code)) && Number(code) >= 400 && Number(code) < 600

function firstMatch(table: readonly [RegExp, ErrorCode][], text: string): ErrorCode | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1]
}
