import type { ChatEvent, ChatResult, Usage } from '../chat.ts'
import { ChatError } from '../errors.ts'
import type { CallOptions } from '../provider.ts'
import { isContent } from '../reading/is-content.ts'
import { totalUsage } from '../reading/add-usage.ts'
import { keepPartial, withPartial } from '../reading/partial.ts'
import { type Batches, batchesOf, DONE } from '../stream.ts'
import type { RetrySchedule } from './retry-schedule.ts'

type Read = IteratorResult<readonly ChatEvent[], undefined>

/** How many events are kept before the first content. */
const MAX_HELD = 100_000

/** The attempts of one call, as one stream: the next one takes over before the first content, and after a break if it may. */
export class RetryStream implements Batches {
  #inner: Batches
  readonly #again: (call: CallOptions) => AsyncIterable<ChatEvent>
  readonly #schedule: RetrySchedule
  readonly #restarts: boolean
  #closed = false
  #committed = false
  /** The events before the first content: delivered with it, or dropped with their attempt. */
  #held: ChatEvent[] = []
  /** The failures of the answers that broke after their first content; the reader has what came of the last. */
  readonly #breaks: ChatError[] = []

  constructor(
    first: AsyncIterable<ChatEvent>,
    again: (call: CallOptions) => AsyncIterable<ChatEvent>,
    schedule: RetrySchedule,
    restarts: boolean,
  ) {
    this.#inner = batchesOf(first, schedule.signal)
    this.#again = again
    this.#schedule = schedule
    this.#restarts = restarts
  }

  next(): Promise<Read> {
    if (!this.#committed) return this.#first()
    // Without a restart there is no decision left after the first content: the inner promise itself.
    return this.#restarts ? this.#inner.next().then(this.#withTotal, this.#recover) : this.#inner.next()
  }

  close(): void {
    this.#closed = true
    this.#schedule.stop()
    this.#inner.close()
  }

  /** The answer broke after its first content. */
  readonly #recover = async (error: unknown): Promise<Read> => {
    if (error instanceof ChatError) {
      this.#schedule.broke()
      this.#breaks.push(error)
    }
    await this.#askAgain(error)
    this.#committed = false
    const read = await this.#first()
    if (read.done === true || !(error instanceof ChatError)) return read
    const { provider: from = '', code: reason, message } = error
    return { done: false, value: [{ type: 'restart', from, reason, message }, ...read.value] }
  }

  /** The end of the answer says what all answers have used that gave content. */
  readonly #withTotal = (read: Read): Read => {
    const finish = this.#breaks.length === 0 ? undefined : read.value?.at(-1)
    if (read.value === undefined || finish?.type !== 'finish') return read
    const usage = totalUsage([...this.#spent(), finish.usage])
    return { done: false, value: [...read.value.slice(0, -1), { ...finish, usage }] }
  }

  /** What each of the answers that broke has used. */
  #spent(): (Usage | undefined)[] {
    return this.#breaks.map(({ partial }) => partial?.usage)
  }

  /** What the reader has: of the last answer that broke, with the usage of all. */
  #partial(): ChatResult | undefined {
    const partial = this.#breaks.at(-1)?.partial
    const usage = totalUsage(this.#spent())
    return partial === undefined || usage === undefined ? partial : { ...partial, usage }
  }

  async #first(): Promise<Read> {
    while (!this.#closed) {
      try {
        const { done, value } = await this.#inner.next()
        if (done === true) return DONE
        // One by one: there may be more than a call takes as arguments.
        for (const event of value) this.#held.push(event)
        if (!value.some((event) => isContent(event) || event.type === 'finish')) {
          if (this.#held.length > MAX_HELD) throw tooMuch(this.#held)
          continue
        }
        this.#committed = true
        const held = this.#held
        this.#held = []
        return this.#withTotal({ done: false, value: held })
      } catch (error) {
        await this.#askAgain(error)
      }
    }
    return DONE
  }

  /** Opens the next attempt when it is due. @throws the failure when there is none, with what the reader has of the answer. */
  async #askAgain(error: unknown): Promise<void> {
    // A provider may throw without closing its stream: it is not left half open.
    this.#inner.close()
    try {
      await this.#schedule.wait(error)
    } catch (reason) {
      if (this.#closed) return
      const partial = this.#partial()
      if (reason instanceof ChatError) throw withPartial(reason, partial)
      if (partial !== undefined) keepPartial(reason, partial)
      throw reason
    }
    if (this.#closed) return
    this.#held = []
    this.#inner = batchesOf(this.#again(this.#schedule.call()), this.#schedule.signal)
  }
}

function tooMuch(held: readonly ChatEvent[]): ChatError {
  const start = held.find((event) => event.type === 'start')
  const words = `${start === undefined ? '' : `${start.provider}: `}it gave ${held.length} events and no content`
  return new ChatError('malformed', words, { provider: start?.provider })
}
