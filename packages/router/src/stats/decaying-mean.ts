/**
 * A mean that forgets: a value that was added one half-life ago counts half. By time and not by count, so that an idle member is
 * forgotten too.
 */
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

  /** The mean, where `usual` counts as one more value: what remains when everything is forgotten. */
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
