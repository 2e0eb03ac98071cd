import { isRecord } from '../check/is-record.ts'
import { codeOfStatus, type ErrorCode } from '../error-codes.ts'
import { boundedJson } from './bounded-json.ts'
import { type Evidence, evidenceOf, WORDS } from './refusal-evidence.ts'
import { type Refusal, REFUSALS } from './refusals.ts'

/** What an error body says of itself. */
export interface StatedError {
  code: ErrorCode
  message: string
}

/** For a message that is not a string. As much as is read of an error's body, so that the caller redacts before it cuts. */
const MAX_JSON_CHARACTERS = 65_536
/** How deep a message may be wrapped in errors. */
const MAX_DEPTH = 6

/**
 * Reads an error body of any of the usual shapes: `{ error: { message, type, code, status } }`, `{ error: 'words' }`,
 * `{ message }`, `{ detail }`, `{ errors: […] }`, plain text, and any of these alone in a list, as Google sends them. The
 * message is not cut: redact it first.
 *
 * @param status HTTP status, or `undefined` for an error in an answer that began as a success.
 * @param sent Parsed JSON, or text, such as the data of an `event: error` that is not JSON.
 */
export function readErrorBody(status: number | undefined, sent: unknown): StatedError {
  const body = onlyOf(sent)
  const error = isRecord(body) && body.error !== undefined && body.error !== null ? body.error : body
  const message = messageOf(error) ?? messageOf(body) ?? (status === undefined ? 'an error without words' : '')
  return { code: codeOfRefusal(status, evidenceOf(body)), message }
}

/** The code of a refusal: that of its status, refined by its names and words where `refusals` allow it. */
export function codeOfRefusal(
  status: number | undefined,
  { names, words, status: stated }: Evidence,
  refusals: readonly Refusal[] = REFUSALS,
): ErrorCode {
  const told = status ?? stated
  const base = told === undefined ? undefined : codeOfStatus(told)
  const known = refusals.find(
    (refusal) =>
      (base === undefined || refusal.over.includes(base)) &&
      (refusal.names?.some((pattern) => names.some((name) => pattern.test(name))) === true ||
        refusal.words?.some((pattern) => pattern.test(words)) === true),
  )
  // An error inside a success, in unknown words: the endpoint failed.
  return known?.code ?? base ?? 'overloaded'
}

const onlyOf = (sent: unknown): unknown => (Array.isArray(sent) && sent.length === 1 ? (sent[0] as unknown) : sent)

function messageOf(error: unknown, depth = MAX_DEPTH): string | undefined {
  if (typeof error === 'string') return error.trim() === '' ? undefined : error
  if (!isRecord(error) || depth === 0) return undefined
  const words = WORDS.map((field) => error[field]).find((value) => !isBlank(value))
  if (words !== undefined) return typeof words === 'string' ? words : boundedJson(words, MAX_JSON_CHARACTERS)
  const inner: unknown = Array.isArray(error.errors) ? error.errors[0] : (error.error ?? error.base_resp)
  return messageOf(inner, depth - 1)
}

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
