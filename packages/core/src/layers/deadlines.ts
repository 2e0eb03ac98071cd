import type { ChatEvent, ChatRequest } from '../chat.ts'
import { checkOptions, must } from '../check/check.ts'
import { checkCall } from '../check/check-request.ts'
import { ChildAbort } from '../async/child-abort.ts'
import { type Clock, systemClock } from '../async/clock.ts'
import { ChatError } from '../errors.ts'
import type { CallOptions, Layer, Provider } from '../provider.ts'
import { type Batches, batchesOf, chatStream } from '../stream.ts'
import { isContent } from '../reading/is-content.ts'

/**
 * How long to wait for what, in milliseconds, measured from dispatch. `Infinity` waits for ever. An attempt that is made
 * again has no fresh clock for its first token and its end; only its connection is new.
 */
export interface Deadlines {
  /** Until there is a connection, where the transport can tell. @default 10_000 */
  connectMs?: number | undefined
  /**
   * Until the first content. Heartbeats and comments are not content. Does not apply to `stream: false`, where the
   * first content is the whole answer. @default 120_000
   */
  firstTokenMs?: number | undefined
  /** Between one event and the next, while the reader waits for it. @default 60_000 */
  idleMs?: number | undefined
  /** Until the end of the answer, however lively it is. @default 600_000 */
  totalMs?: number | undefined
  /** @default the system's */
  clock?: Clock | undefined
}

type DeadlineName = Exclude<keyof Deadlines, 'clock'>

const DEFAULTS: Record<DeadlineName, number> = {
  connectMs: 10_000,
  firstTokenMs: 120_000,
  idleMs: 60_000,
  totalMs: 600_000,
}

/**
 * Gives up on an answer that does not come: the stream rejects with a `timeout` that names the deadline, and the
 * connection is closed. A slow reader never meets a deadline but `totalMs`.
 *
 * @example
 * const impatient = pipe(provider, deadlines({ firstTokenMs: 5_000 }))
 */
export function deadlines(options: Deadlines = {}): Layer {
  const limits = limitsOf(options)
  const clock = options.clock ?? systemClock
  return (next) => ({
    ...next,
    stream(request, call) {
      // The provider sees another signal than the caller's, so this one is checked here.
      checkCall(next.info.name, call)
      const inOnePiece = (request as ChatRequest | undefined)?.stream === false
      const mine = inOnePiece ? { ...limits, firstTokenMs: Infinity, idleMs: Infinity } : limits
      const watch = new DeadlineStream(next, mine, clock, call)
      const inner = next.stream(request, watch.call)
      return chatStream(call?.signal, () => watch.open(inner))
    },
  })
}

/** The limits with their defaults. @throws TypeError for what is no number of milliseconds. */
export function limitsOf(options: Deadlines = {}): Record<DeadlineName, number> {
  checkOptions('deadlines', options, [...Object.keys(DEFAULTS), 'clock'])
  const limits = { ...DEFAULTS }
  // The keys of a record of deadlines are their names: Object.keys only forgets it.
  for (const name of Object.keys(DEFAULTS) as DeadlineName[]) {
    const value: unknown = options[name]
    if (value === undefined) continue
    must(typeof value === 'number' && value > 0, `deadlines: ${name}`, 'a number of milliseconds above 0', value)
    limits[name] = value
  }
  return limits
}

/** One call under its deadlines. One timer, which is moved when a nearer deadline comes up, or when it fires too early. */
class DeadlineStream implements Batches {
  readonly call: CallOptions
  readonly #id: string
  readonly #limits: Record<DeadlineName, number>
  readonly #clock: Clock
  readonly #callerSignal: AbortSignal | undefined
  readonly #abort = new ChildAbort()
  #inner: Batches | undefined
  /** There is a wait for a connection, and somebody who will tell when it is over. */
  #connecting = false
  #content = false
  #dispatchedAt = 0
  /** When the caller's call began, which is earlier when this is another attempt. */
  #calledAt = 0
  /** When the reader began to wait, or the last event came, whichever is later. */
  #quietSince = 0
  #waiting: ((error: Error) => void) | undefined
  #cancelTimer: (() => void) | undefined
  #firesAt = 0
  /** The timer was set for a reader that did not wait: only for `totalMs`. */
  #armedWhileIdle = false
  /** The deadline that has passed. */
  #expired: ChatError | undefined

  constructor(provider: Provider, limits: Record<DeadlineName, number>, clock: Clock, call: CallOptions | undefined) {
    this.#id = provider.id
    this.#limits = limits
    this.#clock = clock
    this.#callerSignal = call?.signal
    this.call = {
      ...call,
      signal: this.#abort.signal,
      onConnecting: () => {
        this.#connecting = true
        if (this.#cancelTimer !== undefined) this.#arm()
        call?.onConnecting?.()
      },
      onConnect: () => {
        this.#connecting = false
        call?.onConnect?.()
      },
    }
  }

  open(inner: AsyncIterable<ChatEvent>): this {
    this.#inner = batchesOf(inner)
    this.#dispatchedAt = this.#clock.now()
    this.#calledAt = this.#dispatchedAt - (this.call.elapsedMs ?? 0)
    this.#abort.follow(this.#callerSignal)
    return this
  }

  next(): Promise<IteratorResult<readonly ChatEvent[], undefined>> {
    this.#quietSince = this.#clock.now()
    return new Promise((resolve, reject) => {
      this.#waiting = reject
      const read = this.#inner?.next()
      if (this.#cancelTimer === undefined || this.#armedWhileIdle) this.#arm()
      read?.then(
        (read) => {
          this.#waiting = undefined
          if (read.done === true) this.#stop()
          else if (this.#expired === undefined) this.#progress(read.value)
          else {
            // The deadline passed while the reader was away, and the provider does not heed its signal.
            this.#stop()
            reject(this.#expired)
            return
          }
          resolve(read)
        },
        (error: unknown) => {
          this.#stop()
          // The reason is the provider's or the caller's, whatever it is.
          reject(error)
        },
      )
    })
  }

  close(): void {
    this.#stop()
    this.#inner?.close()
  }

  #progress(events: readonly ChatEvent[]): void {
    this.#connecting = false
    if (this.#content || !events.some(isContent)) return
    this.#content = true
    this.#arm()
  }

  /** The next deadline, and when it passes. */
  #next(): { name: DeadlineName; at: number } {
    const { connectMs, firstTokenMs, idleMs, totalMs } = this.#limits
    let next: { name: DeadlineName; at: number } = { name: 'totalMs', at: this.#calledAt + totalMs }
    const consider = (name: DeadlineName, at: number): void => {
      if (at < next.at) next = { name, at }
    }
    if (this.#waiting !== undefined) {
      if (this.#content) consider('idleMs', this.#quietSince + idleMs)
      else consider('firstTokenMs', this.#calledAt + firstTokenMs)
      if (this.#connecting) consider('connectMs', this.#dispatchedAt + connectMs)
    }
    return next
  }

  #arm(): void {
    const { at } = this.#next()
    this.#armedWhileIdle = this.#waiting === undefined
    // A timer that fires too early looks again: cheaper than a new one for each deadline that a short answer passes.
    if (this.#cancelTimer !== undefined && this.#firesAt <= at) return
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    if (at === Infinity) return
    this.#firesAt = at
    this.#cancelTimer = this.#clock.after(Math.max(0, at - this.#clock.now()), this.#onTimer)
  }

  readonly #onTimer = (): void => {
    this.#cancelTimer = undefined
    const { name, at } = this.#next()
    if (this.#clock.now() < at) {
      this.#arm()
      return
    }
    const message = `${this.#id}: ${WORDS[name]} within ${this.#limits[name]} ms (${name})`
    const error = (this.#expired ??= new ChatError('timeout', message, { provider: this.#id }))
    const waiting = this.#waiting
    this.#stop()
    // The provider attaches what had arrived; one that does not heed its signal can't hold the reader.
    this.#abort.abort(error)
    waiting?.(error)
  }

  #stop(): void {
    this.#waiting = undefined
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#abort.release()
  }
}

const WORDS: Record<DeadlineName, string> = {
  connectMs: 'no connection',
  firstTokenMs: 'no content',
  idleMs: 'nothing more',
  totalMs: 'no end of the answer',
}
