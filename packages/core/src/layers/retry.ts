import type { ChatEvent } from '../chat.ts'
import { checkOptions, nameOf } from '../check/check.ts'
import { ChildAbort } from '../async/child-abort.ts'
import { type Clock, sleep, systemClock } from '../async/clock.ts'
import { isContent } from '../reading/is-content.ts'
import { ChatError } from '../errors.ts'
import type { Layer } from '../provider.ts'
import { type Batches, batchesOf, chatStream, DONE } from '../stream.ts'

export interface RetryOptions {
  /** How often the provider is asked, the first time included. @default 3 */
  attempts?: number | undefined
  /** The mean wait before the second attempt, in milliseconds; doubles with each. @default 500 */
  backoffMs?: number | undefined
  /** The longest wait between two attempts, in milliseconds. @default 8_000 */
  maxBackoffMs?: number | undefined
  /**
   * All attempts and waits together, in milliseconds from the first dispatch: a wait that would go beyond it is not
   * begun, and the failure is thrown at once. @default 60_000
   */
  totalMs?: number | undefined
  /** Which failures are asked again. @default those that are `retryable` */
  retryWhen?: ((error: ChatError) => boolean) | undefined
  /** Told of each failure that is asked again, with the wait before the next attempt. */
  onRetry?: ((error: ChatError, waitMs: number) => void) | undefined
  /** 0 to 1, for the jitter. @default Math.random */
  random?: (() => number) | undefined
  /** @default the system's */
  clock?: Clock | undefined
}

const OPTIONS = ['attempts', 'backoffMs', 'maxBackoffMs', 'totalMs', 'retryWhen', 'onRetry', 'random', 'clock']

/**
 * Asks the same provider again, but only while no content has been delivered, so that nothing is ever said twice. Waits
 * what the endpoint asks for (`retryAfterMs`) and a little longer, or else a growing while, both jittered. A failed attempt leaves no event.
 *
 * @throws the last failure.
 * @example
 * const steady = pipe(provider, retry({ attempts: 5 }))
 */
export function retry(options: RetryOptions = {}): Layer {
  checkOptions('retry', options, OPTIONS)
  const { attempts = 3, retryWhen = isRetryable } = options
  if (!Number.isInteger(attempts) || attempts < 1) {
    throw new TypeError(`retry: attempts must be a whole number above 0, got ${nameOf(attempts)}.`)
  }
  return (next) => ({
    ...next,
    stream(request, call) {
      // The first call is made here: the caller's mistakes must be thrown at the call.
      const first = next.stream(request, call)
      const again = (waitedMs: number): AsyncIterable<ChatEvent> =>
        next.stream(request, { ...call, elapsedMs: (call?.elapsedMs ?? 0) + waitedMs })
      return chatStream(
        call?.signal,
        () => new RetryStream(first, again, { ...options, attempts, retryWhen }, call?.signal),
      )
    },
  })
}

/** The options with the defaults that the decision needs. */
interface RetryRules extends RetryOptions {
  attempts: number
  retryWhen: (error: ChatError) => boolean
}

const isRetryable = (error: ChatError): boolean => error.retryable

class RetryStream implements Batches {
  #inner: Batches
  readonly #again: (waitedMs: number) => AsyncIterable<ChatEvent>
  readonly #options: RetryRules
  readonly #signal: AbortSignal | undefined
  readonly #clock: Clock
  readonly #startedAt: number
  #closed = false
  /** The wait between two attempts, to be ended when the reader leaves. */
  #wait: ChildAbort | undefined
  #attempt = 1
  #committed = false
  /** What came before the first content: delivered with it, or forgotten with its attempt. */
  #held: ChatEvent[] = []

  constructor(
    first: AsyncIterable<ChatEvent>,
    again: (waitedMs: number) => AsyncIterable<ChatEvent>,
    options: RetryRules,
    signal: AbortSignal | undefined,
  ) {
    this.#inner = batchesOf(first)
    this.#again = again
    this.#options = options
    this.#signal = signal
    this.#clock = options.clock ?? systemClock
    this.#startedAt = this.#clock.now()
  }

  next(): Promise<IteratorResult<readonly ChatEvent[], undefined>> {
    // Behind the first content there is nothing left to decide: the inner promise is the reader's.
    return this.#committed ? this.#inner.next() : this.#first()
  }

  close(): void {
    this.#closed = true
    this.#wait?.abort()
    this.#inner.close()
  }

  async #first(): Promise<IteratorResult<readonly ChatEvent[], undefined>> {
    for (;;) {
      try {
        const { done, value } = await this.#inner.next()
        if (done === true) return DONE
        this.#held.push(...value)
        if (!value.some((event) => isContent(event) || event.type === 'finish')) continue
        this.#committed = true
        return { done: false, value: this.#held }
      } catch (error) {
        await this.#pause(error).catch((reason: unknown) => {
          if (!this.#closed) throw reason
        })
        if (this.#closed) return DONE
        this.#held = []
        this.#attempt++
        this.#inner = batchesOf(this.#again(this.#clock.now() - this.#startedAt))
      }
    }
  }

  /** Waits before the next attempt, or throws the failure when there is to be none. */
  async #pause(error: unknown): Promise<void> {
    const { attempts, retryWhen, totalMs = 60_000, onRetry } = this.#options
    if (!(error instanceof ChatError) || this.#signal?.aborted === true) throw error
    if (this.#attempt >= attempts || !retryWhen(error)) throw error
    const leftMs = totalMs - (this.#clock.now() - this.#startedAt)
    const leastMs = error.retryAfterMs ?? this.#backoff()
    if (leastMs > leftMs) throw error
    const waitMs = error.retryAfterMs === undefined ? leastMs : Math.min(leastMs + this.#apart(leastMs), leftMs)
    onRetry?.(error, waitMs)
    this.#wait = new ChildAbort().follow(this.#signal)
    try {
      await sleep(this.#clock, waitMs, this.#wait.signal)
    } finally {
      this.#wait.release()
    }
  }

  /** Those who were told the same time come back apart: up to a tenth of it later, and up to a second. */
  #apart(askedMs: number): number {
    const { random = Math.random } = this.#options
    return Math.min(askedMs / 10, 1_000) * random()
  }

  /** Half of the wait is fixed and half is chance ("equal jitter"), so that those who failed together come back apart. */
  #backoff(): number {
    const { backoffMs = 500, maxBackoffMs = 8_000, random = Math.random } = this.#options
    const mean = Math.min(backoffMs * 2 ** (this.#attempt - 1), maxBackoffMs)
    return Math.min(mean * (0.5 + random()), maxBackoffMs)
  }
}
