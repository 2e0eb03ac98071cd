import type { ChatEvent, ChatResult, Usage } from '@rivulet/core'
import { addUsage, Collector, isContent } from '@rivulet/core/provider'

/** The answer so far, of all members, kept for another member to continue. */
export class AnswerSoFar {
  #collector = new Collector()
  #isText = true
  /** The first half of a surrogate pair, whose second half did not come yet: an answer is never cut inside a character. */
  #half = ''
  /** Of the members that broke and whose text the reader keeps. */
  #usage: Usage | undefined
  /** Whether a member broke, and whether the usage of one that did is not known. */
  #breaks: 'none' | 'reported' | 'unknown' = 'none'

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
  broke(usage: Usage | undefined): void {
    this.#usage = addUsage(this.#usage, usage)
    this.#breaks = usage === undefined || this.#breaks === 'unknown' ? 'unknown' : 'reported'
    this.#half = ''
  }

  /** Another answer begins. */
  clear(): void {
    this.#collector = new Collector()
    this.#isText = true
    this.#half = ''
    this.#usage = undefined
    this.#breaks = 'none'
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
    return [...before, event.type === 'finish' ? this.#withUsage(event) : event]
  }

  /** The end of the answer with what all its members used; an estimate when one of them did not report it. */
  #withUsage(finish: Extract<ChatEvent, { type: 'finish' }>): ChatEvent {
    if (this.#breaks === 'none') return finish
    const usage = addUsage(this.#usage, finish.usage)
    if (usage === undefined) return finish
    const isWhole = this.#breaks === 'reported' && finish.usage !== undefined
    return { ...finish, usage: isWhole ? usage : { ...usage, source: 'estimated' } }
  }
}

/** Whether a text ends with the first half of a surrogate pair. */
const endsInHalf = (text: string): boolean => (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800
