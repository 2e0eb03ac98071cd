/** Frames that end an answer, and wait until it has really ended. */

/** More than any endpoint sends after its reason. */
const MAX_FRAMES = 64

export class HeldEnd {
  #frames: string[] = []
  /** One of them has the reason. */
  #hasReason = false

  get isEmpty(): boolean {
    return this.#frames.length === 0
  }

  add(bytes: string, { label, data }: { label: string; data: string }): void {
    // The end mark is written when all else is.
    if (data.trim() === '[DONE]' || this.#frames.length === MAX_FRAMES) return
    this.#frames.push(bytes)
    this.#hasReason ||= label === 'end'
  }

  /** The answer goes on: these did not end it. */
  clear(): void {
    this.#frames = []
    this.#hasReason = false
  }

  /** The bytes; `undefined` when none of them says why the answer ends. */
  take(): string | undefined {
    const bytes = this.#hasReason ? this.#frames.join('') : undefined
    this.clear()
    return bytes
  }
}
