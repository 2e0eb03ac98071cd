import { ChildAbort } from '../async/child-abort.ts'
import type { Clock } from '../async/clock.ts'
import { quietly } from '../async/quietly.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import type { ChatEvent } from '../chat.ts'
import type { ChatError } from '../errors.ts'
import type { CallOptions } from '../provider.ts'
import { isContent } from '../reading/is-content.ts'
import { type Batches, batchesOf, failedBatches } from '../stream.ts'
import { deadlineError, type DeadlineName, type Limits, passedDeadline } from './limits.ts'

/** The deadlines that count while a read is pending. */
const WAITING = ['idleMs', 'firstTokenMs', 'connectMs'] as const satisfies DeadlineName[]

/** One call under its deadlines. Has a single timer, which is set again for a nearer deadline, or after it fired too early. */
export class LimitedCall {
  readonly call: CallOptions
  readonly #id: string
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #callerSignal: AbortSignal | undefined
  readonly #abort = new ChildAbort()
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
  /** No read was pending when the timer was set, so that it covers `totalMs` only. */
  #coversTotalOnly = false
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
        if (this.#cancelTimer !== undefined) this.#arm()
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
    const batches = batchesOf(inner, this.#abort.signal)
    const read = (): ReturnType<Batches['next']> => batches.next()
    const isEnd = ({ done, value }: Awaited<ReturnType<Batches['next']>>): boolean => {
      if (done !== true) this.#progress(value)
      return done === true
    }
    return {
      next: () => {
        if (!this.#onlyRaw) this.#waitingSince = this.#clock.now()
        return this.#inTime(read, isEnd)
      },
      close: () => {
        this.#stop()
        batches.close()
      },
    }
  }

  /** Awaits an answer in one piece: all of it within `firstTokenMs` and `totalMs`, the connection within `connectMs`. */
  async answer<T>(ask: (call: CallOptions) => Promise<T>): Promise<T> {
    const passed = this.#begin()
    if (passed !== undefined) throw passed
    const asked = async (): Promise<T> => unlessAborted(ask(this.call), this.#abort.signal)
    return this.#inTime(asked, () => true)
  }

  /** Begins the deadlines. Gives the error of one that has passed: nothing is sent for an attempt that would be aborted at once. */
  #begin(): ChatError | undefined {
    const { elapsedMs = 0, restartedMs = 0 } = this.call
    const passed = passedDeadline(this.#id, this.#limits, this.call)
    if (passed !== undefined) return passed
    this.#calledAt = this.#clock.now() - elapsedMs
    this.#restartedAt = this.#calledAt + restartedMs
    this.#abort.onFollowed = this.#onCallerAbort
    this.#abort.follow(this.#callerSignal)
    return undefined
  }

  /** Awaits one read, or the deadline that passes before it. */
  #inTime<T>(read: () => Promise<T>, isEnd: (result: T) => boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#rejectRead = reject
      const pending = read()
      if (this.#cancelTimer === undefined || this.#coversTotalOnly) this.#arm()
      pending.then(
        (result) => {
          this.#rejectRead = undefined
          const hasEnded = isEnd(result)
          if (hasEnded || this.#expired !== undefined) this.#stop()
          // The deadline passed while no read was pending, and the provider ignores its signal.
          if (this.#expired !== undefined && !hasEnded) reject(this.#expired)
          else resolve(result)
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
    if (this.#hasContent || !events.some(isContent)) return
    this.#hasContent = true
    this.#arm()
  }

  /** When a deadline passes, as things are: `Infinity` for one that waits for nothing now. */
  #passesAt(name: DeadlineName): number {
    const ms = this.#limits[name]
    if (name === 'totalMs') return this.#calledAt + ms
    if (this.#rejectRead === undefined) return Infinity
    if (name === 'connectMs') return this.#connecting ? this.#connectingSince + ms : Infinity
    if (this.#hasContent !== (name === 'idleMs')) return Infinity
    return ms + (this.#hasContent ? this.#waitingSince : this.#restartedAt)
  }

  #nearest(): DeadlineName {
    let nearest: DeadlineName = 'totalMs'
    for (const name of WAITING) if (this.#passesAt(name) < this.#passesAt(nearest)) nearest = name
    return nearest
  }

  #arm(): void {
    const at = this.#passesAt(this.#nearest())
    this.#coversTotalOnly = this.#rejectRead === undefined
    // A timer that fires too early is set again: cheaper than a new one for each deadline that a short answer meets in time.
    if (this.#cancelTimer !== undefined && this.#firesAt <= at) return
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    if (at === Infinity) return
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
