import { ChildAbort } from '../async/child-abort.ts'
import { type Clock, sleep, systemClock } from '../async/clock.ts'
import type { ChatEvent } from '../chat.ts'
import { checkOptions, nameOf } from '../check/check.ts'
import { ChatError } from '../errors.ts'
import type { CallOptions, Layer } from '../provider.ts'
import { isContent } from '../reading/is-content.ts'
import { type Batches, batchesOf, chatStream, DONE } from '../stream.ts'
import { wrap } from './wrap.ts'

export interface RetryOptions {
  /** How many times the provider is asked, the first included. @default 3 */
  attempts?: number | undefined
  /** The mean wait before the second attempt, in milliseconds; doubles with each. @default 500 */
  backoffMs?: number | undefined
  /** The longest wait between two attempts, in milliseconds. @default 8_000 */
  maxBackoffMs?: number | undefined
  /**
   * All attempts and waits together, in milliseconds from the first dispatch: a wait that would end later is not begun, and
   * the failure is thrown at once. @default 60_000
   */
  totalMs?: number | undefined
  /** Which failures are asked again. @default those that are `retryable` */
  retryWhen?: ((error: ChatError) => boolean) | undefined
  /** Called for each failure that is asked again, with the wait before the next attempt in milliseconds. */
  onRetry?: ((error: ChatError, waitMs: number) => void) | undefined
  /** 0 to 1, for the jitter. @default Math.random */
  random?: (() => number) | undefined
  /** @default the system's */
  clock?: Clock | undefined
}

const OPTIONS: Readonly<Record<keyof RetryOptions, true>> = {
  attempts: true,
  backoffMs: true,
  maxBackoffMs: true,
  totalMs: true,
  retryWhen: true,
  onRetry: true,
  random: true,
  clock: true,
}

/**
 * Asks the same provider again, but only while no content has been delivered, so that nothing is ever said twice. Waits
 * what the endpoint asks for (`retryAfterMs`) and a little longer, or else a growing while, both jittered. A failed attempt
 * leaves no event. `models()` and `embed()` are asked again too.
 *
 * @throws TypeError for an option that is unknown, and for `attempts` below 1. The stream throws the last failure.
 * @example
 * const steady = pipe(provider, retry({ attempts: 5 }))
 */
export function retry(options: RetryOptions = {}): Layer {
  checkOptions('retry', options, OPTIONS)
  const { attempts = 3 } = options
  if (!Number.isInteger(attempts) || attempts < 1) {
    throw new TypeError(`retry: attempts must be a whole number above 0, got ${nameOf(attempts)}.`)
  }
  return (next) => {
    const models = next.models?.bind(next)
    const embed = next.embed?.bind(next)
    return wrap(next, {
      stream(request, call) {
        // The first call is made here: the caller's mistakes must be thrown at the call.
        const first = next.stream(request, call)
        const again = (later: CallOptions): AsyncIterable<ChatEvent> => next.stream(request, later)
        return chatStream(call?.signal, () => new RetryStream(first, again, new RetrySchedule(options, call)))
      },
      models: models && ((call) => retried(new RetrySchedule(options, call), models)),
      embed: embed && ((request, call) => retried(new RetrySchedule(options, call), (later) => embed(request, later))),
    })
  }
}

/** An answer in one piece, asked for until it comes. */
async function retried<T>(schedule: RetrySchedule, ask: (call: CallOptions) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask(schedule.call())
    } catch (error) {
      await schedule.wait(error)
    }
  }
}

/** The attempts of one call: whether there is another, and when. */
class RetrySchedule {
  readonly #options: RetryOptions
  readonly #call: CallOptions | undefined
  readonly #clock: Clock
  readonly #startedAt: number
  #attempt = 1
  /** The wait between two attempts, to be ended when the reader leaves. */
  #pause: ChildAbort | undefined

  constructor(options: RetryOptions, call: CallOptions | undefined) {
    this.#options = options
    this.#call = call
    this.#clock = options.clock ?? systemClock
    this.#startedAt = this.#clock.now()
  }

  /** The options of the next attempt, which has no fresh clock. */
  call(): CallOptions {
    const waitedMs = this.#clock.now() - this.#startedAt
    return { ...this.#call, elapsedMs: (this.#call?.elapsedMs ?? 0) + waitedMs }
  }

  /** Resolves when the next attempt is due; throws the failure when there is to be none. */
  async wait(error: unknown): Promise<void> {
    const { attempts = 3, retryWhen = isRetryable, totalMs = 60_000, onRetry } = this.#options
    if (!(error instanceof ChatError) || this.#call?.signal?.aborted === true) throw error
    if (this.#attempt >= attempts || !retryWhen(error)) throw error
    const remainingMs = totalMs - (this.#clock.now() - this.#startedAt)
    const leastMs = error.retryAfterMs ?? this.#backoff()
    if (leastMs > remainingMs) throw error
    const waitMs = error.retryAfterMs === undefined ? leastMs : Math.min(leastMs + this.#spread(leastMs), remainingMs)
    onRetry?.(error, waitMs)
    this.#pause = new ChildAbort().follow(this.#call?.signal)
    try {
      await sleep(this.#clock, waitMs, this.#pause.signal)
    } finally {
      this.#pause.release()
    }
    this.#attempt++
  }

  /** Ends a wait that is under way. */
  stop(): void {
    this.#pause?.abort()
  }

  /** Callers that were told the same time come back apart: up to a tenth of it later, and up to a second. */
  #spread(askedMs: number): number {
    const { random = Math.random } = this.#options
    return Math.min(askedMs / 10, 1_000) * random()
  }

  /** Half of the wait is fixed and half is chance ("equal jitter"), so that callers that failed together come back apart. */
  #backoff(): number {
    const { backoffMs = 500, maxBackoffMs = 8_000, random = Math.random } = this.#options
    const mean = Math.min(backoffMs * 2 ** (this.#attempt - 1), maxBackoffMs)
    return Math.min(mean * (0.5 + random()), maxBackoffMs)
  }
}

const isRetryable = (error: ChatError): boolean => error.retryable

class RetryStream implements Batches {
  #inner: Batches
  readonly #again: (call: CallOptions) => AsyncIterable<ChatEvent>
  readonly #schedule: RetrySchedule
  #closed = false
  #committed = false
  /** What came before the first content: delivered with it, or dropped with its attempt. */
  #held: ChatEvent[] = []

  constructor(
    first: AsyncIterable<ChatEvent>,
    again: (call: CallOptions) => AsyncIterable<ChatEvent>,
    schedule: RetrySchedule,
  ) {
    this.#inner = batchesOf(first)
    this.#again = again
    this.#schedule = schedule
  }

  next(): ReturnType<Batches['next']> {
    // After the first content nothing is left to decide: the inner promise is the reader's.
    return this.#committed ? this.#inner.next() : this.#first()
  }

  close(): void {
    this.#closed = true
    this.#schedule.stop()
    this.#inner.close()
  }

  async #first(): ReturnType<Batches['next']> {
    for (;;) {
      try {
        const { done, value } = await this.#inner.next()
        if (done === true) return DONE
        this.#held.push(...value)
        if (!value.some((event) => isContent(event) || event.type === 'finish')) continue
        this.#committed = true
        return { done: false, value: this.#held }
      } catch (error) {
        await this.#schedule.wait(error).catch((reason: unknown) => {
          if (!this.#closed) throw reason
        })
        if (this.#closed) return DONE
        this.#held = []
        this.#inner = batchesOf(this.#again(this.#schedule.call()))
      }
    }
  }
}
