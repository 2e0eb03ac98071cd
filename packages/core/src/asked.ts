import { ChildAbort } from './async/child-abort.ts'
import { ChatError } from './errors.ts'
import type { Exchange } from './http/http-answer.ts'
import type * as reading from './reading.ts'
import { type Batches, DONE } from './stream.ts'

/** The half of the program that reads answers. */
export type Reading = typeof reading

/**
 * The first request of a provider. It goes out while the half of the program that reads answers is still being loaded; from
 * then on that half does everything. Aborts, and leaves, as promptly as if it were there.
 */
export class Asked implements Batches {
  readonly #exchange: Exchange
  readonly #load: () => Promise<Reading>
  readonly #abort = new ChildAbort()
  #answer: Batches | undefined
  #left = false

  constructor(exchange: Exchange, load: () => Promise<Reading>) {
    this.#exchange = exchange
    this.#load = load
  }

  async next(): ReturnType<Batches['next']> {
    if (this.#answer === undefined) {
      if (this.#left) return DONE
      try {
        this.#answer = await this.#open()
      } catch (error) {
        this.#abort.abort()
        if (this.#hasLeft()) return DONE
        this.#left = true
        throw error
      }
      // The reader may have left just as it came.
      if (this.#hasLeft()) this.#answer.close()
    }
    return this.#answer.next()
  }

  close(): void {
    this.#left = true
    if (this.#answer === undefined) this.#abort.abort()
    else this.#answer.close()
  }

  /** A method, because a field that another turn changes looks constant to the compiler. */
  #hasLeft(): boolean {
    return this.#left
  }

  async #open(): Promise<Batches> {
    const { endpoint, http, call } = this.#exchange
    const { signal } = this.#abort.follow(call?.signal)
    signal.throwIfAborted()
    const response = http instanceof ChatError ? Promise.reject(http) : endpoint.send(http, signal, call)
    // It is read below, or else aborted.
    response.catch(() => undefined)
    const { HttpAnswer } = await unlessAborted(signal, this.#load())
    return new HttpAnswer(this.#exchange, { abort: this.#abort, response })
  }
}

/** What a promise comes to, unless the signal aborts before that: then its reason, at once. */
export function unlessAborted<T>(signal: AbortSignal | undefined, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      // The caller's reason is what the caller gets, whatever it is.
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', abort)
    void promise.then(resolve, reject).then(() => signal?.removeEventListener('abort', abort))
  })
}

/** What a part that is loaded later fails with: that is the network's failure, and no mistake of the caller's. */
export async function loaded<T>(id: string, part: Promise<T>): Promise<T> {
  try {
    return await part
  } catch (cause) {
    const message = `${id}: a part of this program could not be loaded. Ask again, or load the page anew`
    throw new ChatError('network', message, { provider: id, cause })
  }
}
