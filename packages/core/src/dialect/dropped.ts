/** Collects what of a request was left out, lowered or carried another way: each name once, in the order of its first time. */
export class Dropped {
  /** Made for the first name: most requests lose nothing. */
  #names: Set<string> | undefined

  add(name: string): void {
    ;(this.#names ??= new Set()).add(name)
  }

  get names(): readonly string[] {
    return [...(this.#names ?? [])]
  }
}
