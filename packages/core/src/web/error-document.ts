/** A failure as a server states it to its page: what `toResponse()` writes, and `fromResponse()` and `remote()` read. */

import { isRecord } from '../check/is-record.ts'
import { CODES, type ErrorCode } from '../error-codes.ts'
import { ChatError } from '../errors.ts'

/** How many attempts of a group are read. */
const MAX_ATTEMPTS = 100

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
  message: error.message,
  provider: error.provider,
  status: error.status,
  retryAfterMs: error.retryAfterMs,
  attempts: error.attempts?.map(({ code, message, provider }) => ({ code, message, provider })),
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
      ? attempts.slice(0, MAX_ATTEMPTS).flatMap((attempt) => readErrorDocument(attempt, id) ?? [])
      : undefined,
  })
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' && value >= 0 ? value : undefined)
