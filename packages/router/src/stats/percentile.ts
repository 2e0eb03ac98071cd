/** How many values are needed before a percentile of them means something. */
const MIN_VALUES = 20
/** After how many new values it is computed again: sorting for each call would cost more than it tells. */
const STALE = 16

/** A percentile of the last values, in bounded memory. */
export class Percentile {
  readonly #rank: number
  readonly #max: number
  readonly #values: number[] = []
  #at = 0
  #fresh = 0
  #last: number | undefined

  /** @param percentile 0 to 100. */
  constructor(percentile: number, max = 512) {
    this.#rank = percentile / 100
    this.#max = max
  }

  add(value: number): void {
    this.#values[this.#at] = value
    this.#at = (this.#at + 1) % this.#max
    this.#fresh++
  }

  /** `undefined` while there are too few values. */
  get(): number | undefined {
    if (this.#values.length < MIN_VALUES) return undefined
    if (this.#last === undefined || this.#fresh >= STALE) {
      const sorted = this.#values.toSorted((a, b) => a - b)
      this.#last = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * this.#rank))]
      this.#fresh = 0
    }
    return this.#last
  }
}
