import { ChatError, type ChatEvent, type ChatResult } from '@rivulet/core'
import { type Batches, keepPartial } from '@rivulet/core/provider'
import type { GroupCall } from './group-call.ts'
import type { Attempt, FirstResult } from './attempt.ts'
import { wasSkipped } from './failure-class.ts'
import { exhausted } from './exhausted.ts'
import type { GroupRules } from './group-options.ts'
import { AnswerSoFar } from '../continue/answer-so-far.ts'
import type { Candidates } from './candidates.ts'
import { begunOf, canBeContinued } from '../continue/on-break.ts'
import { Race } from './race.ts'
import { OverlapTrimmer, turnOf } from '../continue/overlap-trimmer.ts'

type Read = IteratorResult<readonly ChatEvent[], undefined>

/** A member that broke behind its first content. */
interface Break {
  from: string
  failure: ChatError
  /** What its reader has of the answer. */
  partial: ChatResult | undefined
  /** The same as a turn of the conversation, when it can be gone on with. */
  turn: string | undefined
}

/** How the next member is asked. */
interface NextMember {
  among: Candidates
  trimmer?: OverlapTrimmer | undefined
  /** What its reader is told before its first event. */
  event?: ChatEvent | undefined
}

/**
 * One call through the members of a group: `#search()` asks until one gives content, `#passOn()` hands its answer on, and
 * when it breaks, `#mend()` begins another search, whose `#plan()` depends on what the reader has already.
 */
export class GroupAnswer implements Batches {
  readonly #call: GroupCall
  readonly #rules: GroupRules
  readonly #race: Race
  /** In order. */
  readonly #failures: ChatError[] = []
  /** The member that has given content: from here on, its reader has seen it. */
  #answering: Attempt | undefined
  #break: Break | undefined
  /** What is told before the next content: there is one at most. */
  #event: ChatEvent | undefined
  /** The end that a member gave to a begun answer, when it had nothing to add. */
  #ending: readonly ChatEvent[] | undefined
  readonly #answerSoFar: AnswerSoFar | undefined
  #closed = false

  constructor(call: GroupCall, rules: GroupRules) {
    this.#call = call.begin()
    this.#rules = rules
    this.#race = new Race(call.policy, rules.clock, {
      hasCandidate: () => this.#plan() !== undefined,
      ask: () => {
        this.#ask()
      },
      // It has not failed: should the winner break, it may be asked again.
      superseded: ({ plan }) => {
        call.candidates.restore(plan.index)
      },
    })
    if (rules.recoveries.includes('continue') && canBeContinued(call.request)) this.#answerSoFar = new AnswerSoFar()
  }

  next(): Promise<Read> {
    const answering = this.#answering
    if (answering === undefined) return this.#search()
    const read = answering.next()
    // With nothing left to decide, the member's own promise is the reader's.
    if (this.#rules.recoveries.length === 0 && !answering.isWatched) return read
    return read.then(this.#passOn, this.#recover)
  }

  close(): void {
    this.#closed = true
    this.#race.close()
    this.#answering?.supersede()
    this.#keepWhole()
  }

  /** Asks until a member gives content. */
  async #search(): Promise<Read> {
    try {
      while (!this.#closed) {
        if (this.#race.isEmpty) this.#ask()
        const lead = await this.#race.first()
        if (this.#isClosed()) break
        const value = this.#handleFirst(lead)
        if (value.length > 0) return { done: false, value }
      }
      return DONE
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** What is delivered of what an attempt came to: nothing when the search goes on. */
  #handleFirst(result: FirstResult): readonly ChatEvent[] {
    switch (result.kind) {
      case 'content':
        this.#answering = result.attempt
        this.#break = undefined
        return this.#delivered(result.events)
      case 'nothing to add':
        // Another one may have more to say, if only because this one is not well.
        this.#ending ??= result.events
        break
      case 'failed':
        this.#failed(result.attempt, result.error)
        break
    }
    // Those that are still at work may answer; another one is asked beside them at once.
    if (this.#plan() !== undefined) this.#ask()
    else if (this.#race.isEmpty) return this.#end()
    return []
  }

  #delivered(events: readonly ChatEvent[]): readonly ChatEvent[] {
    const all = this.#event === undefined ? events : [this.#event, ...events]
    this.#event = undefined
    return this.#answerSoFar?.add(all) ?? all
  }

  /** Nobody is left to ask: what had nothing added to it is whole. */
  #end(): readonly ChatEvent[] {
    if (this.#ending === undefined) throw this.#exhausted()
    this.close()
    return this.#delivered(this.#ending)
  }

  readonly #passOn = (read: Read): Read | Promise<Read> => {
    try {
      this.#answering?.saw(read)
    } catch (error) {
      return this.#recover(error)
    }
    if (read.done === true || this.#answerSoFar === undefined) return read
    const value = this.#answerSoFar.add(read.value)
    if (value === read.value) return read
    return value.length > 0 ? { done: false, value } : this.next()
  }

  readonly #recover = (error: unknown): Read | Promise<Read> => {
    const answering = this.#answering
    if (this.#closed || answering === undefined) return DONE
    try {
      this.#broke(answering, error)
    } catch (failure) {
      this.close()
      throw failure
    }
    return this.#search()
  }

  /** Who aborts an answer that was gone on with had all of it, and not the last member's part. */
  #keepWhole(): void {
    const { signal } = this.#call
    const whole = signal?.aborted === true ? this.#answerSoFar?.result() : undefined
    if (whole === undefined || whole.text === '') return
    const reason: unknown = signal?.reason
    if (reason instanceof ChatError) reason.partial = whole
    else keepPartial(reason, whole)
  }

  /** A method, because a field that another turn changes looks constant to the compiler. */
  #isClosed(): boolean {
    return this.#closed
  }

  /** Asks the next member as planned, or throws what the reader gets when there is none. */
  #ask(): void {
    const plan = this.#plan()
    if (plan === undefined) throw this.#exhausted()
    // Of several at work, each is asked for the same: a break is mended by all of them in one way.
    this.#event = plan.event
    this.#race.add(this.#call.ask(plan.among, plan.trimmer))
  }

  /** Who is asked next, and for what; `undefined` when nobody can be. */
  #plan(): NextMember | undefined {
    const { candidates } = this.#call
    const broken = this.#break
    if (broken === undefined) return this.#call.canAsk() ? { among: candidates } : undefined
    const { from, failure, turn } = broken
    const told = { from, reason: failure.code, message: failure.message }
    for (const mend of this.#recoveries()) {
      const among = mend === 'continue' ? this.#call.prefilling() : candidates
      if (!this.#call.canAsk(among)) continue
      if (mend === 'restart') return { among, event: { type: 'restart', ...told } }
      if (turn !== undefined) return { among, event: { type: 'resume', ...told }, trimmer: new OverlapTrimmer(turn) }
    }
    return undefined
  }

  /** As long as several are at work, or one had nothing to add, the way that was begun is the only one. */
  #recoveries(): GroupRules['recoveries'] {
    if (this.#race.isEmpty && this.#ending === undefined) return this.#rules.recoveries
    return this.#event?.type === 'resume' ? ['continue'] : ['restart']
  }

  /** A member failed before its first content, and its reader saw nothing of it. */
  #failed(attempt: Attempt, error: unknown): void {
    const failure = this.#failureOf(attempt, error)
    if (!this.#rules.failoverWhen(failure)) throw this.#withPartial(failure)
    if (wasSkipped(failure)) this.#call.unask()
  }

  /** The member that answers failed behind its first content. */
  #broke(answering: Attempt, error: unknown): void {
    const failure = this.#failureOf(answering, answering.fail(error))
    this.#answering = undefined
    const kept = this.#answerSoFar?.result()
    // What stands is what all have given together, and not the last one's part.
    const partial = kept ?? failure.partial
    const turn = kept && turnOf(begunOf(this.#call.request), kept.text)
    this.#break = { from: answering.plan.id, failure, partial, turn }
    const plan = this.#rules.failoverWhen(failure) ? this.#plan() : undefined
    if (plan === undefined) throw this.#withPartial(failure)
    if (plan.trimmer !== undefined) this.#answerSoFar?.broke(failure.partial?.usage)
  }

  #failureOf(attempt: Attempt, error: unknown): ChatError {
    const { signal } = this.#call
    if (signal?.aborted === true) throw signal.reason
    const failure = attempt.failureOf(error)
    if (failure === undefined) throw error
    this.#failures.push(failure)
    return failure
  }

  #exhausted(): ChatError {
    return exhausted(this.#rules.id, this.#failures, this.#break?.partial)
  }

  /** The failure, with what its reader has: of a member that went on with an answer, its own part is not all. */
  #withPartial(failure: ChatError): ChatError {
    const partial = this.#break?.partial
    if (partial === undefined || failure.partial?.text === partial.text) return failure
    const { code, message, provider, status, retryAfterMs, attempts } = failure
    return new ChatError(code, message, { provider, status, retryAfterMs, attempts, partial, cause: failure })
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }
