import type { Clock } from '@rivulet/core'

/** How long a break is remembered, in milliseconds: a caller that asks again does so within seconds. */
const REMEMBERED_MS = 60_000
/** Of so many conversations. */
const MAX_KEYS = 10_000
/** And of so many members of each. */
const MAX_MEMBERS = 8

const NONE: readonly number[] = []

/**
 * Which members broke after their first content, by conversation. A caller whose answer broke asks again, and without this a
 * group in order would send each new attempt to the member that breaks.
 */
export class RecentBreaks {
  readonly #clock: Clock
  /** For each key, when each member broke. The last break of a key gives its place in the order, the oldest first. */
  readonly #byKey = new Map<number, Map<number, number>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The members that broke lately. The key is not asked for while nothing is remembered: it costs a hash. */
  of(key: () => number): readonly number[] {
    this.#forget()
    const members = this.#byKey.size === 0 ? undefined : this.#byKey.get(key())
    if (members === undefined) return NONE
    const since = this.#clock.now() - REMEMBERED_MS
    return [...members].filter(([, at]) => at > since).map(([index]) => index)
  }

  add(key: number, index: number): void {
    this.#forget()
    const members = this.#byKey.get(key) ?? new Map<number, number>()
    members.delete(index)
    members.set(index, this.#clock.now())
    keepNewest(members, MAX_MEMBERS)
    this.#byKey.delete(key)
    this.#byKey.set(key, members)
    keepNewest(this.#byKey, MAX_KEYS)
  }

  #forget(): void {
    if (this.#byKey.size === 0) return
    const since = this.#clock.now() - REMEMBERED_MS
    for (const [key, members] of this.#byKey) {
      const last = [...members.values()].at(-1) ?? since
      if (last > since) return
      this.#byKey.delete(key)
    }
  }
}

function keepNewest(map: Map<number, unknown>, most: number): void {
  if (map.size <= most) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
