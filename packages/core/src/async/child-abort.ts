/**
 * An abort of one's own below the caller's: it follows the caller's signal, with its reason, until it is released. A
 * listener that is not released would keep every finished call alive for as long as the caller keeps the signal.
 */
export class ChildAbort {
  /** Called when the parent aborts, before anybody else hears of it. */
  onFollowed: ((reason: unknown) => void) | undefined
  readonly #controller = new AbortController()
  #parent: AbortSignal | undefined

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  follow(parent: AbortSignal | undefined): this {
    this.#parent = parent
    if (parent?.aborted === true) this.#onAbort()
    else parent?.addEventListener('abort', this.#onAbort, { once: true })
    return this
  }

  /** Follows no more. */
  release(): void {
    this.#parent?.removeEventListener('abort', this.#onAbort)
  }

  abort(reason?: unknown): void {
    this.release()
    this.#controller.abort(reason)
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#parent?.reason
    this.onFollowed?.(reason)
    this.abort(reason)
  }
}
