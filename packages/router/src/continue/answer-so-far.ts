import type { ChatEvent, ChatResult, Usage } from '@rivulet/core'
import { Collector } from '@rivulet/core/provider'

/**
 * The answer so far, kept to be gone on with when its member breaks. Only while it is nothing but text: what else comes
 * makes an end of it.
 */
export class AnswerSoFar {
  #so: Collector | undefined = new Collector()
  /** The first half of a character, whose second half did not come yet: a seam is never inside a character. */
  #half = ''
  /** Of each member that broke and whose text stands, what it used; `undefined` where that is not known. */
  #spent: (Usage | undefined)[] = []

  /** The answer so far; absent when it is more than text. */
  result(): ChatResult | undefined {
    return this.#so?.result()
  }

  /** Keeps the text of what is delivered; gives what is to be delivered, which may be nothing yet. */
  add(events: readonly ChatEvent[]): readonly ChatEvent[] {
    // By the read and not by the event: nearly all that comes are pieces of text and nothing else.
    let text = ''
    for (const event of events) {
      if (event.type !== 'text') return this.#oneByOne(events)
      text += event.text
    }
    if (this.#half !== '' || endsInHalf(text)) return this.#oneByOne(events)
    this.#so?.add({ type: 'text', text })
    return events
  }

  /** A member broke, and what came of it stands. */
  broke(usage: Usage | undefined): void {
    this.#spent.push(usage)
    this.#half = ''
  }

  /** All before is void. */
  clear(): void {
    this.#so = new Collector()
    this.#half = ''
    this.#spent = []
  }

  #oneByOne(events: readonly ChatEvent[]): readonly ChatEvent[] {
    return events.flatMap((event) => {
      if (event.type === 'restart') this.clear()
      const taken = this.#whole(event)
      for (const each of taken) this.#keep(each)
      return taken
    })
  }

  #keep(event: ChatEvent): void {
    if (event.type === 'reasoning' || event.type === 'tool-call') this.#so = undefined
    else this.#so?.add(event)
  }

  #whole(event: ChatEvent): ChatEvent[] {
    if (event.type === 'text') {
      const text = this.#half + event.text
      const cut = endsInHalf(text) ? text.length - 1 : text.length
      this.#half = text.slice(cut)
      return cut === 0 ? [] : [{ ...event, text: text.slice(0, cut) }]
    }
    const before: ChatEvent[] = this.#half === '' ? [] : [{ type: 'text', text: this.#half }]
    this.#half = ''
    if (event.type !== 'finish' || this.#spent.length === 0) return [...before, event]
    const { usage, ...rest } = event
    const sum = sumOf([...this.#spent, usage])
    return [...before, { ...rest, ...(sum !== undefined && { usage: sum }) }]
  }
}

/** Whether a text ends with the first half of a character. */
const endsInHalf = (text: string): boolean => (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800

/** What several attempts used together; an estimate as soon as one of them is not known. */
export function sumOf(usages: readonly (Usage | undefined)[]): Usage | undefined {
  const known = usages.filter((usage) => usage !== undefined)
  if (known.length === 0) return undefined
  const sum: Usage = { inputTokens: 0, outputTokens: 0, source: 'reported' }
  for (const { inputTokens, outputTokens, cachedTokens, reasoningTokens, source } of known) {
    sum.inputTokens += inputTokens
    sum.outputTokens += outputTokens
    if (cachedTokens !== undefined) sum.cachedTokens = (sum.cachedTokens ?? 0) + cachedTokens
    if (reasoningTokens !== undefined) sum.reasoningTokens = (sum.reasoningTokens ?? 0) + reasoningTokens
    if (source === 'estimated') sum.source = 'estimated'
  }
  if (known.length < usages.length) sum.source = 'estimated'
  return sum
}
