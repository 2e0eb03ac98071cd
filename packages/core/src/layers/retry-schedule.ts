import { ChildAbort } from '../async/child-abort.ts'
import { type Clock, sleep, systemClock } from '../async/clock.ts'
import { ignoreRejection, quietly } from '../async/quietly.ts'
import { ChatError } from '../errors.ts'
import type { CallOptions } from '../provider.ts'

export interface RetryOptions {
  /** The most attempts, including the first. @default 3 */
  attempts?: number | undefined
  /** The mean wait before the second attempt, in milliseconds; doubles with each attempt. @default 500 */
  backoffMs?: number | undefined
  /** The longest wait between two attempts, in milliseconds. @default 8_000 */
  maxBackoffMs?: number | undefined
  /**
   * The limit for all attempts and waits, in milliseconds from the first dispatch, and again from a break that restarts the
   * answer. If a wait would end later, the failure is thrown at once: also when the endpoint asks for a longer one.
   * @default 60_000
   */
  totalMs?: number | undefined
  /**
   * What the reader gets when the answer breaks after its first content: `'restart'` asks the same provider for a whole new
   * answer, and is one of the `attempts`; `'continue'` needs a group, and is passed over here. The call option of the same name
   * takes precedence. @default 'fail'
   */
  onBreak?: CallOptions['onBreak']
  /** Which failures are retried. @default those that are `retryable` */
  retryWhen?: ((error: ChatError) => boolean) | undefined
  /** Called for each failure that is retried, with the wait before the next attempt in milliseconds. What it throws is ignored. */
  onRetry?: ((error: ChatError, waitMs: number) => void) | undefined
  /** The source of the jitter, 0 to 1. @default Math.random */
  random?: (() => number) | undefined
  /** @default `systemClock` */
  clock?: Clock | undefined
}

/** Decides for one call whether there is another attempt, and when. */
export class RetrySchedule {
  readonly #options: RetryOptions
  readonly #call: CallOptions | undefined
  readonly #clock: Clock
  readonly #startedAt: number
  #attempt = 1
  /** When the reader began to wait for the first content of another answer, if one broke. */
  #restartedAt: number | undefined
  /** The wait between two attempts; aborted when the reader closes the stream. */
  #pause: ChildAbort | undefined

  constructor(options: RetryOptions, call: CallOptions | undefined) {
    this.#options = options
    this.#call = call
    this.#clock = options.clock ?? systemClock
    this.#startedAt = this.#clock.now()
  }

  get signal(): AbortSignal | undefined {
    return this.#call?.signal
  }

  /** The options of the next attempt, whose deadlines count from the first; that of the first content from the break, if one was. */
  call(): CallOptions {
    const { elapsedMs = 0 } = this.#call ?? {}
    const since = (at: number): number => elapsedMs + at - this.#startedAt
    return {
      ...this.#call,
      elapsedMs: since(this.#clock.now()),
      ...(this.#restartedAt !== undefined && { restartedMs: since(this.#restartedAt) }),
    }
  }

  /** The answer broke after its first content: from here on, only the deadlines of the call limit the attempts' time. */
  broke(): void {
    this.#restartedAt = this.#clock.now()
  }

  /** Resolves when the next attempt is due; rethrows the failure if there is none. */
  async wait(error: unknown): Promise<void> {
    const { attempts = 3, retryWhen = isRetryable, totalMs = 60_000, onRetry } = this.#options
    if (!(error instanceof ChatError) || this.#call?.signal?.aborted === true) throw error
    if (this.#attempt >= attempts || !decision(retryWhen, error)) throw error
    const remainingMs = totalMs - (this.#clock.now() - (this.#restartedAt ?? this.#startedAt))
    const leastMs = error.retryAfterMs ?? this.#backoff()
    if (leastMs > remainingMs) throw error
    const waitMs = error.retryAfterMs === undefined ? leastMs : Math.min(leastMs + this.#spread(leastMs), remainingMs)
    quietly(onRetry, error, waitMs)
    this.#pause = new ChildAbort().follow(this.#call?.signal)
    try {
      await sleep(this.#clock, waitMs, this.#pause.signal)
    } finally {
      this.#pause.release()
    }
    this.#attempt++
  }

  /** Ends a pending wait. */
  stop(): void {
    this.#pause?.abort()
  }

  /** Jitter for callers that got the same `retryAfterMs`: up to a tenth of it, at most a second. */
  #spread(askedMs: number): number {
    const { random = Math.random } = this.#options
    return Math.min(askedMs / 10, 1_000) * random()
  }

  /** Half of the wait is fixed and half is random ("equal jitter"), so that callers that failed together retry apart. */
  #backoff(): number {
    const { backoffMs = 500, maxBackoffMs = 8_000, random = Math.random } = this.#options
    const mean = Math.min(backoffMs * 2 ** (this.#attempt - 1), maxBackoffMs)
    return Math.min(mean * (0.5 + random()), maxBackoffMs)
  }
}

/** What the caller's rule says; where it throws or gives a promise, what the default rule says. */
function decision(rule: (error: ChatError) => boolean, error: ChatError): boolean {
  try {
    const said: unknown = rule(error)
    if (typeof said !== 'object' || said === null) return Boolean(said)
    ignoreRejection(said)
  } catch {
    // The failure is decided on by the default rule.
  }
  return isRetryable(error)
}

const isRetryable = (error: ChatError): boolean => error.retryable
