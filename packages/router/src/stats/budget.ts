const SLICES = 20

/** What was earned in a slice of the window and is not spent yet. */
interface Slice {
  since: number
  credit: number
}

/**
 * How many extra requests may go out. Each call earns `ratio` of one, which is lost when it is not spent within the window:
 * a quiet hour does not pay for a storm. In any stretch of time there are at most `allowance` extra requests, and `ratio`
 * for each call in that stretch and in one window before it; in all, `allowance` and `ratio` for each call.
 */
export class Budget {
  readonly #ratio: number
  readonly #windowMs: number
  /** Given once, so that the first calls of a process may spend too. */
  #allowance: number
  /** Oldest first. */
  #slices: Slice[] = []

  constructor(ratio: number, windowMs: number, allowance: number) {
    this.#ratio = ratio
    this.#windowMs = windowMs
    this.#allowance = allowance
  }

  earn(now: number): void {
    const last = this.#slices.at(-1)
    if (last !== undefined && now - last.since < this.#windowMs / SLICES) last.credit += this.#ratio
    else {
      this.#expire(now)
      this.#slices.push({ since: now, credit: this.#ratio })
    }
  }

  /** Spends one extra request, the oldest credit first. False when there is not enough. */
  spend(now: number): boolean {
    this.#expire(now)
    const credit = this.#slices.reduce((sum, slice) => sum + slice.credit, 0)
    // In floating point, twenty times a twentieth is a little less than one.
    if (credit < 1 - 1e-9) {
      if (this.#allowance < 1) return false
      this.#allowance -= 1
      return true
    }
    let price = 1
    for (const slice of this.#slices) {
      const part = Math.min(slice.credit, price)
      slice.credit -= part
      price -= part
    }
    return true
  }

  #expire(now: number): void {
    if (this.#slices[0] === undefined || now - this.#slices[0].since < this.#windowMs) return
    this.#slices = this.#slices.filter(({ since }) => now - since < this.#windowMs)
  }
}
