import { ChatError, type ErrorCode } from '@rivulet/core'
import { CODES, type ErrorAnswer } from '@rivulet/core/provider'
import { ERROR_DOMAIN, reasonOf } from '../error-reason.ts'

/** The statuses that differ from core's ({@link CODES}). Its clients ask again after a 429, and not after a 402. */
const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  auth: 401,
  quota: 402,
  'context-length': 400,
  'content-filter': 400,
  exhausted: 503,
}

/** @see https://cloud.google.com/apis/design/errors#handling_errors (2026-11-20) */
const NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'RESOURCE_EXHAUSTED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/**
 * An error in this dialect. A `TypeError` is the caller's mistake. Any other error that is not a `ChatError` becomes a 500
 * without its message, which may contain anything. The body is also the last chunk of a stream that failed.
 *
 * @see https://ai.google.dev/gemini-api/docs/troubleshooting (2026-11-20)
 */
export function writeError(error: unknown): ErrorAnswer {
  if (error instanceof TypeError) return answerOf(400, error.message, [])
  if (!(error instanceof ChatError)) return answerOf(500, 'the server failed', [])
  const { code, message, retryAfterMs } = error
  const type = (name: string): object => ({ '@type': `type.googleapis.com/google.rpc.${name}` })
  const details = [{ ...type('ErrorInfo'), reason: reasonOf(code), domain: ERROR_DOMAIN }]
  if (retryAfterMs === undefined) return answerOf(STATUSES[code] ?? CODES[code].httpStatus, message, details)
  const wait = { ...type('RetryInfo'), retryDelay: `${retryAfterMs / 1000}s` }
  const answer = answerOf(STATUSES[code] ?? CODES[code].httpStatus, message, [...details, wait])
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(Math.ceil(retryAfterMs / 1000)) } }
}

/**
 * A refusal of the prompt, as an answer without candidates; `undefined` for any other failure.
 *
 * @see https://ai.google.dev/api/generate-content#PromptFeedback (2026-11-20)
 */
export const writeFeedback = (error: unknown): string | undefined =>
  error instanceof ChatError && error.code === 'content-filter'
    ? JSON.stringify({ promptFeedback: { blockReason: 'SAFETY', blockReasonMessage: error.message } })
    : undefined

function answerOf(status: number, message: string, details: readonly object[]): ErrorAnswer {
  const error = { code: status, message, status: NAMES[status] ?? 'UNKNOWN', ...(details.length > 0 && { details }) }
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ error }) }
}
