import { ChatError } from '@rivulet/core'

/** Remembers a text without keeping it: its length and a hash, which do not depend on how the text was cut into pieces. */
export class SaidText {
  #length = 0
  #hash = 0

  get isEmpty(): boolean {
    return this.#length === 0
  }

  add(piece: string): void {
    this.#length += piece.length
    this.#hash = hashOf(piece, this.#hash)
  }

  /**
   * What a text that repeats everything adds to it.
   *
   * @throws ChatError `malformed` when it begins otherwise: what the reader has got is not the answer.
   */
  restOf(whole: string): string {
    const said = whole.slice(0, this.#length)
    if (said.length === this.#length && hashOf(said, 0) === this.#hash) return whole.slice(this.#length)
    throw new ChatError('malformed', 'the message has another text than its pieces')
  }
}

function hashOf(text: string, hash: number): number {
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return hash
}
