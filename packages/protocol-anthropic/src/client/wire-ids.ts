interface Known {
  turn: number
  /** The calls of that turn that have no result yet. */
  waiting: string[]
  last: string
}

/**
 * The ids of a conversation's tool calls as the API takes them: letters, digits, `_` and `-`, each once. Other providers use
 * other characters, or one id in every turn. A result gets the id of the first call of its id that has none, in the last turn
 * that made such a call.
 */
export class WireIds {
  readonly #taken = new Set<string>()
  readonly #calls = new Map<string, Known>()
  #turn = 0
  #next = 0

  /** The calls that follow are those of another turn. */
  beginTurn(): void {
    this.#turn++
  }

  ofCall(id: string): string {
    const base = allowed(id)
    let wireId = base
    while (this.#taken.has(wireId)) wireId = `${base}_${this.#next++}`
    this.#taken.add(wireId)
    const known = this.#calls.get(id)
    if (known?.turn === this.#turn) {
      known.waiting.push(wireId)
      known.last = wireId
    } else {
      this.#calls.set(id, { turn: this.#turn, waiting: [wireId], last: wireId })
    }
    return wireId
  }

  ofResult(id: string): string {
    const known = this.#calls.get(id)
    return known?.waiting.shift() ?? known?.last ?? allowed(id)
  }
}

/** An id of the characters that the API takes. */
export const allowed = (id: string): string => id.replaceAll(/[^a-zA-Z0-9_-]/g, '_') || 'call'
