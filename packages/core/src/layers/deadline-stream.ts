import { ChildAbort } from '../async/child-abort.ts'
import type { Clock } from '../async/clock.ts'
import type { ChatEvent } from '../chat.ts'
import type { ChatError } from '../errors.ts'
import type { CallOptions } from '../provider.ts'
import { isContent } from '../reading/is-content.ts'
import { type Batches, batchesOf } from '../stream.ts'
import { deadlineError, type DeadlineName, type Limits } from './limits.ts'

/** One call under its deadlines. One timer, which is moved when a nearer deadline comes up, or when it fires too early. */
export class DeadlineStream implements Batches {
  readonly call: CallOptions
  readonly #id: string
  readonly #limits: Limits
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

  constructor(id: string, limits: Limits, call: CallOptions | undefined) {
    this.#id = id
    this.#limits = limits
    this.#clock = limits.clock
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
    const error = (this.#expired ??= deadlineError(this.#id, name, this.#limits[name]))
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
