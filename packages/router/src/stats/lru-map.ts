/** A key that is longer was not meant to be kept: callers name models as they like. */
const MAX_KEY = 256

/**
 * A value for each key, made when it is first asked for; kept for the `max` keys that were used last, so that memory is bounded.
 * A key of which nothing is made is not kept, nor is one of more than 256 characters: its value is made each time.
 */
export class LruMap<T> {
  readonly #max: number
  readonly #make: (key: string) => T | undefined
  readonly #kept = new Map<string, T>()

  constructor(max: number, make: (key: string) => T | undefined) {
    this.#max = max
    this.#make = make
  }

  get(key: string): T | undefined {
    const known = this.#kept.get(key)
    const value = known ?? this.#make(key)
    if (value === undefined || key.length > MAX_KEY) return value
    // To the end of the order, whose beginning is forgotten first.
    if (known !== undefined) this.#kept.delete(key)
    this.#kept.set(key, value)
    if (this.#kept.size > this.#max) {
      const [oldest] = this.#kept.keys()
      if (oldest !== undefined) this.#kept.delete(oldest)
    }
    return value
  }
}
