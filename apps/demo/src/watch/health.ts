import type { Clock } from '@rivulet/core'
import type { BreakerState, BreakerStore } from 'rivulet'

/** What the circuit breakers of a provider say. */
export interface HealthState {
  /** `'shaky'`: it has failed lately, and is asked all the same. `'open'`: its circuit is open, and it is not asked. */
  health: 'well' | 'shaky' | 'open'
  /** While the circuit is open: how long until one request may probe, in milliseconds; 0 when the next one will. */
  nextProbeMs?: number
  /** Its last failure. */
  lastFailure?: { code: string; message: string }
}

/** As many as the store in memory keeps: a caller may name any model. */
const MAX_STATES = 1000

/** The health of providers, read from the store of their circuit breakers: there is one for each model of a provider. */
export class Health {
  /** The store, as the breakers use it. */
  readonly store: BreakerStore
  readonly #clock: Clock
  readonly #states = new Map<string, BreakerState>()
  readonly #inner: BreakerStore

  constructor(inner: BreakerStore, clock: Clock, onChange: () => void) {
    this.#inner = inner
    this.#clock = clock
    const note = (key: string, state: BreakerState | undefined): void => {
      this.#states.delete(key)
      if (state !== undefined) this.#states.set(key, state)
      const [oldest] = this.#states.keys()
      if (this.#states.size > MAX_STATES && oldest !== undefined) this.#states.delete(oldest)
      onChange()
    }
    this.store = {
      get: (key) => inner.get(key),
      record: (key, change) =>
        inner.record(key, (before) => {
          const after = change(before)
          if (after !== before) note(key, after)
          return after
        }),
      lease: (key, now, until) => inner.lease(key, now, until),
    }
  }

  /** The worst that the breakers of a provider say. */
  of(provider: string): HealthState {
    const states = [...this.#states].filter(([key]) => key.startsWith(`${provider} `)).map(([, state]) => state)
    const failed = states.filter(({ code }) => code !== undefined)
    const open = failed.filter(({ openUntil }) => openUntil !== undefined)
    const [worst] = (open.length > 0 ? open : failed).toSorted(
      (one, other) => (other.openUntil ?? 0) - (one.openUntil ?? 0),
    )
    const { openUntil, code, message = '' } = worst ?? {}
    if (code === undefined) return { health: 'well' }
    const lastFailure = { code, message: message.slice(0, 300) }
    if (openUntil === undefined) return { health: 'shaky', lastFailure }
    return { health: 'open', nextProbeMs: Math.max(0, openUntil - this.#clock.now()), lastFailure }
  }

  /** Closes every circuit. */
  forget(): void {
    for (const key of this.#states.keys()) void this.store.record(key, () => undefined)
  }
}
