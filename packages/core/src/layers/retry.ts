import { ChildAbort } from '../async/child-abort.ts'
import { type Clock, sleep, systemClock } from '../async/clock.ts'
import { ignoreRejection, quietly } from '../async/quietly.ts'
import type { ChatEvent } from '../chat.ts'
import { copyRequest } from '../check/copy-request.ts'
import { checkClock, checkFunctions, checkOptions, kindOf, must } from '../check/check.ts'
import { ChatError } from '../errors.ts'
import type { CallOptions, Layer } from '../provider.ts'
import { isContent } from '../reading/is-content.ts'
import { type Batches, batchesOf, trustedStream, DONE } from '../stream.ts'
import { streamOf } from '../stream-of.ts'
import { wrap } from './wrap.ts'

export interface RetryOptions {
  /** The most attempts, including the first. @default 3 */
  attempts?: number | undefined
  /** The mean wait before the second attempt, in milliseconds; doubles with each attempt. @default 500 */
  backoffMs?: number | undefined
  /** The longest wait between two attempts, in milliseconds. @default 8_000 */
  maxBackoffMs?: number | undefined
  /**
   * The limit for all attempts and waits, in milliseconds from the first dispatch. If a wait would end later, the failure is
   * thrown at once. @default 60_000
   */
  totalMs?: number | undefined
  /** Which failures are retried. @default those that are `retryable` */
  retryWhen?: ((error: ChatError) => boolean) | undefined
  /** Called for each failure that is retried, with the wait before the next attempt in milliseconds. What it throws is ignored. */
  onRetry?: ((error: ChatError, waitMs: number) => void) | undefined
  /** The source of the jitter, 0 to 1. @default Math.random */
  random?: (() => number) | undefined
  /** @default `systemClock` */
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
 * Retries the same provider, but only until the first content is delivered, so that no text is delivered twice. Waits for as
 * long as the endpoint asks (`retryAfterMs`) and a little longer, or else with exponential backoff; both have jitter. The
 * reader sees no event of a failed attempt. Also retries `models()` and `embed()`.
 *
 * @throws TypeError for an option that is unknown, and for `attempts` below 1. The stream throws the last failure.
 * @example
 * const steady = pipe(provider, retry({ attempts: 5 }))
 */
export function retry(options: RetryOptions = {}): Layer {
  checkOptions('retry', options, OPTIONS)
  const { attempts = 3, backoffMs, maxBackoffMs, totalMs, retryWhen, onRetry, random } = options
  for (const [name, value] of Object.entries({ backoffMs, maxBackoffMs, totalMs })) {
    // A wait of 0 is an attempt at once.
    const isTime = value === undefined || (typeof (value as unknown) === 'number' && value >= 0)
    must(isTime, `retry: ${name}`, 'a number of milliseconds', value)
  }
  checkFunctions('retry', { retryWhen, onRetry, random })
  checkClock('retry', options.clock)
  if (!Number.isInteger(attempts) || attempts < 1) {
    throw new TypeError(`retry: attempts must be a whole number above 0, got ${kindOf(attempts)}.`)
  }
  return (next) => {
    const models = next.models?.bind(next)
    const embed = next.embed?.bind(next)
    return wrap(next, {
      stream(request, call) {
        // The first call is made here, so that the caller's mistakes are thrown at the call.
        const asked = copyRequest(request)
        const first = streamOf(next, asked, call)
        const again = (later: CallOptions): AsyncIterable<ChatEvent> => streamOf(next, asked, later)
        return trustedStream(call?.signal, () => new RetryStream(first, again, new RetrySchedule(options, call)))
      },
      models: models && ((call) => withRetries(new RetrySchedule(options, call), models)),
      embed:
        embed && ((request, call) => withRetries(new RetrySchedule(options, call), (later) => embed(request, later))),
    })
  }
}

/** Calls until an answer in one piece arrives. */
async function withRetries<T>(schedule: RetrySchedule, ask: (call: CallOptions) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask(schedule.call())
    } catch (error) {
      await schedule.wait(error)
    }
  }
}

/** Decides for one call whether there is another attempt, and when. */
class RetrySchedule {
  readonly #options: RetryOptions
  readonly #call: CallOptions | undefined
  readonly #clock: Clock
  readonly #startedAt: number
  #attempt = 1
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

  /** The options of the next attempt, whose deadlines count from the first. */
  call(): CallOptions {
    const waitedMs = this.#clock.now() - this.#startedAt
    return { ...this.#call, elapsedMs: (this.#call?.elapsedMs ?? 0) + waitedMs }
  }

  /** Resolves when the next attempt is due; rethrows the failure if there is none. */
  async wait(error: unknown): Promise<void> {
    const { attempts = 3, retryWhen = isRetryable, totalMs = 60_000, onRetry } = this.#options
    if (!(error instanceof ChatError) || this.#call?.signal?.aborted === true) throw error
    if (this.#attempt >= attempts || !decision(retryWhen, error)) throw error
    const remainingMs = totalMs - (this.#clock.now() - this.#startedAt)
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

class RetryStream implements Batches {
  #inner: Batches
  readonly #again: (call: CallOptions) => AsyncIterable<ChatEvent>
  readonly #schedule: RetrySchedule
  #closed = false
  #committed = false
  /** The events before the first content: delivered with it, or dropped with their attempt. */
  #held: ChatEvent[] = []

  constructor(
    first: AsyncIterable<ChatEvent>,
    again: (call: CallOptions) => AsyncIterable<ChatEvent>,
    schedule: RetrySchedule,
  ) {
    this.#inner = batchesOf(first, schedule.signal)
    this.#again = again
    this.#schedule = schedule
  }

  next(): ReturnType<Batches['next']> {
    // After the first content there is no decision left: return the inner promise itself.
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
        // One by one: there may be more than a call takes as arguments.
        for (const event of value) this.#held.push(event)
        if (!value.some((event) => isContent(event) || event.type === 'finish')) continue
        this.#committed = true
        return { done: false, value: this.#held }
      } catch (error) {
        await this.#schedule.wait(error).catch((reason: unknown) => {
          if (!this.#closed) throw reason
        })
        if (this.#closed) return DONE
        this.#held = []
        this.#inner = batchesOf(this.#again(this.#schedule.call()), this.#schedule.signal)
      }
    }
  }
}
