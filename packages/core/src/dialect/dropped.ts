/** Collects what of a request was left out, lowered or carried another way: each name once, in the order of its first time. */
export class Dropped {
  readonly #names = new Set<string>()

  add(name: string): void {
    this.#names.add(name)
  }

  get names(): readonly string[] {
    return [...this.#names]
  }
}
