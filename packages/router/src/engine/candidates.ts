import type { ReadonlyCandidates } from '../strategies/policy.ts'

/** An injected `random` may be constant, so bound the tries. */
const MAX_TRIES = 20

/** The members of a call that can still be asked, by their index in the group. */
export class Candidates implements ReadonlyCandidates {
  readonly count: number
  readonly #removed: Set<number>
  #first = 0

  constructor(count: number, removed: Iterable<number> = []) {
    this.count = count
    this.#removed = new Set(removed)
  }

  get size(): number {
    return this.count - this.#removed.size
  }

  has(index: number): boolean {
    return index >= 0 && index < this.count && Number.isInteger(index) && !this.#removed.has(index)
  }

  get first(): number {
    while (this.#removed.has(this.#first)) this.#first++
    return this.#first
  }

  remove(index: number): void {
    this.#removed.add(index)
  }

  restore(index: number): void {
    this.#removed.delete(index)
    this.#first = Math.min(this.#first, index)
  }

  list(): number[] {
    return Array.from({ length: this.count }, (_, index) => index).filter((index) => this.has(index))
  }

  /** Those of them that fit. What is removed from the one is not removed from the other. */
  only(fits: (index: number) => boolean): Candidates {
    const others = this.list().filter((index) => !fits(index))
    return new Candidates(this.count, [...this.#removed, ...others])
  }

  /** Without these. */
  without(indices: readonly number[]): Candidates {
    return new Candidates(this.count, [...this.#removed, ...indices])
  }

  any(random: () => number, except = -1): number {
    // While most can be asked, a random index mostly hits one: two tries on average, and no list of thousands.
    if (this.#removed.size * 2 < this.count) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const index = Math.floor(random() * this.count)
        if (index !== except && this.has(index)) return index
      }
    }
    const list = this.list().filter((index) => index !== except)
    return list[Math.floor(random() * list.length)] ?? 0
  }
}
