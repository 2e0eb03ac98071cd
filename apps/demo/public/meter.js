/** Measures one answer: the time to its first token and the rate of the rest. */
export class Meter {
  #startedMs = performance.now()
  /** @type {number | undefined} */
  #firstMs
  /** @type {number | undefined} */
  #endedMs
  #characters = 0

  /** @param {string} text */
  add(text) {
    this.#firstMs ??= performance.now()
    this.#characters += text.length
  }

  end() {
    this.#endedMs ??= performance.now()
  }

  /**
   * The measurements as text, as far as they are known.
   *
   * @param {{ outputTokens: number } | undefined} usage
   * @returns {string[]}
   */
  words(usage) {
    if (this.#firstMs === undefined) return []
    const words = [`first token ${((this.#firstMs - this.#startedMs) / 1000).toFixed(2)} s`]
    if (this.#endedMs === undefined) return words
    const seconds = (this.#endedMs - this.#firstMs) / 1000
    const [amount, unit] = usage ? [usage.outputTokens, 'tokens'] : [this.#characters, 'characters']
    words.push(`${amount.toLocaleString('en')} ${unit}`)
    // An answer that arrived in one piece has no rate.
    if (seconds > 0.05) words.push(`${Math.round(amount / seconds).toLocaleString('en')} ${unit}/s`)
    return words
  }
}
