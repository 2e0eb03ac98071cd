import { isRecord } from '../check/is-record.ts'
import { isFailureStatus } from './refusal-evidence.ts'

type Body = Readonly<Record<string, unknown>>

/** Whether a parsed body or frame is an error instead of an answer. */
export function isErrorBody(received: unknown): boolean {
  const body: unknown = Array.isArray(received) && received.length === 1 ? received[0] : received
  if (!isRecord(body)) return false
  if (body.type === 'error' || body.object === 'error') return true
  if (isAnswer(body)) return isStatedError(body.error)
  if (body.error !== undefined && body.error !== null && body.error !== false) return true
  // The type of an event says what it is; other fields of it do not. A URI is the type of a problem (RFC 9457).
  const isEvent = typeof body.type === 'string' && !ERROR_TYPE.test(body.type)
  return hasErrorCode(body) || (!isEvent && reportsFailure(body))
}

const ERROR_TYPE = /error|exception|:/i
const SUCCESS = /^(0|2\d\d|ok|success)$/i
const FAILURE = /^(error|fail(ed|ure)?)$/i

/** Whether a body has what only an answer has, whatever else a server adds to it. */
function isAnswer(body: Body): boolean {
  const { choices, candidates, content, output } = body
  return (
    isFilled(choices) ||
    isFilled(candidates) ||
    isFilled(content) ||
    isFilled(output) ||
    isRecord(body.usage) ||
    isRecord(body.usageMetadata) ||
    isRecord(body.message) ||
    isRecord(body.delta) ||
    isRecord(body.response) ||
    typeof body.done === 'boolean'
  )
}

/** `{ code, message }`: DashScope's codes are names, SiliconFlow's are numbers from 20,000 on. */
function hasErrorCode({ code, message, msg }: Body): boolean {
  if (!isFilled(message) && !isFilled(msg)) return false
  if (typeof code === 'number') return code < 0 || code >= 400
  return typeof code === 'string' && code.trim() !== '' && !isSuccess(code)
}

const isSuccess = (code: unknown): boolean =>
  (typeof code === 'string' || typeof code === 'number') && SUCCESS.test(String(code).trim())

/** The other ways in which servers report a failure with status 200. */
function reportsFailure(body: Body): boolean {
  const { base_resp: outcome, code, status } = body
  if (body.success === false || body.ok === false || (typeof status === 'string' && FAILURE.test(status))) return true
  if ([status, body.statusCode, body.status_code, body.http_code].some(isFailureStatus)) return true
  if (typeof body.errcode === 'number' && body.errcode !== 0) return true
  if (isFilled(body.error_message) || isFilled(body.error_msg) || isFilled(body.error_type)) return true
  if (isFilled(body.errors) || isFilled(body.detail) || isRecord(body.detail)) return true
  if (isRecord(outcome) && typeof outcome.status_code === 'number' && outcome.status_code !== 0) return true
  if (isFilled(body.msg)) return !isSuccess(code)
  // Bedrock names its exceptions in `__type`.
  return isFilled(body.message) && (typeof body.type === 'string' || typeof body.__type === 'string')
}

/** A text that is not blank, or a list that is not empty. */
const isFilled = (value: unknown): boolean =>
  typeof value === 'string' ? value.trim() !== '' : Array.isArray(value) && value.length > 0

/**
 * Some servers put an empty `error` into each chunk of an answer. Any number in it says something, also 0: the envelopes
 * of chunks do not tell numbers apart.
 */
const isStatedError = (error: unknown): boolean =>
  isRecord(error) ? Object.values(error).some((value) => isRecord(value) || isStated(value)) : isStated(error)

const isStated = (value: unknown): boolean => isFilled(value) || typeof value === 'number' || value === true
