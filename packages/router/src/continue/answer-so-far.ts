import type { ChatEvent, ChatResult } from '@rivulet/core'
import { Collector, isContent } from '@rivulet/core/provider'

/** The answer so far, of all members, kept for another member to continue. */
export class AnswerSoFar {
  #collector = new Collector()
  #isText = true
  /** The first half of a surrogate pair, whose second half did not come yet: an answer is never cut inside a character. */
  #half = ''

  result(): ChatResult {
    return this.#collector.result()
  }

  /** Whether it is nothing but text: an answer with any other content can't be continued. */
  get isText(): boolean {
    return this.#isText
  }

  /** Keeps the text of these events; gives what may be delivered of them now. */
  add(events: readonly ChatEvent[]): readonly ChatEvent[] {
    // By the read and not by the event: nearly every event is a piece of text.
    let text = ''
    for (const event of events) {
      if (event.type !== 'text') return this.#oneByOne(events)
      text += event.text
    }
    if (this.#half !== '' || endsInHalf(text)) return this.#oneByOne(events)
    this.#collector.add({ type: 'text', text })
    return events
  }

  /** A member broke, and the reader keeps its text. */
  broke(): void {
    this.#half = ''
  }

  /** Another answer begins. */
  clear(): void {
    this.#collector = new Collector()
    this.#isText = true
    this.#half = ''
  }

  #oneByOne(events: readonly ChatEvent[]): readonly ChatEvent[] {
    return events.flatMap((event) => {
      if (event.type === 'restart') this.clear()
      const whole = this.#whole(event)
      for (const each of whole) this.#keep(each)
      return whole
    })
  }

  #keep(event: ChatEvent): void {
    if (isContent(event) && (event.type !== 'text' || event.signature !== undefined)) this.#isText = false
    this.#collector.add(event)
  }

  #whole(event: ChatEvent): ChatEvent[] {
    if (event.type === 'text') {
      const text = this.#half + event.text
      const cut = endsInHalf(text) ? text.length - 1 : text.length
      this.#half = text.slice(cut)
      return cut === 0 ? [] : [{ ...event, text: text.slice(0, cut) }]
    }
    // A frame comes before its text, which may be the second half.
    if (event.type === 'raw') return [event]
    const before: ChatEvent[] = this.#half === '' ? [] : [{ type: 'text', text: this.#half }]
    this.#half = ''
    return [...before, event]
  }
}

/** Whether a text ends with the first half of a surrogate pair. */
const endsInHalf = (text: string): boolean => (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800
