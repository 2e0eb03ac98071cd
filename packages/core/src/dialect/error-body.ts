import { isRecord } from '../check/is-record.ts'
import { codeOfStatus, type ErrorCode } from '../error-codes.ts'
import { boundedJson } from './bounded-json.ts'
import { type Evidence, evidenceOf, MESSAGES } from './refusal-evidence.ts'
import { type Refusal, REFUSALS } from './refusals.ts'

/** The error that an endpoint states in a body. */
export interface StatedError {
  code: ErrorCode
  message: string
}

/** For a message that is not a string. As much as is read of an error's body, so that the caller redacts before it cuts. */
const MAX_JSON_CHARACTERS = 65_536
/** How deep a message may be wrapped in errors. */
const MAX_DEPTH = 6

/**
 * Reads an error body of any of the usual shapes: `{ error: { message, type, code, status } }`, `{ error: 'message' }`,
 * `{ message }`, `{ detail }`, `{ errors: […] }`, plain text, and a list with one of these, as Google sends it. The
 * message is not cut: redact it first.
 *
 * @param status HTTP status, or `undefined` for an error inside an answer that began as a success.
 * @param received Parsed JSON, or text, such as the data of an `event: error` that is not JSON.
 */
export function readErrorBody(status: number | undefined, received: unknown): StatedError {
  const body = unwrapList(received)
  const inner = isRecord(body) ? messageOf(body.error) : undefined
  const message = inner ?? messageOf(body) ?? (status === undefined ? 'an error without a message' : '')
  return { code: codeOfRefusal(status, evidenceOf(body)), message }
}

/** The code of a refusal: that of its status, refined by its names and messages where `refusals` allow it. */
export function codeOfRefusal(
  status: number | undefined,
  { names, messages, status: stated }: Evidence,
  refusals: readonly Refusal[] = REFUSALS,
): ErrorCode {
  const told = status ?? stated
  const base = told === undefined ? undefined : codeOfStatus(told)
  const known = refusals.find(
    (refusal) =>
      (base === undefined || refusal.over.includes(base)) &&
      (refusal.names?.some((pattern) => names.some((name) => pattern.test(name))) === true ||
        refusal.messages?.some((pattern) => pattern.test(messages)) === true),
  )
  // An unknown error inside a success: treat it as a failure of the endpoint.
  return known?.code ?? base ?? 'overloaded'
}

const unwrapList = (received: unknown): unknown =>
  Array.isArray(received) && received.length === 1 ? (received[0] as unknown) : received

function messageOf(error: unknown, depth = MAX_DEPTH): string | undefined {
  if (typeof error === 'string') return error.trim() === '' ? undefined : error
  if (!isRecord(error) || depth === 0) return undefined
  const message = MESSAGES.map((field) => error[field]).find((value) => !isBlank(value))
  if (message !== undefined) return typeof message === 'string' ? message : boundedJson(message, MAX_JSON_CHARACTERS)
  const inner: unknown = Array.isArray(error.errors) ? error.errors[0] : (error.error ?? error.base_resp)
  return messageOf(inner, depth - 1)
}

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
