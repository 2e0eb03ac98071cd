/** A mean that forgets: what was added one half-life ago counts half. In time and not in numbers, so that a quiet member is forgotten too. */
export class DecayingMean {
  readonly #halfLifeMs: number
  #sum = 0
  #weight = 0
  #at = 0

  constructor(halfLifeMs: number) {
    this.#halfLifeMs = halfLifeMs
  }

  add(now: number, value: number): void {
    this.#decay(now)
    this.#sum += value
    this.#weight += 1
  }

  /** The mean, where `usual` counts as one value more: that is what is left when all is forgotten. */
  mean(now: number, usual: number): number {
    this.#decay(now)
    return (this.#sum + usual) / (this.#weight + 1)
  }

  #decay(now: number): void {
    if (now <= this.#at) return
    const factor = 2 ** ((this.#at - now) / this.#halfLifeMs)
    this.#sum *= factor
    this.#weight *= factor
    this.#at = now
  }
}
