/** Joins the pieces of a text: `+=` alone would keep every piece alive as a node of a rope. */
export class Pieces {
  #whole = ''
  #pieces: string[] = []

  add(piece: string): void {
    if (this.#pieces.push(piece) < 1024) return
    this.#whole = this.toString()
    this.#pieces = []
  }

  toString(): string {
    return this.#whole + this.#pieces.join('')
  }
}
