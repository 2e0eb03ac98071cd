import type { ChatEvent } from '@rivulet/core'

/**
 * Gives calls without arguments the empty ones: clients parse the arguments of every call. Frames of an endpoint are passed on as
 * they are.
 */
export class BareCalls {
  /** Calls that have no arguments yet. */
  readonly #open = new Set<string>()
  #hasFrames = false

  fill(events: readonly ChatEvent[]): readonly ChatEvent[] {
    for (const event of events) {
      if (event.type === 'raw') this.#hasFrames = true
      else if (event.type === 'tool-call' && event.format !== 'text') this.#open.add(event.id)
      else if (event.type === 'tool-input' && event.text !== '') this.#open.delete(event.id)
      else if (event.type === 'restart') this.#open.clear()
    }
    const last = events.at(-1)
    if (last?.type !== 'finish' || this.#open.size === 0 || this.#hasFrames) return events
    const inputs = Array.from(this.#open, (id): ChatEvent => ({ type: 'tool-input', id, text: '{}' }))
    return [...events.slice(0, -1), ...inputs, last]
  }
}
