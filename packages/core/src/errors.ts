import type { ChatResult } from './chat.ts'
import { type ErrorCode, isRetryable } from './error-codes.ts'

/** What is known about a failure besides its code and message. */
export interface ChatErrorDetails {
  /** Id of the provider that failed. */
  provider?: string | undefined
  /** HTTP status, if the endpoint responded. */
  status?: number | undefined
  /** How long the endpoint asked to wait, in milliseconds from now. */
  retryAfterMs?: number | undefined
  /** What had arrived before the failure. */
  partial?: ChatResult | undefined
  /** The error of each attempt, in order, when a group gave up. */
  attempts?: readonly ChatError[] | undefined
  /** What led to the failure, without secrets: an error of the transport or of another provider. */
  cause?: unknown
}

const IS_CHAT_ERROR = Symbol.for('@rivulet/core/ChatError')

/**
 * A failure outside the program: of an endpoint, a network, an account. The code says what failed, the message says who and
 * what to do next. A caller's mistake is a `TypeError` instead.
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
  /** Also recognizes the errors of another copy of this package: packages are published independently. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== ChatError) return Function.prototype[Symbol.hasInstance].call(this, value)
    try {
      return typeof value === 'object' && value !== null && IS_CHAT_ERROR in value
    } catch {
      // A proxy that refuses to be looked at.
      return false
    }
  }

  override readonly name = 'ChatError'
  readonly code: ErrorCode
  // Declared and not initialized, so that unknown fields are absent, also in a log.
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

  /** For logs: an error's message is not enumerable, and would be missing. Its cause, which may be anything, is left out. */
  toJSON(): object {
    return Object.assign({ name: this.name, message: this.message }, this)
  }

  /** Whether asking the *same* provider again may help; follows from the code, of a group from those of its attempts. */
  get retryable(): boolean {
    return isRetryable(this.code) || this.attempts?.some(({ retryable }) => retryable) === true
  }
}

// On the prototype, so that an error does not show it in a log.
Object.defineProperty(ChatError.prototype, IS_CHAT_ERROR, { value: true })
