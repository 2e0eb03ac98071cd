/**
 * Notices when a second answer begins in a stream, as a gateway sends it that asks again. Each sign alone has other causes
 * (servers that repeat the role, change the id or go on after a finish reason): two of three decide.
 */
export class SecondAnswer {
  /** A finish reason has come after chunks without one. */
  hasEnded = false
  #id: string | undefined
  #idsVary = false
  /** The id has come twice: this server does not make one for each chunk. */
  #isIdStable = false
  #hadRole = false
  /** A chunk without a role came after one with a role: this server does not repeat it. */
  #roleIsOver = false

  /** Reads the id and the role of the next chunk; `undefined` for an id that has come before. */
  begins(id: unknown, role: unknown): boolean {
    const hasRole = typeof role === 'string' && role !== ''
    const isNamedAgain = hasRole && this.#roleIsOver
    if (hasRole) this.#hadRole = true
    else if (this.#hadRole) this.#roleIsOver = true
    const isOtherId = this.#isOtherId(id)
    if (isNamedAgain && (isOtherId || this.hasEnded)) return true
    // Where each chunk has the role, it is a sign beside an id that has been the same.
    if (isOtherId && (this.hasEnded || (hasRole && this.#isIdStable))) return true
    // A server that changes the id where nothing else begins.
    this.#idsVary ||= isOtherId
    return false
  }

  #isOtherId(id: unknown): boolean {
    if (id === undefined && this.#id !== undefined) this.#isIdStable = true
    if (typeof id !== 'string' || id === '' || this.#idsVary) return false
    if (id === this.#id) this.#isIdStable = true
    this.#id ??= id
    return id !== this.#id
  }
}
