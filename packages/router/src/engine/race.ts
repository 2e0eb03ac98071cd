import type { Clock } from '@rivulet/core'
import type { Policy } from '../strategies/policy.ts'
import type { Attempt, FirstResult } from './attempt.ts'

/** How the race asks another member, and what hears of the attempts that were superseded. */
interface RaceGroup {
  hasCandidate: () => boolean
  /** Asks a member and adds its attempt. */
  ask: () => void
  superseded: (attempt: Attempt) => void
}

/** What the race waits for: a first result, or what the policy threw when its timer fired. */
interface Waiting {
  resolve: (result: FirstResult) => void
  reject: (error: unknown) => void
}

/** The running attempts, of which the first to give content answers. Mostly there is one; a policy may add others. */
export class Race {
  readonly #policy: Policy
  readonly #clock: Clock
  readonly #group: RaceGroup
  readonly #running = new Map<Attempt, Promise<FirstResult>>()
  #cancelTimer: (() => void) | undefined
  #waiting: Waiting | undefined

  constructor(policy: Policy, clock: Clock, group: RaceGroup) {
    this.#policy = policy
    this.#clock = clock
    this.#group = group
  }

  get isEmpty(): boolean {
    return this.#running.size === 0
  }

  add(attempt: Attempt): void {
    const result = attempt.firstResult()
    this.#running.set(attempt, result)
    if (this.#waiting !== undefined) void result.then(this.#waiting.resolve)
    this.#arm()
  }

  /** The first result of the running attempts. With content, the others are superseded. @throws what the policy throws. */
  async first(): Promise<FirstResult> {
    const result = await this.#nextResult()
    this.#waiting = undefined
    this.#running.delete(result.attempt)
    if (result.kind === 'content') {
      this.#end((attempt) => {
        attempt.supersede()
        this.#group.superseded(attempt)
      })
    }
    return result
  }

  /** The reader leaves, or has its error. */
  close(): void {
    this.#end((attempt) => {
      attempt.cancel()
    })
  }

  #nextResult(): Promise<FirstResult> {
    const [only] = this.#running.values()
    if (only !== undefined && this.#running.size === 1 && this.#cancelTimer === undefined) return only
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      for (const result of this.#running.values()) void result.then(resolve)
    })
  }

  /** Another member is asked when the running attempts have given nothing for a while since the last of them began. */
  #arm(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    const ms = this.#policy.waitMs?.()
    if (ms === undefined || !(ms >= 0) || ms === Infinity) return
    this.#cancelTimer = this.#clock.after(ms, this.#onTimer)
  }

  readonly #onTimer = (): void => {
    this.#cancelTimer = undefined
    try {
      // In this order: what is taken from the budget is spent.
      if (this.#group.hasCandidate() && this.#policy.mayAskAnother?.() === true) this.#group.ask()
    } catch (error) {
      // Thrown from a timer, the policy's error would end the process: it is the reader's.
      this.#waiting?.reject(error)
    }
  }

  #end(leave: (attempt: Attempt) => void): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    for (const attempt of this.#running.keys()) leave(attempt)
    this.#running.clear()
  }
}
