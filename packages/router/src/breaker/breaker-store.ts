import { type BreakerState, leased } from './breaker-state.ts'

type Awaitable<T> = T | Promise<T>

/**
 * Where circuit breakers keep their state: in memory by default. A store that several processes share needs these three
 * functions, each of which may be asynchronous. When it fails, members are asked as if their breakers were closed.
 */
export interface BreakerStore {
  /** The state of a breaker; `undefined` when there is none. */
  get(key: string): Awaitable<BreakerState | undefined>
  /** Replaces the state by what `change` makes of it, in one step; `undefined` deletes it. */
  record(key: string, change: (before: BreakerState | undefined) => BreakerState | undefined): Awaitable<void>
  /** Leases the probe of a half-open breaker until `until`, to one of all requests that ask: true for that one. See `leased()`. */
  lease(key: string, now: number, until: number): Awaitable<boolean>
}

/**
 * A store in this process. It keeps no state of a healthy member, and at most `maxKeys` of the others, the most recent ones.
 *
 * @example
 * const store = memoryBreakerStore({ maxKeys: 10_000 })
 */
export function memoryBreakerStore({ maxKeys = 1000 }: { maxKeys?: number } = {}): BreakerStore {
  const states = new Map<string, BreakerState>()
  const keep = (key: string, state: BreakerState): void => {
    states.delete(key)
    states.set(key, state)
    if (states.size <= maxKeys) return
    const [oldest] = states.keys()
    if (oldest !== undefined) states.delete(oldest)
  }
  return {
    get: (key) => states.get(key),
    record(key, change) {
      const before = states.get(key)
      const after = change(before)
      if (after === undefined) states.delete(key)
      else if (after !== before) keep(key, after)
    },
    lease(key, now, until) {
      const state = leased(states.get(key), now, until)
      if (state !== undefined) keep(key, state)
      return state !== undefined
    },
  }
}
