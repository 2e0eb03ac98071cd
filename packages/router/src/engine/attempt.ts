import { type AttemptReport, ChatError, type ChatEvent } from '@rivulet/core'
import { type Batches, batchesOf, type ChildAbort, isContent } from '@rivulet/core/provider'
import { asFailure } from './failure-class.ts'

type Read = IteratorResult<readonly ChatEvent[], undefined>

/** A member that is about to be asked. */
export interface AttemptPlan {
  /** Of the member, in the group. */
  index: number
  /** Of the member. */
  id: string
  /** Numbers the attempts of a call, from 0. */
  ordinal: number
  /** It continues an answer: to end it at once is an answer too. */
  continues: boolean
  open: () => AsyncIterable<ChatEvent> | Batches
  /** Its own abort, when others may be asked beside it. */
  abort: ChildAbort | undefined
}

/** What an attempt is told about its call, and what hears of the attempt. */
export interface AttemptObserver {
  /** Milliseconds since the call began. */
  now: () => number
  /** The caller's. */
  signal: AbortSignal | undefined
  content?: ((plan: AttemptPlan, ms: number) => void) | undefined
  ended?: ((plan: Pick<AttemptPlan, 'index' | 'ordinal'>, report: AttemptReport) => void) | undefined
}

/** The first result of an attempt: its events up to the first content, those of an end without any, or its failure. */
export type FirstResult =
  | { kind: 'content'; attempt: Attempt; events: readonly ChatEvent[] }
  | { kind: 'nothing to add'; attempt: Attempt; events: readonly ChatEvent[] }
  | { kind: 'failed'; attempt: Attempt; error: unknown }

/** One member, asked once. */
export class Attempt {
  readonly plan: AttemptPlan
  readonly #observer: AttemptObserver
  readonly #startedAt: number
  #inner: Batches | undefined
  #firstTokenMs: number | undefined
  #over = false

  constructor(plan: AttemptPlan, observer: AttemptObserver) {
    this.plan = plan
    this.#observer = observer
    this.#startedAt = observer.now()
  }

  /** Its end is reported, or releases its abort: `observe()` is to be called with each read. */
  get isObserved(): boolean {
    return this.#observer.ended !== undefined || this.plan.abort !== undefined
  }

  /** Reads up to the first content. Never rejects: of several attempts in a race, only one is awaited. */
  async firstResult(): Promise<FirstResult> {
    const events: ChatEvent[] = []
    try {
      const inner = this.#open()
      for (;;) {
        const read = await inner.next()
        if (read.done === true) throw this.#cutShort()
        for (const event of read.value) events.push(event)
        if (read.value.some(isContent)) {
          this.#content()
          this.observe(read)
          return { kind: 'content', attempt: this, events }
        }
        const last = read.value.at(-1)
        if (last?.type !== 'finish') continue
        if (!this.plan.continues || last.reason !== 'stop') throw this.#empty()
        this.#end('answered')
        inner.close()
        return { kind: 'nothing to add', attempt: this, events }
      }
    } catch (error) {
      return { kind: 'failed', attempt: this, error: this.fail(error) }
    }
  }

  /** What follows the first content: the member's own promise. */
  next(): Promise<Read> {
    return this.#inner?.next() ?? Promise.resolve({ done: true, value: undefined })
  }

  /** Looks at what `next()` gave. @throws ChatError for an end without a finish. */
  observe(read: Read): void {
    if (this.#over) return
    if (read.done === true) throw this.#cutShort()
    if (read.value.at(-1)?.type === 'finish') this.#end('answered')
  }

  /** It has thrown this. Gives the world's failure that it is, or else what was thrown. */
  fail(error: unknown): unknown {
    const failure = this.failureOf(error)
    // A member may throw without closing its stream: it is not left half open.
    this.#inner?.close()
    this.#end(this.#observer.signal?.aborted === true ? 'cancelled' : 'failed', failure)
    return failure ?? error
  }

  /** Its reader leaves. */
  cancel(): void {
    this.#leave('cancelled')
  }

  /** Another attempt was quicker. */
  supersede(): void {
    this.#leave('superseded')
  }

  /** What it threw, as the world's failure; `undefined` for an abort and for what is not the world's. */
  failureOf(error: unknown): ChatError | undefined {
    // The first member refuses the request at the call; a later one when its turn comes.
    return this.#observer.signal?.aborted === true
      ? undefined
      : asFailure(this.plan.id, error, this.#inner === undefined)
  }

  #open(): Batches {
    const opened = this.plan.open()
    this.plan.abort?.follow(this.#observer.signal)
    return (this.#inner = Symbol.asyncIterator in opened ? batchesOf(opened) : opened)
  }

  #content(): void {
    this.#firstTokenMs = this.#observer.now() - this.#startedAt
    this.#observer.content?.(this.plan, this.#firstTokenMs)
  }

  #leave(outcome: 'cancelled' | 'superseded'): void {
    const over = this.#over
    this.#end(outcome)
    this.#inner?.close()
    if (over) return
    // For a member that heeds only its signal while it waits. The reason is not a failure of the member's.
    this.plan.abort?.abort(new Error(`${this.plan.id}: another member was quicker, or the reader left`))
  }

  #end(outcome: AttemptReport['outcome'], error?: ChatError): void {
    if (this.#over) return
    this.#over = true
    this.plan.abort?.release()
    this.#observer.ended?.(this.plan, {
      provider: this.plan.id,
      outcome,
      ...(error !== undefined && { error }),
      startedMs: this.#startedAt,
      ...(this.#firstTokenMs !== undefined && { firstTokenMs: this.#firstTokenMs }),
      totalMs: this.#observer.now() - this.#startedAt,
    })
  }

  #cutShort(): ChatError {
    const { id: provider } = this.plan
    return new ChatError('truncated', `${provider}: the stream ended without a finish`, { provider })
  }

  #empty(): ChatError {
    const { id: provider } = this.plan
    return new ChatError('malformed', `${provider}: the answer is empty: it ended without content`, { provider })
  }
}
