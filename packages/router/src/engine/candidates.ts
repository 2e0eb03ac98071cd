/** Dice may be made up, and always show the same. */
const MAX_TRIES = 20

/** The members of a call that can still be asked, by their place in the group. */
export class Candidates {
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
    while (this.#gone.has(this.#first)) this.#first++
    return this.#first
  }

  remove(index: number): void {
    this.#gone.add(index)
  }

  restore(index: number): void {
    this.#gone.delete(index)
    this.#first = Math.min(this.#first, index)
  }

  list(): number[] {
    return Array.from({ length: this.count }, (_, index) => index).filter((index) => this.has(index))
  }

  /** Those of them that will do. What is taken from the one is not taken from the other. */
  only(fits: (index: number) => boolean): Candidates {
    const others = this.list().filter((index) => !fits(index))
    return new Candidates(this.count, [...this.#gone, ...others])
  }

  /** Any of them but `not`, each as likely as another. There is at least one. Cheap as long as most are left, also of thousands. */
  any(random: () => number, not = -1): number {
    // Who throws the dice again has them all the same, at the latest with the second throw on average.
    if (this.#gone.size * 2 < this.count) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const index = Math.floor(random() * this.count)
        if (index !== not && this.has(index)) return index
      }
    }
    const list = this.list().filter((index) => index !== not)
    return list[Math.floor(random() * list.length)] ?? 0
  }
}
