import { type Clock, systemClock } from '@rivulet/core/provider'
import { type BreakerState, type BreakerStore, memoryBreakerStore } from 'rivulet'

type Change = (before: BreakerState | undefined) => BreakerState | undefined

interface OpenBreaker {
  /** The member's id. */
  readonly member: string
  /** In the clock's milliseconds. */
  readonly since: number
  readonly until: number
}

/** Of the breakers that are kept; each model of a member has one. */
const MAX_KEYS = 1_000

/** The circuit breakers of members in memory, where they can be looked at. */
export class Breakers implements BreakerStore {
  readonly #clock: Clock
  readonly #store = memoryBreakerStore({ maxKeys: MAX_KEYS })
  readonly #open = new Map<string, OpenBreaker>()
  /** When each member has last answered, whatever the model. */
  readonly #answeredAt = new Map<string, number>()

  /** @param clock That of the breakers. @default the system's */
  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  get(key: string): ReturnType<BreakerStore['get']> {
    return this.#store.get(key)
  }

  lease(key: string, now: number, until: number): ReturnType<BreakerStore['lease']> {
    return this.#store.lease(key, now, until)
  }

  record(key: string, change: Change): ReturnType<BreakerStore['record']> {
    return this.#store.record(key, (before) => {
      const after = change(before)
      this.#look(key, before, after)
      return after
    })
  }

  /** How many are open, by the ids of their members. */
  openBreakers(): Record<string, number> {
    const now = this.#clock.now()
    const counts = new Map<string, number>()
    for (const { member, until } of this.#open.values()) {
      if (until > now) counts.set(member, (counts.get(member) ?? 0) + 1)
    }
    return Object.fromEntries(counts)
  }

  /** Whether each of these members has an open breaker, and has answered for no model since. */
  areAllOut(members: readonly string[]): boolean {
    const now = this.#clock.now()
    const out = new Set<string>()
    for (const { member, since, until } of this.#open.values()) {
      if (until > now && (this.#answeredAt.get(member) ?? -Infinity) <= since) out.add(member)
    }
    return members.length > 0 && members.every((member) => out.has(member))
  }

  #look(key: string, before: BreakerState | undefined, after: BreakerState | undefined): void {
    const member = key.slice(0, key.indexOf(' '))
    if (after?.openUntil !== undefined) {
      const since = this.#open.get(key)?.since ?? this.#clock.now()
      this.#open.delete(key)
      this.#open.set(key, { member, since, until: after.openUntil })
      const [oldest] = this.#open.keys()
      if (this.#open.size > MAX_KEYS && oldest !== undefined) this.#open.delete(oldest)
      return
    }
    this.#open.delete(key)
    if (failuresIn(after) <= failuresIn(before)) this.#answeredAt.set(member, this.#clock.now())
  }
}

const failuresIn = (state: BreakerState | undefined): number =>
  state?.seen.reduce((sum, { failed }) => sum + failed, 0) ?? 0
