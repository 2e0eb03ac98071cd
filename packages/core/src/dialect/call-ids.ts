/**
 * The ids of an answer's tool calls. Some endpoints send none, or one id for several calls, but a result names its call by id
 * alone: such a call gets an id that is unique in the answer. An id that is given once is kept.
 */
export class CallIds {
  readonly #taken = new Set<string>()
  #next = 0

  /**
   * The id of the next call.
   *
   * @param given What the endpoint sent as the id.
   * @param prefix Begins the id of a call without one. Ids of two answers of a conversation must differ, too.
   */
  take(given: unknown, prefix: string): string {
    const base = typeof given === 'string' && given !== '' ? given : undefined
    let id = base
    // The number only grows: looking for a free one must not take longer with each call.
    this.#next = Math.max(this.#next, this.#taken.size)
    while (id === undefined || this.#taken.has(id)) id = `${base ?? prefix}_${this.#next++}`
    this.#taken.add(id)
    return id
  }
}
