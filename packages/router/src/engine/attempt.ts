import { type AttemptReport, ChatError, type ChatEvent, type Model, partialOf, type Usage } from '@rivulet/core'
import { type Batches, type ChildAbort, isContent } from '@rivulet/core/provider'
import { asFailure } from './as-failure.ts'

type Read = IteratorResult<readonly ChatEvent[], undefined>

/** A member that is about to be asked. */
export interface AttemptPlan {
  /** Of the member, in the group. */
  index: number
  /** Of the member. */
  id: string
  /** What is known of the model that it is asked for. */
  model: Model | undefined
  /** Numbers the attempts of a call, from 0. */
  ordinal: number
  /**
   * What it continues. A `'turn'` that the caller has begun may be whole already: to end it at once is an answer too. To an
   * `'answer'` that broke, text must be added.
   */
  continues: 'turn' | 'answer' | undefined
  /** @throws what the member throws, as a `ChatError` where the request is refused. */
  open: () => Batches
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

/** How many events are kept before the first content. */
const MAX_HELD = 100_000

/**
 * The first result of an attempt: its events up to the first content, those of an end without any, or its failure, which is
 * absent when the caller has aborted.
 */
export type FirstResult =
  | { kind: 'content'; attempt: Attempt; events: readonly ChatEvent[] }
  | { kind: 'nothing to add'; attempt: Attempt; events: readonly ChatEvent[] }
  | { kind: 'failed'; attempt: Attempt; failure: ChatError | undefined }

/** One member, asked once. */
export class Attempt {
  readonly plan: AttemptPlan
  readonly #observer: AttemptObserver
  readonly #startedAt: number
  #inner: Batches | undefined
  #firstTokenMs: number | undefined
  #over = false
  #isEmpty = false
  #isSuperseded = false
  #usage: Usage | undefined

  constructor(plan: AttemptPlan, observer: AttemptObserver) {
    this.plan = plan
    this.#observer = observer
    this.#startedAt = observer.now()
  }

  /** It failed because it ended without content. */
  get isEmpty(): boolean {
    return this.#isEmpty
  }

  /** What it used, as far as it has told. */
  get usage(): Usage | undefined {
    return this.#usage
  }

  /** Whether it has used tokens, as far as one can tell. One that was superseded was at work. */
  get hasSpent(): boolean {
    return this.#isSuperseded || this.#firstTokenMs !== undefined || this.#usage !== undefined
  }

  /** Reads up to the first content. Never rejects: of several attempts in a race, only one is awaited. */
  async firstResult(): Promise<FirstResult> {
    const batches: (readonly ChatEvent[])[] = []
    let count = 0
    try {
      const inner = this.#open()
      for (;;) {
        const read = await inner.next()
        if (read.done === true) throw this.#empty()
        if (read.value.length > 0) batches.push(read.value)
        count += read.value.length
        if (read.value.some((event) => this.#isContent(event))) {
          this.#content()
          this.observe(read)
          return { kind: 'content', attempt: this, events: joined(batches) }
        }
        if (count > MAX_HELD) throw this.#malformed(`it gave ${count} events and no content`)
        const last = read.value.at(-1)
        if (last?.type !== 'finish') continue
        this.#usage = last.usage
        if (this.plan.continues !== 'turn' || last.reason !== 'stop') throw this.#empty()
        this.#end('answered')
        inner.close()
        return { kind: 'nothing to add', attempt: this, events: joined(batches) }
      }
    } catch (error) {
      return { kind: 'failed', attempt: this, failure: this.fail(error) }
    }
  }

  /** What follows the first content: the member's own promise. */
  next(): Promise<Read> {
    return this.#inner?.next() ?? Promise.resolve({ done: true, value: undefined })
  }

  /** Looks at what `next()` gave. */
  observe(read: Read): void {
    const last = read.value?.at(-1)
    if (last?.type !== 'finish') return
    this.#usage = last.usage
    this.#end('answered')
  }

  /** It has thrown this. Gives the failure that it is; none when the caller has aborted. */
  fail(error: unknown): ChatError | undefined {
    const { signal } = this.#observer
    const failure = signal?.aborted === true ? undefined : asFailure(this.plan.id, error)
    // Before any content, what is kept for an abort's reason is of another call.
    const kept = this.#firstTokenMs === undefined ? undefined : partialOf(signal?.reason)
    this.#usage ??= (failure?.partial ?? kept)?.usage
    // A member may throw without closing its stream: it is not left half open.
    this.#inner?.close()
    this.#end(failure === undefined ? 'cancelled' : 'failed', failure)
    return failure
  }

  /** Its reader leaves. */
  cancel(): void {
    this.#leave('cancelled')
  }

  /** Another attempt was quicker. */
  supersede(): void {
    this.#isSuperseded = !this.#over
    this.#leave('superseded')
  }

  #open(): Batches {
    this.#inner = this.plan.open()
    this.plan.abort?.follow(this.#observer.signal)
    return this.#inner
  }

  /** Reasoning is content, but it is not part of the answer that broke. */
  #isContent(event: ChatEvent): boolean {
    if (event.type === 'text') return event.text !== ''
    return isContent(event) && (this.plan.continues !== 'answer' || event.type !== 'reasoning')
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
      ...(this.#usage !== undefined && { usage: this.#usage }),
      startedMs: this.#startedAt,
      ...(this.#firstTokenMs !== undefined && { firstTokenMs: this.#firstTokenMs }),
      totalMs: this.#observer.now() - this.#startedAt,
    })
  }

  #empty(): ChatError {
    this.#isEmpty = true
    return this.#malformed('the answer is empty: it ended without content')
  }

  #malformed(words: string): ChatError {
    const { id: provider } = this.plan
    return new ChatError('malformed', `${provider}: ${words}`, { provider })
  }
}

/** Most answers have their first content in their first batch, which is passed on as it came. */
function joined(batches: readonly (readonly ChatEvent[])[]): readonly ChatEvent[] {
  const [first] = batches
  return first !== undefined && batches.length === 1 ? first : batches.flat()
}
