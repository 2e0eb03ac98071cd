/** The members of a call that were not asked yet, by their place in the group. */
export class Left {
  /** All members, also those that were asked. */
  readonly count: number
  readonly #gone: Set<number>
  #first = 0

  constructor(count: number, gone: Iterable<number> = []) {
    this.count = count
    this.#gone = new Set(gone)
  }

  get size(): number {
    return this.count - this.#gone.size
  }

  has(index: number): boolean {
    return !this.#gone.has(index)
  }

  /** The first of them: there is at least one. */
  get first(): number {
    // What is gone does not come back.
    while (this.#gone.has(this.#first)) this.#first++
    return this.#first
  }

  take(index: number): void {
    this.#gone.add(index)
  }

  list(): number[] {
    return Array.from({ length: this.count }, (_, index) => index).filter((index) => this.has(index))
  }

  /** Those of them that will do. What is taken from the one is not taken from the other. */
  only(fits: (index: number) => boolean): Left {
    const others = this.list().filter((index) => !fits(index))
    return new Left(this.count, [...this.#gone, ...others])
  }

  /** Any of them; cheap as long as none was asked, also of thousands. */
  any(random: () => number): number {
    if (this.#gone.size === 0) return Math.floor(random() * this.count)
    const list = this.list()
    return list[Math.floor(random() * list.length)] ?? 0
  }
}
