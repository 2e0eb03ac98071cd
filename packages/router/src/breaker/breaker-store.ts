import { type BreakerState, leased } from './breaker-state.ts'

type Awaitable<T> = T | Promise<T>

/**
 * Where the health of members is kept. In memory by default; one that several processes share needs these three, each of
 * which may take its time. When it fails, members are asked as if they were well.
 */
export interface BreakerStore {
  /** What is known; `undefined` when nothing is. */
  get(key: string): Awaitable<BreakerState | undefined>
  /** Replaces what is known by what `change` makes of it, in one step; `undefined` forgets it. */
  record(key: string, change: (before: BreakerState | undefined) => BreakerState | undefined): Awaitable<void>
  /** Lets one of all who ask try a member that has rested, until then; true for that one. See `leased()`. */
  lease(key: string, now: number, until: number): Awaitable<boolean>
}

/**
 * In this process, the members that are not well, and of these the most recent ones.
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
