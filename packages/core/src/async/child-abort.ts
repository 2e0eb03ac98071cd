/**
 * A signal that follows its parent, with the parent's reason, until it is released, and can also be aborted alone. A listener
 * that is never released would keep every finished call alive for as long as the caller keeps its signal.
 */
export class ChildAbort {
  /** Called when the parent aborts, before the listeners of this signal. */
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

  /** Stops following the parent. */
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
