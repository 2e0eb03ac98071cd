const QUOTE = 34
const BACKSLASH = 92
const LIST = 91
const LIST_END = 93
const OBJECT = 123
const OBJECT_END = 125

/** How far a JSON text has come that arrives in pieces. Each character is read once. */
export class JsonProgress {
  #depth = 0
  #inString = false
  #isEscaped = false
  #hasBegun = false

  add(piece: string): void {
    for (let at = 0; at < piece.length; at++) {
      const unit = piece.charCodeAt(at)
      if (this.#isEscaped) this.#isEscaped = false
      else if (this.#inString) {
        if (unit === BACKSLASH) this.#isEscaped = true
        else if (unit === QUOTE) this.#inString = false
      } else if (unit === QUOTE) this.#inString = true
      else if (unit === OBJECT || unit === LIST) this.#depth++
      else if (unit === OBJECT_END || unit === LIST_END) this.#depth--
      this.#hasBegun ||= unit > 32
    }
  }

  /** A string, list or object is still to be closed. */
  get isOpen(): boolean {
    return this.#inString || this.#depth > 0
  }

  /** A value has come, as far as quotes and brackets tell: whether it is JSON, only parsing tells. */
  get isWhole(): boolean {
    return this.#hasBegun && !this.isOpen
  }
}
