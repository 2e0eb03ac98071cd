/** Indices in the order of their values: the first has the least value; of equal values, the lower index is first. */
export class Heap {
  readonly #values: number[]
  /** A heap: each index is before its two children. */
  readonly #order: number[]

  constructor(values: readonly number[]) {
    this.#values = [...values]
    // A sorted list is a heap.
    this.#order = [...values.keys()].sort((one, other) => (this.#isBefore(one, other) ? -1 : 1))
  }

  get size(): number {
    return this.#order.length
  }

  /** There is at least one. */
  get first(): number {
    return this.#order[0] ?? 0
  }

  /** Adds to the value of the first index, which moves to its new place. */
  moveFirst(more: number): void {
    const { first } = this
    this.#values[first] = (this.#values[first] ?? 0) + more
    this.#sink()
  }

  /** Takes the first index out; its value is kept. */
  take(): number {
    const { first } = this
    const last = this.#order.pop()
    if (last !== undefined && last !== first) {
      this.#order[0] = last
      this.#sink()
    }
    return first
  }

  /** Puts an index back that was taken out, with its value. */
  putBack(index: number): void {
    const order = this.#order
    let at = order.push(index) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      const above = order[up]
      if (above === undefined || !this.#isBefore(index, above)) break
      order[at] = above
      at = up
    }
    order[at] = index
  }

  #sink(): void {
    const order = this.#order
    const sinking = order[0]
    if (sinking === undefined) return
    let at = 0
    for (;;) {
      const left = order[2 * at + 1]
      const right = order[2 * at + 2]
      const down = right !== undefined && left !== undefined && this.#isBefore(right, left) ? right : left
      if (down === undefined || !this.#isBefore(down, sinking)) break
      order[at] = down
      at = down === left ? 2 * at + 1 : 2 * at + 2
    }
    order[at] = sinking
  }

  #isBefore(one: number, other: number): boolean {
    const [value = 0, of = 0] = [this.#values[one], this.#values[other]]
    return value < of || (value === of && one < other)
  }
}
