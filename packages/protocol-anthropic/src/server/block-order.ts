import { ChatError, type ChatEvent } from '@rivulet/core'
import { JsonProgress } from '@rivulet/core/provider'

/** What waits for the call before it to be whole. */
interface Waiting {
  event: ChatEvent
  /** The arguments of a call that have come. */
  inputs: string[]
}

/** How many characters may wait: an answer whose first call never ends must not fill the memory. */
const MOST_CHARACTERS = 16 * 1024 * 1024

/**
 * Puts the events of an answer in an order in which one block is open at a time, as clients of the dialect expect: endpoints of
 * other dialects interleave the arguments of parallel calls. What follows a call waits until its arguments are whole, or until
 * the answer ends.
 */
export class BlockOrder {
  /** The call whose arguments come now. */
  #call: { id: string; progress: JsonProgress } | undefined
  #waiting: Waiting[] = []
  /** How many of those were written: taking each off the front would copy the others each time. */
  #taken = 0
  readonly #calls = new Map<string, Waiting>()
  #characters = 0

  /** Takes a piece of the arguments of the open call, if nothing waits for it. */
  continues(id: string, text: string): boolean {
    if (this.#call?.id !== id || this.#isWaiting) return false
    this.#call.progress.add(text)
    return true
  }

  /** The events that can be written now. */
  next(event: ChatEvent): readonly ChatEvent[] {
    switch (event.type) {
      case 'tool-input':
        return this.#input(event)
      case 'text':
      case 'reasoning':
      case 'native':
      case 'tool-call':
        if (this.#isBusy()) return this.#hold(event)
        this.#begin(event)
        return [event]
      case 'finish':
        return [...this.release(), event]
      case 'start':
      case 'raw':
      case 'restart':
      case 'resume':
        return [event]
    }
  }

  /** Everything that waits: the answer has ended. */
  release(): readonly ChatEvent[] {
    const out: ChatEvent[] = []
    do {
      this.#call = undefined
      for (const event of this.#drain()) out.push(event)
    } while (this.#isWaiting)
    this.#call = undefined
    return out
  }

  /** An event that was written otherwise. */
  pass(event: ChatEvent): void {
    if (event.type === 'tool-call') this.#begin(event)
    else if (event.type === 'tool-input') this.continues(event.id, event.text)
  }

  /** The open call has ended otherwise. */
  end(): void {
    this.#call = undefined
  }

  get #isWaiting(): boolean {
    return this.#taken < this.#waiting.length
  }

  #isBusy(): boolean {
    return this.#isWaiting || (this.#call !== undefined && !this.#call.progress.isWhole)
  }

  #begin(event: ChatEvent): void {
    this.#call = event.type === 'tool-call' ? { id: event.id, progress: new JsonProgress() } : undefined
  }

  #hold(event: ChatEvent): readonly ChatEvent[] {
    const held: Waiting = { event, inputs: [] }
    this.#waiting.push(held)
    if (event.type === 'tool-call') this.#calls.set(event.id, held)
    this.#count('text' in event ? event.text : '')
    return []
  }

  #input(event: Extract<ChatEvent, { type: 'tool-input' }>): readonly ChatEvent[] {
    const held = this.#calls.get(event.id)
    if (held !== undefined) {
      held.inputs.push(event.text)
      this.#count(event.text)
      return []
    }
    if (this.#call?.id !== event.id) return [event]
    this.#call.progress.add(event.text)
    return this.#call.progress.isWhole ? [event, ...this.#drain()] : [event]
  }

  /** What waits, up to the next call that is not whole. */
  #drain(): readonly ChatEvent[] {
    const out: ChatEvent[] = []
    for (; this.#isWaiting; this.#taken++) {
      if (this.#call !== undefined && !this.#call.progress.isWhole) return out
      const held = this.#waiting[this.#taken]
      if (held === undefined) break
      const { event, inputs } = held
      out.push(event)
      this.#begin(event)
      if (event.type !== 'tool-call') continue
      this.#calls.delete(event.id)
      const text = inputs.join('')
      if (text !== '') out.push({ type: 'tool-input', id: event.id, text })
      this.#call?.progress.add(text)
    }
    this.#waiting = []
    this.#taken = 0
    this.#characters = 0
    return out
  }

  #count(text: string): void {
    this.#characters += text.length
    if (this.#characters <= MOST_CHARACTERS) return
    throw new ChatError('malformed', `more than ${MOST_CHARACTERS} characters follow a tool call that does not end`)
  }
}
