import { ChildAbort } from '../async/child-abort.ts'
import type { Clock } from '../async/clock.ts'
import { quietly } from '../async/quietly.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import type { ChatEvent } from '../chat.ts'
import type { ChatError } from '../errors.ts'
import type { CallOptions } from '../provider.ts'
import { isContent } from '../reading/is-content.ts'
import { type Batches, batchesOf, failedBatches } from '../stream.ts'
import { deadlineError, type DeadlineName, type Limits } from './limits.ts'

/** The deadlines that count while a read is pending. */
const WAITING: readonly DeadlineName[] = ['idleMs', 'firstTokenMs', 'connectMs']

/** Until a stream is opened. */
const NONE = /* @__PURE__ */ failedBatches(undefined)

/** One call under its deadlines. Has a single timer, which is set again for a nearer deadline, or after it fired too early. */
export class LimitedCall implements Batches {
  readonly call: CallOptions
  readonly #id: string
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #callerSignal: AbortSignal | undefined
  readonly #abort = new ChildAbort()
  #batches: Batches = NONE
  /** The transport waits for a connection, and will report when it has one. */
  #connecting = false
  /** A request may have waited for another one before it. */
  #connectingSince = 0
  #hasContent = false
  /** The last read brought frames without events, such as heartbeats: they do not count as progress. */
  #onlyRaw = false
  /** When the caller's call began: before the first read if this is a later attempt. */
  #calledAt = 0
  /** When the answer was restarted; the same as `#calledAt` when it was not. */
  #restartedAt = 0
  /** When the pending read began. */
  #waitingSince = 0
  /** Rejects the pending read. */
  #rejectRead: ((error: Error) => void) | undefined
  #cancelTimer: (() => void) | undefined
  #firesAt = 0
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
        this.#connectingSince = this.#clock.now()
        if (this.#rejectRead !== undefined) this.#arm()
        quietly(call?.onConnecting)
      },
      onConnect: () => {
        this.#connecting = false
        quietly(call?.onConnect)
      },
    }
  }

  /** The batches of a stream. */
  open(inner: AsyncIterable<ChatEvent>): Batches {
    const passed = this.#begin()
    if (passed !== undefined) return failedBatches(passed)
    this.#batches = batchesOf(inner, this.#abort.signal)
    return this
  }

  next(): ReturnType<Batches['next']> {
    if (!this.#onlyRaw) this.#waitingSince = this.#clock.now()
    return this.#inTime(this.#batches)
  }

  close(): void {
    this.#stop()
    this.#batches.close()
  }

  /** Awaits an answer in one piece: all of it within `firstTokenMs` and `totalMs`, the connection within `connectMs`. */
  async answer<T>(ask: (call: CallOptions) => Promise<T>): Promise<T> {
    const passed = this.#begin()
    if (passed !== undefined) throw passed
    const next = async (): Promise<IteratorReturnResult<T>> => {
      const value = await unlessAborted(ask(this.call), this.#abort.signal)
      return { done: true, value }
    }
    const { value } = await this.#inTime({ next })
    return value
  }

  /** Begins the deadlines. Gives the error of one that has passed: nothing is sent for an attempt that would be aborted at once. */
  #begin(): ChatError | undefined {
    const { elapsedMs = 0, restartedMs = 0 } = this.call
    // First as if the call had begun at 0, because the clock may be anybody's.
    this.#restartedAt = restartedMs
    const name = this.#nearest(['firstTokenMs'])
    if (elapsedMs >= this.#passesAt(name)) return deadlineError(this.#id, name, this.#limits[name])
    this.#calledAt = this.#clock.now() - elapsedMs
    this.#restartedAt += this.#calledAt
    this.#abort.onFollowed = this.#onCallerAbort
    this.#abort.follow(this.#callerSignal)
    return undefined
  }

  /** Awaits one read, or the deadline that passes before it. */
  #inTime<Read extends IteratorResult<readonly ChatEvent[], unknown>>(reader: {
    next: () => Promise<Read>
  }): Promise<Read> {
    return new Promise((resolve, reject) => {
      this.#rejectRead = reject
      const pending = reader.next()
      this.#arm()
      pending.then(
        (read) => {
          this.#rejectRead = undefined
          if (read.done === true) this.#stop()
          else if (this.#expired === undefined) this.#progress(read.value)
          else {
            // The deadline passed while no read was pending, and the provider ignores its signal.
            this.#stop()
            reject(this.#expired)
          }
          resolve(read)
        },
        (error: unknown) => {
          this.#stop()
          // The provider's error or the caller's reason, whatever its type.
          reject(error)
        },
      )
    })
  }

  #progress(events: readonly ChatEvent[]): void {
    this.#connecting = false
    this.#onlyRaw = this.call.raw === true && events.every(({ type }) => type === 'raw')
    this.#hasContent ||= events.some(isContent)
  }

  /** When a deadline of a pending read passes: `Infinity` for one that the read does not wait for. */
  #passesAt(name: DeadlineName): number {
    const ms = this.#limits[name]
    if (name === 'totalMs') return this.#calledAt + ms
    if (name === 'connectMs') return this.#connecting ? this.#connectingSince + ms : Infinity
    if (this.#hasContent !== (name === 'idleMs')) return Infinity
    return ms + (this.#hasContent ? this.#waitingSince : this.#restartedAt)
  }

  /** The deadline that passes next: without a pending read, that of the whole answer. */
  #nearest(waiting = this.#rejectRead === undefined ? [] : WAITING): DeadlineName {
    let nearest: DeadlineName = 'totalMs'
    for (const name of waiting) if (this.#passesAt(name) < this.#passesAt(nearest)) nearest = name
    return nearest
  }

  #arm(): void {
    const at = this.#passesAt(this.#nearest())
    // A timer that fires too early is set again: cheaper than a new one for each deadline that a short answer meets in time.
    if (at === Infinity || (this.#cancelTimer !== undefined && this.#firesAt <= at)) return
    this.#cancelTimer?.()
    const now = this.#clock.now()
    // The first is also in time for the silence after the content: a short answer sets no other.
    this.#firesAt = this.#firesAt === 0 ? Math.min(at, now + this.#limits.idleMs) : at
    this.#cancelTimer = this.#clock.after(Math.max(0, this.#firesAt - now), this.#onTimer)
  }

  readonly #onTimer = (): void => {
    this.#cancelTimer = undefined
    const name = this.#nearest()
    if (this.#clock.now() < this.#passesAt(name)) {
      this.#arm()
      return
    }
    const error = (this.#expired ??= deadlineError(this.#id, name, this.#limits[name]))
    const rejectRead = this.#rejectRead
    this.#stop()
    // The provider attaches the partial answer; one that ignores its signal can't delay the reader.
    this.#abort.abort(error)
    rejectRead?.(error)
  }

  /** A provider that ignores its signal can't delay the caller. One that heeds it keeps the partial answer first. */
  readonly #onCallerAbort = (reason: unknown): void => {
    const rejectRead = this.#rejectRead
    if (rejectRead === undefined) return
    queueMicrotask(() => {
      // The caller gets its own reason, whatever its type.
      rejectRead(reason as Error)
    })
  }

  #stop(): void {
    this.#rejectRead = undefined
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#abort.release()
  }
}
