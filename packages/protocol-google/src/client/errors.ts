import type { ErrorCode } from '@rivulet/core'
import { isRecord, readErrorBody, type StatedError } from '@rivulet/core/provider'
import { codeOfReason, ERROR_DOMAIN } from '../error-reason.ts'

export interface GeminiError extends StatedError {
  /** How long the endpoint asks to wait (`RetryInfo`), in milliseconds. */
  retryAfterMs?: number
}

const TOO_LONG = /token count.* exceeds the maximum/i

/**
 * Reads an error body: `{ error: { code, message, status, details } }`, alone or in a list. A 429 is `rate-limited` when it
 * is about requests per minute, and `quota` when it is about a daily quota or a quota of 0.
 *
 * @param status HTTP status, or `undefined` for an error inside an answer.
 * @see https://ai.google.dev/gemini-api/docs/troubleshooting (2026-11-20)
 */
export function readError(status: number | undefined, sent: unknown): GeminiError {
  const body: unknown = Array.isArray(sent) && sent.length === 1 ? sent[0] : sent
  const stated = readErrorBody(status, body)
  const error = isRecord(body) && isRecord(body.error) ? body.error : {}
  const details = Array.isArray(error.details) ? error.details.filter(isRecord) : []
  const retryAfterMs = details.map(({ retryDelay }) => milliseconds(retryDelay)).find((wait) => wait !== undefined)
  return {
    code: codeOf(stated, details),
    message: stated.message,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

function codeOf({ code, message }: StatedError, details: readonly Record<string, unknown>[]): ErrorCode {
  const own = details.find(({ domain }) => domain === ERROR_DOMAIN)
  const known = own && codeOfReason(own.reason)
  if (known !== undefined) return known
  if (details.some(({ reason }) => reason === 'API_KEY_INVALID')) return 'auth'
  if (code === 'bad-request' && TOO_LONG.test(message)) return 'context-length'
  if (code !== 'rate-limited' && code !== 'quota') return code
  const violations = details.flatMap(({ violations: all }): unknown[] => (Array.isArray(all) ? all : []))
  return violations.some(isUsedUp) ? 'quota' : code
}

const isUsedUp = (violation: unknown): boolean =>
  isRecord(violation) &&
  (String(violation.quotaId).includes('PerDay') || Number(violation.quotaValue ?? Number.NaN) === 0)

/** A duration as protobuf writes it: `'46s'`, `'1.5s'`. */
function milliseconds(duration: unknown): number | undefined {
  const seconds = typeof duration === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(duration)?.[1] : undefined
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000)
}
