import type { Clock } from '@rivulet/core'
import type { Attempt, FirstResult } from './attempt.ts'
import type { Policy } from '../strategies/policy.ts'

/** How another member is put beside those at work, and who is told of those that lost. */
interface RaceGroup {
  hasCandidate: () => boolean
  /** Asks one and adds it. */
  ask: () => void
  superseded: (attempt: Attempt) => void
}

/** Those at work, of whom the first to give content answers. Mostly there is one; a policy may put others beside it. */
export class Race {
  readonly #policy: Policy
  readonly #clock: Clock
  readonly #others: RaceGroup
  readonly #running = new Map<Attempt, Promise<FirstResult>>()
  #cancelTimer: (() => void) | undefined
  /** The turn of the race that waits for its first. */
  #wake: ((lead: FirstResult) => void) | undefined

  constructor(policy: Policy, clock: Clock, others: RaceGroup) {
    this.#policy = policy
    this.#clock = clock
    this.#others = others
  }

  get isEmpty(): boolean {
    return this.#running.size === 0
  }

  add(attempt: Attempt): void {
    const lead = attempt.firstResult()
    this.#running.set(attempt, lead)
    if (this.#wake !== undefined) void lead.then(this.#wake)
    this.#arm()
  }

  /** The first of those at work that gave content or failed. With content, the others have lost. */
  async first(): Promise<FirstResult> {
    const lead = await this.#nextResult()
    this.#wake = undefined
    this.#running.delete(lead.attempt)
    if (lead.kind === 'content') {
      this.#end((attempt) => {
        attempt.lose()
        this.#others.superseded(attempt)
      })
    }
    return lead
  }

  /** The reader leaves, or has its error. */
  close(): void {
    this.#end((attempt) => {
      attempt.supersede()
    })
  }

  #nextResult(): Promise<FirstResult> {
    const [only] = this.#running.values()
    if (only !== undefined && this.#running.size === 1 && this.#cancelTimer === undefined) return only
    return new Promise((resolve) => {
      this.#wake = resolve
      for (const lead of this.#running.values()) void lead.then(resolve)
    })
  }

  /** Another is asked when those at work have given nothing for a while since the last of them was asked. */
  #arm(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    const ms = this.#policy.waitMs?.()
    if (ms === undefined || ms === Infinity) return
    this.#cancelTimer = this.#clock.after(ms, () => {
      this.#cancelTimer = undefined
      // In this order: what is taken from the budget is spent.
      if (this.#others.hasCandidate() && this.#policy.mayAskAnother?.() === true) this.#others.ask()
    })
  }

  #end(leave: (attempt: Attempt) => void): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    for (const attempt of this.#running.keys()) leave(attempt)
    this.#running.clear()
  }
}
