import { type Restart, restartError } from '../reading/collect.ts'
import { type Batches, DONE } from '../stream.ts'

/** Pieces of an answer that somebody else reads on. Leaving it stops nothing. */
export class PieceQueue<Item> implements Batches<Item> {
  #pieces: Item[] = []
  #hasDelivered = false
  /** How it ends, after the pieces that came before. */
  #end: (() => Promise<typeof DONE>) | undefined
  /** Wakes a reader that waits. */
  #wake: (() => void) | undefined

  async next(): ReturnType<Batches<Item>['next']> {
    while (this.#pieces.length === 0) {
      if (this.#end !== undefined) return this.#end()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const value = this.#pieces
    this.#pieces = []
    this.#hasDelivered = true
    return { done: false, value }
  }

  close(): void {
    this.#finish(() => Promise.resolve(DONE))
  }

  add(pieces: readonly Item[]): void {
    if (this.#end !== undefined) return
    // One by one: there may be more than a call takes as arguments.
    for (const piece of pieces) this.#pieces.push(piece)
    this.#wake?.()
  }

  /** The answer starts over: unseen, or else the reader fails, because what it has can't be taken back. */
  startOver(event: Restart): void {
    this.#pieces = []
    if (this.#hasDelivered) this.fail(restartError(event))
  }

  end(): void {
    this.#finish(() => Promise.resolve(DONE))
  }

  fail(error: unknown): void {
    // The reader gets the failure itself, whatever its type.
    this.#finish(() => Promise.reject(error))
  }

  #finish(end: () => Promise<typeof DONE>): void {
    this.#end ??= end
    this.#wake?.()
  }
}
