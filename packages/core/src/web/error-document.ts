/** A failure as a server states it to its page: what `toResponse()` writes, and `fromResponse()` and `remote()` read. */

import { isRecord } from '../check/is-record.ts'
import { CODES, type ErrorCode } from '../error-codes.ts'
import { ChatError } from '../errors.ts'

/** How many characters a failure may say: the document has to fit into what is read of an error. */
const MAX_MESSAGE = 8_000
/** How many attempts of a group are written and read, and how much each may say. */
const MAX_ATTEMPTS = 16
const MAX_ATTEMPT_MESSAGE = 500

/** A `ChatError` without its cause, which may hold anything, and without its partial answer, which the reader has. */
interface ErrorDocument {
  code: ErrorCode
  message: string
  provider?: string | undefined
  /** What the endpoint answered to the server: not the status of the server's own answer. */
  status?: number | undefined
  retryAfterMs?: number | undefined
  attempts?: readonly Pick<ErrorDocument, 'code' | 'message' | 'provider'>[] | undefined
}

export const errorDocument = (error: ChatError): ErrorDocument => ({
  code: error.code,
  message: error.message.slice(0, MAX_MESSAGE),
  provider: error.provider,
  status: error.status,
  retryAfterMs: error.retryAfterMs,
  attempts: error.attempts
    ?.slice(0, MAX_ATTEMPTS)
    .map(({ code, message, provider }) => ({ code, message: message.slice(0, MAX_ATTEMPT_MESSAGE), provider })),
})

/**
 * The `ChatError` of a document; `undefined` for a document of any other kind.
 *
 * @param id The provider, where it names none.
 */
export function readErrorDocument(document: unknown, id?: string): ChatError | undefined {
  if (!isRecord(document)) return undefined
  const { code, message, provider, status, retryAfterMs, attempts } = document
  if (typeof code !== 'string' || !Object.hasOwn(CODES, code) || typeof message !== 'string') return undefined
  // It is one of the keys of CODES.
  return new ChatError(code as ErrorCode, message, {
    provider: typeof provider === 'string' ? provider : id,
    status: numberOf(status),
    retryAfterMs: numberOf(retryAfterMs),
    attempts: Array.isArray(attempts)
      ? attempts.slice(0, MAX_ATTEMPTS).flatMap((attempt) => readAttempt(attempt, id) ?? [])
      : undefined,
  })
}

/** An attempt has no attempts of its own: nesting ends here, however deep a stranger has nested them. */
const readAttempt = (attempt: unknown, id: string | undefined): ChatError | undefined =>
  isRecord(attempt) ? readErrorDocument({ ...attempt, attempts: undefined }, id) : undefined

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' && value >= 0 ? value : undefined)
