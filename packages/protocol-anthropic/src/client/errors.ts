import { ChatError, type ErrorCode } from '@rivulet/core'
import { isRecord, readErrorBody, type StatedError } from '@rivulet/core/provider'

/**
 * Refines what core's table of names leaves open: by `error.details.error_code`, and by the words of 400s that have no
 * name. The first match wins.
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

/**
 * The code and the message of an error body.
 *
 * @param status HTTP status, or `undefined` for an error inside an answer.
 */
export function readError(status: number | undefined, body: unknown): StatedError {
  const stated = readErrorBody(status, body)
  const error = isRecord(body) && isRecord(body.error) ? body.error : {}
  const detail = isRecord(error.details) ? error.details.error_code : undefined
  const byDetail = typeof detail === 'string' ? firstMatch(BY_DETAIL, detail) : undefined
  const refined = stated.code === 'bad-request' ? firstMatch(BY_WORDS, stated.message) : undefined
  return { code: byDetail ?? refined ?? stated.code, message: stated.message }
}

/** An error inside an answer that began as a success. */
export function toChatError(body: unknown): ChatError {
  const { code, message } = readError(undefined, body)
  return new ChatError(code, `the endpoint reports: ${message}`)
}

function firstMatch(table: readonly [RegExp, ErrorCode][], text: string): ErrorCode | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1]
}
