/** Bytes that come in pieces, as many as may come. */
export class BoundedBytes {
  readonly #most: number
  readonly #pieces: Uint8Array[] = []
  #size = 0

  constructor(most: number) {
    this.#most = most
  }

  /** @returns Whether there are no more than may be. */
  add(piece: Uint8Array): boolean {
    this.#size += piece.length
    if (this.#isOver()) this.#pieces.length = 0
    else this.#pieces.push(piece)
    return !this.#isOver()
  }

  /** All of them; `undefined` for more than may be. A piece that is the only one is not copied. */
  whole(): Uint8Array | undefined {
    if (this.#isOver()) return undefined
    const [first] = this.#pieces
    if (first !== undefined && this.#pieces.length === 1) return first
    const all = new Uint8Array(this.#size)
    let at = 0
    for (const piece of this.#pieces) {
      all.set(piece, at)
      at += piece.length
    }
    return all
  }

  #isOver(): boolean {
    return this.#size > this.#most
  }
}
