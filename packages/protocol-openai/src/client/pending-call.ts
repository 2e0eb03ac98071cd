import { ChatError } from '@rivulet/core'
import { type DecodedEvent, isCutJson, isRecord, jsonOrText, JsonProgress } from '@rivulet/core/provider'

/** One tool call of an answer, put together from its fragments. */
export class PendingCall {
  /** The id on the wire, if it has come. */
  givenId: string | undefined
  name: string | undefined
  /** How many calls were announced before it. */
  position: number | undefined
  /** The input is any text. */
  isText = false
  /** The name, if it came once more after the whole call: arguments that still follow are those of another call. */
  repeatedName: string | undefined
  readonly #emit: (event: DecodedEvent) => void
  /** As the reader gets it, once the name has come. */
  id: string | undefined
  /** The arguments that have been emitted. */
  #json = ''
  /** Those that have not: the call has no name yet, or they may be the word null, or an object in a string. */
  #held = ''
  readonly #progress = new JsonProgress()

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
  }

  get isWhole(): boolean {
    return this.#progress.isWhole
  }

  get isOpen(): boolean {
    return this.#progress.isOpen
  }

  /** What has come is not what the reader gets, or not yet. */
  get isHeld(): boolean {
    return this.#held !== ''
  }

  /** How many characters wait for the name. */
  get heldCharacters(): number {
    return this.name === undefined ? this.#held.length : 0
  }

  /** The arguments as they came. */
  get json(): string {
    return this.#json + this.#held
  }

  /** @param id That of the reader. */
  announce(name: string, id: string): void {
    this.name = name
    this.id = id
    this.#emit({ type: 'tool-call', id, name, ...(this.isText && { format: 'text' }) })
    this.#release()
  }

  add(piece: string): void {
    // The word null in place of arguments means that there are none, and some servers send it before them.
    if (!this.isText && this.#held.trim() === 'null' && piece.trim() !== '') this.#held = ''
    this.#held += piece
    if (!this.isText) this.#progress.add(piece)
    this.#release()
  }

  /** @throws ChatError `truncated` or `malformed` for a call that can't be made: a tool must not run with other arguments. */
  end(): void {
    const id = this.id
    const text = this.json.trim()
    if (text === '' || (text === 'null' && !this.isText)) return
    if (id === undefined) throw new ChatError('malformed', 'a tool call has arguments and no name')
    if (this.isText) return
    const value = jsonOrText(text)
    if (typeof value === 'object') return
    if (value === text) {
      if (isCutJson(text)) throw new ChatError('truncated', `the arguments of tool call ${id} broke off`)
      throw new ChatError('malformed', `the arguments of tool call ${id} are not JSON`)
    }
    if (typeof value !== 'string' || !isRecord(jsonOrText(value))) {
      throw new ChatError('malformed', `the arguments of tool call ${id} are not an object`)
    }
    this.#emit({ type: 'tool-input', id, text: value })
  }

  #release(): void {
    const id = this.id
    if (id === undefined || this.#held === '') return
    if (!this.isText && this.#json === '' && /^\s*(?:"|(?:n(?:u(?:ll?)?)?)?\s*$)/.test(this.#held)) return
    this.#json += this.#held
    this.#emit({ type: 'tool-input', id, text: this.#held })
    this.#held = ''
  }
}
