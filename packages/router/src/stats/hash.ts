/** Longer texts are hashed by their beginning, their end and their length: a prompt may be as long as a book. */
const MAX_TEXT = 65_536

/** Between two texts, so that 'a' and 'bc' are not 'ab' and 'c'. No character has this code. */
const SEPARATOR = 0x11_0000

/** A hash of texts, the same in every process: FNV-1a with two offsets, each mixed as MurmurHash3 mixes its result. */
export class Hash {
  #one = 0x811c9dc5
  #two = 0x050c5d1f

  add(text: string): this {
    if (text.length <= MAX_TEXT) this.#addAll(text)
    else this.#addAll(text.slice(0, MAX_TEXT / 2) + text.slice(-MAX_TEXT / 2) + String(text.length))
    this.#addCode(SEPARATOR)
    return this
  }

  /** A whole number below 2^53. */
  value(): number {
    return (mixed(this.#two) & 0x1f_ffff) * 0x1_0000_0000 + mixed(this.#one)
  }

  #addAll(text: string): void {
    for (let at = 0; at < text.length; at++) this.#addCode(text.charCodeAt(at))
  }

  #addCode(code: number): void {
    this.#one = Math.imul(this.#one ^ code, 0x01000193)
    this.#two = Math.imul(this.#two ^ code, 0x01000193)
  }
}

/** 32 bits that each depend on all 32 bits of `bits`: the finalizer of MurmurHash3. */
export function mixed(bits: number): number {
  let mix = bits ^ (bits >>> 16)
  mix = Math.imul(mix, 0x85ebca6b)
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35)
  return (mix ^ (mix >>> 16)) >>> 0
}
