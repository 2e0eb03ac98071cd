import type { ChatEvent } from '@rivulet/core'
import { isContent, isCutJson } from '@rivulet/core/provider'

/**
 * What is kept from a client until it is sure.
 *
 * - `'none'`: nothing; the answer is streamed.
 * - `'calls'`: tool calls, until the answer is whole; text is streamed.
 * - `'answer'`: everything, until the answer is whole: one that breaks is begun anew, unseen.
 */
export type HoldMode = 'none' | 'calls' | 'answer'

export const HOLD_MODES: readonly HoldMode[] = ['none', 'calls', 'answer']

/** What the next events wait for: the first content, a tool call, the end, or nothing. */
type Awaited = 'content' | 'call' | 'end' | 'nothing'

/**
 * Keeps the events of an answer back. In every mode those before the first content wait for it: a failure before it has a status
 * of its own.
 */
export class Hold {
  readonly #mode: HoldMode
  readonly #maxSize: number
  #awaited: Awaited = 'content'
  #held: ChatEvent[] = []
  #size = 0
  #hasPassed = false

  /** @param maxSize Of what is held, in UTF-16 units, about the bytes of English text. */
  constructor(mode: HoldMode, maxSize: number) {
    this.#mode = mode
    this.#maxSize = maxSize
  }

  /** Content is held back. */
  get isHolding(): boolean {
    return this.#awaited === 'end'
  }

  /** More is held than may be: it must be released. */
  get isFull(): boolean {
    return this.#size > this.#maxSize
  }

  /** What may be written after these events. */
  take(events: readonly ChatEvent[]): readonly ChatEvent[] {
    if (this.#isOver()) return events
    const passed: ChatEvent[] = []
    for (const event of events) {
      if (this.#isOver()) passed.push(event)
      else this.#take(event, passed)
    }
    return passed
  }

  /** What is held: from here on, everything is streamed. */
  release(): readonly ChatEvent[] {
    this.#awaited = 'nothing'
    return this.#flush()
  }

  /** A method, because the compiler takes a field that another method changes for constant. */
  #isOver(): boolean {
    return this.#awaited === 'nothing'
  }

  #take(event: ChatEvent, passed: ChatEvent[]): void {
    if (event.type === 'restart') {
      this.#flush()
      // Nothing of the answer before it was seen: this one is the first.
      if (this.#hasPassed) passed.push(event)
      else this.#awaited = 'content'
      return
    }
    this.#keep(event)
    if (event.type === 'finish') this.#pass(this.isHolding ? wholeCalls(this.#flush()) : this.#flush(), passed)
    else if (this.#awaited === 'content' && isContent(event)) this.#onContent(event, passed)
    else if (this.#awaited === 'call') {
      if (event.type === 'tool-call') this.#awaited = 'end'
      // The frame of an event comes before it.
      else if (event.type !== 'raw') this.#pass(this.#flush(), passed)
    }
  }

  #onContent(event: ChatEvent, passed: ChatEvent[]): void {
    if (this.#mode === 'answer' || (this.#mode === 'calls' && event.type === 'tool-call')) {
      this.#awaited = 'end'
      return
    }
    this.#awaited = this.#mode === 'calls' ? 'call' : 'nothing'
    this.#pass(this.#flush(), passed)
  }

  #keep(event: ChatEvent): void {
    this.#held.push(event)
    this.#size += sizeOf(event)
  }

  #flush(): ChatEvent[] {
    const held = this.#held
    this.#held = []
    this.#size = 0
    return held
  }

  #pass(events: readonly ChatEvent[], passed: ChatEvent[]): void {
    this.#hasPassed = true
    for (const event of events) passed.push(event)
  }
}

/** What an event takes besides its text, about. */
const OVERHEAD = 100

function sizeOf(event: ChatEvent): number {
  if (event.type === 'raw') return OVERHEAD + event.data.length
  if (event.type === 'native') return OVERHEAD + JSON.stringify(event.value).length
  return OVERHEAD + ('text' in event ? event.text.length : 0) + lengthOf(event, 'signature') + lengthOf(event, 'sealed')
}

function lengthOf(event: ChatEvent, name: 'signature' | 'sealed'): number {
  const value = (event as Partial<Record<typeof name, string>>)[name]
  return value?.length ?? 0
}

/**
 * The events without those of a call whose arguments were cut off, as by a token limit: some agents run it all the same. The rest
 * is then written from the events, because the frames have it.
 */
function wholeCalls(events: readonly ChatEvent[]): readonly ChatEvent[] {
  const inputs = new Map<string, string[]>()
  for (const event of events) {
    if (event.type === 'tool-call' && event.format !== 'text') inputs.set(event.id, [])
    else if (event.type === 'tool-input') inputs.get(event.id)?.push(event.text)
  }
  const cut = new Set([...inputs].filter(([, pieces]) => isCutJson(pieces.join(''))).map(([id]) => id))
  if (cut.size === 0) return events
  return events.flatMap((event): ChatEvent[] => {
    if (event.type === 'raw') return [{ ...event, label: 'mended' }]
    return (event.type === 'tool-call' || event.type === 'tool-input') && cut.has(event.id) ? [] : [event]
  })
}
