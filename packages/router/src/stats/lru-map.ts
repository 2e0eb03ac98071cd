/** Something for each key, for the most recent keys only: who asks for ever new models does not fill the memory. */
export class LruMap<T> {
  readonly #max: number
  readonly #make: () => T
  readonly #kept = new Map<string, T>()

  constructor(max: number, make: () => T) {
    this.#max = max
    this.#make = make
  }

  get(key: string): T {
    const known = this.#kept.get(key)
    const value = known ?? this.#make()
    // To the end of the line, whose beginning is forgotten first.
    if (known !== undefined) this.#kept.delete(key)
    this.#kept.set(key, value)
    if (this.#kept.size > this.#max) {
      const [oldest] = this.#kept.keys()
      if (oldest !== undefined) this.#kept.delete(oldest)
    }
    return value
  }
}
