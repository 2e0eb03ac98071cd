import type { ChatResult } from './chat.ts'
import { CODES, type ErrorCode } from './error-codes.ts'

/** What is known about a failure beside its code and message. */
export interface ChatErrorDetails {
  /** Id of the provider that failed. */
  provider?: string | undefined
  /** HTTP status, when there was an answer. */
  status?: number | undefined
  /** How long the endpoint asked to wait, in milliseconds from now. */
  retryAfterMs?: number | undefined
  /** What had arrived before the failure. */
  partial?: ChatResult | undefined
  /** When a group gave up: one error for each attempt, in order. */
  attempts?: readonly ChatError[] | undefined
  cause?: unknown
}

/**
 * The world's failure: an endpoint, a network, an account. The code says what, the message says who and what to do
 * next. A caller's own mistake is a `TypeError` instead.
 *
 * @example
 * try {
 *   await collect(provider.stream(request))
 * } catch (error) {
 *   if (error instanceof ChatError && error.code === 'rate-limited') console.log('busy', error.retryAfterMs)
 *   else throw error
 * }
 */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ErrorCode
  // Declared and not defined, so that what is not known is absent, also in a log.
  declare provider?: string | undefined
  declare status?: number | undefined
  declare retryAfterMs?: number | undefined
  declare partial?: ChatResult | undefined
  declare attempts?: readonly ChatError[] | undefined

  constructor(code: ErrorCode, message: string, { cause, ...details }: ChatErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    Object.assign(this, Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)))
  }

  /** Whether asking the *same* member again may help; follows from the code. */
  get retryable(): boolean {
    return CODES[this.code].retryable
  }
}
