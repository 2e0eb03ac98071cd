import type { ChatEvent } from '@rivulet/core'
import type { AnswerWriter } from '@rivulet/core/provider'

/** Writes an answer as one list that comes in pieces: the chunks of its events, with commas. */
export class ListWriter implements AnswerWriter {
  readonly contentType = 'application/json'
  readonly #events: AnswerWriter
  #isFirst = true
  #hasEnded = false

  /** @param events Writes the same answer as events. */
  constructor(events: AnswerWriter) {
    this.#events = events
  }

  write(events: readonly ChatEvent[]): string {
    const items = this.#items(this.#events.write(events))
    return events.some(({ type }) => type === 'finish') ? items + this.#end() : items
  }

  /** White space between the items means nothing. */
  ping(): string {
    return this.#hasEnded ? '' : '\n'
  }

  fail(error: unknown): string {
    return this.#items(this.#events.fail(error)) + this.#end()
  }

  #end(): string {
    const end = this.#hasEnded ? '' : ']'
    this.#hasEnded = true
    return end
  }

  #items(events: string): string {
    const items = events.split('\n\n').map((event) => event.slice('data: '.length))
    return items.map((json) => (json === '' ? '' : this.#separator() + json)).join('')
  }

  #separator(): string {
    const separator = this.#isFirst ? '[' : ',\r\n'
    this.#isFirst = false
    return separator
  }
}
