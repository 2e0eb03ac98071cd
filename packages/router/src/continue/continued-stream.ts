import { ChatError, type ChatEvent } from '@rivulet/core'
import { type Batches, batchesOf } from '@rivulet/core/provider'
import type { OverlapTrimmer } from './overlap-trimmer.ts'

type Read = IteratorResult<readonly ChatEvent[], undefined>

/** An answer that goes on with another one's text: without what of that text it says again. */
export class ContinuedStream implements Batches {
  readonly #inner: Batches
  #seam: OverlapTrimmer | undefined
  /** The text event that waits at the seam. */
  #held: Extract<ChatEvent, { type: 'text' }> | undefined

  constructor(stream: AsyncIterable<ChatEvent>, seam: OverlapTrimmer) {
    this.#inner = batchesOf(stream)
    this.#seam = seam
  }

  next(): Promise<Read> {
    return this.#inner.next().then(this.#rest)
  }

  close(): void {
    this.#inner.close()
  }

  readonly #rest = (read: Read): Read | Promise<Read> => {
    if (read.done === true) return read
    for (const event of read.value) if (event.type === 'restart') this.#refuse(event)
    // Behind the seam, nothing is cut any more.
    if (this.#seam === undefined) return read
    const value = read.value.flatMap((event) => this.#seamless(event))
    return value.length > 0 ? { done: false, value } : this.next()
  }

  /** A group below begins anew what it was asked for, which is the rest only: its reader would lose the beginning. */
  #refuse({ reason, message, from }: Extract<ChatEvent, { type: 'restart' }>): never {
    this.#inner.close()
    throw new ChatError(reason, message, { provider: from })
  }

  #seamless(event: ChatEvent): readonly ChatEvent[] {
    if (this.#seam === undefined) return [event]
    if (event.type === 'text') {
      const text = this.#seam.add(event.text)
      this.#held = event
      if (text === undefined) return []
      // When it is nothing yet, what comes next is still at the seam only for its white space, and that is decided.
      this.#seam = undefined
      return text === '' ? [] : [{ ...event, text }]
    }
    if (event.type !== 'finish') return [event]
    const text = this.#seam.end()
    this.#seam = undefined
    return text === '' ? [event] : [{ ...this.#held, type: 'text', text }, event]
  }
}
