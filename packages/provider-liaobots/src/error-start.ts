/** How error documents begin, without their white space. */
const STARTS = ['{"error', '[{"error', '{"detail"', '{"message"', '{"msg"', '{"code"', '{"success"'] as const
/** Enough of a text to see how it begins. */
const START_CHARACTERS = 200

/** The beginning of a body that may be an error document and nothing else. Reads each character once. */
export class ErrorStart {
  #text = ''
  #depth = 0
  #inString = false
  #isEscaped = false
  #hasEnded = false

  /** All that has been added. */
  get text(): string {
    return this.#text
  }

  /** Returns whether the body may still be an error document. */
  add(text: string): boolean {
    const from = this.#text.length
    this.#text += text
    const dense = this.#text.slice(0, START_CHARACTERS).replaceAll(/\s/g, '')
    if (!STARTS.some((start) => start.startsWith(dense.slice(0, start.length)))) return false
    for (let at = from; at < this.#text.length; at++) if (!this.#read(this.#text.charAt(at))) return false
    return true
  }

  /** Returns whether the document may have this character: after its end it has none. */
  #read(character: string): boolean {
    if (this.#inString) {
      if (this.#isEscaped) this.#isEscaped = false
      else if (character === '\\') this.#isEscaped = true
      else if (character === '"') this.#inString = false
      return true
    }
    if (/\s/.test(character)) return true
    if (this.#hasEnded) return false
    if (character === '"') this.#inString = true
    else if (character === '{' || character === '[') this.#depth++
    else if (character === '}' || character === ']') this.#hasEnded = --this.#depth === 0
    return true
  }
}
