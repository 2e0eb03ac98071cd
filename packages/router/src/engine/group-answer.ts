import { type ChatError, type ChatEvent, type ChatResult, partialOf } from '@rivulet/core'
import { type Batches, replacePartial, withPartial } from '@rivulet/core/provider'
import { AnswerSoFar } from '../continue/answer-so-far.ts'
import { callerTurn, whyNeverContinued } from '../continue/on-break.ts'
import { OverlapTrimmer, wholeTurn } from '../continue/overlap-trimmer.ts'
import { notContinued } from '../continue/why-not-continued.ts'
import type { Attempt, FirstResult } from './attempt.ts'
import type { Candidates } from './candidates.ts'
import type { ChatCall } from './chat-call.ts'
import { isResting, wasSkipped } from './failure-class.ts'
import { groupError } from './group-error.ts'
import type { GroupRules } from './group-options.ts'
import { Race } from './race.ts'
import { usageOfAll } from './total-usage.ts'

type Read = IteratorResult<readonly ChatEvent[], undefined>

/** A member broke after its first content. */
interface Break {
  from: string
  failure: ChatError
  /** What the reader has of the answer. */
  partial: ChatResult | undefined
  /** The same as a turn of the conversation, when it can be continued. */
  turn: string | undefined
}

/** How the next member is asked. */
interface NextMember {
  candidates: Candidates
  trimmer?: OverlapTrimmer | undefined
  /** What the reader gets before its first event. */
  event?: ChatEvent | undefined
}

/**
 * One call through the members of a group: `#search()` asks until one gives content, `#passOn()` hands its answer on, and
 * when it breaks, `#recover()` begins another search, whose `#plan()` depends on what the reader has already.
 */
export class GroupAnswer implements Batches {
  readonly #call: ChatCall
  readonly #rules: GroupRules
  readonly #race: Race
  /** All of them, in order. */
  readonly #attempts: Attempt[] = []
  /** One for each failed attempt, in order. */
  #failures: ChatError[] = []
  /** The attempt that has given content: from here on, the reader has seen it. */
  #answering: Attempt | undefined
  #break: Break | undefined
  /** The `restart` or `resume` before the next content. */
  #event: ChatEvent | undefined
  /** The end that a member gave to the turn that the caller has begun, when it had nothing to add. */
  #ending: readonly ChatEvent[] | undefined
  readonly #answerSoFar: AnswerSoFar | undefined
  /** Why this request's answer is not continued, although it was asked for. */
  readonly #whyNever: string | undefined
  #closed = false

  constructor(call: ChatCall, rules: GroupRules) {
    this.#call = call.begin()
    this.#rules = rules
    this.#race = new Race(call.policy, rules.clock, {
      hasCandidate: () => this.#plan() !== undefined,
      ask: () => {
        this.#ask()
      },
      // It has not failed: it may be asked again when the winner breaks.
      superseded: ({ plan }) => {
        call.candidates.restore(plan.index)
      },
    })
    if (!rules.recoveries.includes('continue')) return
    this.#whyNever = whyNeverContinued(call.request)
    if (this.#whyNever === undefined) this.#answerSoFar = new AnswerSoFar()
  }

  next(): Promise<Read> {
    return this.#answering?.next().then(this.#passOn, this.#recover) ?? this.#search()
  }

  close(): void {
    this.#closed = true
    this.#race.close()
    this.#answering?.cancel()
    this.#keepWhole()
  }

  /** Asks members until one gives content. */
  async #search(): Promise<Read> {
    try {
      while (!this.#closed) {
        if (this.#race.isEmpty) this.#ask()
        const first = await this.#race.first()
        if (this.#isClosed()) break
        const value = this.#handleFirst(first)
        if (value.length > 0) return { done: false, value }
      }
      return DONE
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** What is delivered of a first result: nothing when the search goes on. */
  #handleFirst(result: FirstResult): readonly ChatEvent[] {
    switch (result.kind) {
      case 'content':
        this.#answering = result.attempt
        this.#break = undefined
        this.#ending = undefined
        return this.#delivered(result.events)
      case 'nothing to add':
        // Another member may have more to add: this one may be failing.
        this.#ending ??= result.events
        break
      case 'failed':
        this.#failed(result.attempt, result.failure)
        break
    }
    // Attempts that still run may answer; another member is asked beside them at once.
    if (this.#plan() !== undefined) this.#ask()
    else if (this.#race.isEmpty) {
      if (!this.#call.askResting()) return this.#end()
      // What they say now takes the place of what they said then.
      this.#failures = this.#failures.filter((failure) => !isResting(failure))
      this.#ask()
    }
    return []
  }

  #delivered(events: readonly ChatEvent[]): readonly ChatEvent[] {
    const all = this.#event === undefined ? events : [this.#event, ...events]
    this.#event = undefined
    return this.#withTotal(this.#answerSoFar?.add(all) ?? all)
  }

  /** The end of the answer says what all attempts have used. */
  #withTotal(events: readonly ChatEvent[]): readonly ChatEvent[] {
    const last = events.at(-1)
    if (last?.type !== 'finish') return events
    const usage = usageOfAll(this.#attempts)
    return usage === last.usage ? events : [...events.slice(0, -1), { ...last, usage }]
  }

  #partialWithTotal(partial: ChatResult | undefined): ChatResult | undefined {
    const usage = usageOfAll(this.#attempts)
    return partial === undefined || usage === partial.usage ? partial : { ...partial, usage }
  }

  /** No member is left to ask: a turn of the caller's to which none had anything to add is whole. */
  #end(): readonly ChatEvent[] {
    if (this.#ending === undefined) throw this.#error()
    this.close()
    return this.#delivered(this.#ending)
  }

  readonly #passOn = (read: Read): Read | Promise<Read> => {
    this.#answering?.observe(read)
    if (read.done === true) return read
    const value = this.#withTotal(this.#answerSoFar?.add(read.value) ?? read.value)
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

  /** On an abort: the reader has what all members have given, and not only the last one's part; so has its usage. */
  #keepWhole(): void {
    const { signal } = this.#call
    if (signal?.aborted !== true) return
    const reason: unknown = signal.reason
    const whole = this.#answerSoFar?.result()
    // Before any content, what is kept for this reason is of another call.
    const own = this.#answering === undefined ? undefined : partialOf(reason)
    const partial = whole === undefined || whole.text === '' ? own : whole
    const kept = this.#partialWithTotal(partial)
    if (kept !== undefined) replacePartial(reason, kept)
  }

  /** A method, because the compiler takes a field that another turn changes for constant. */
  #isClosed(): boolean {
    return this.#closed
  }

  /** Asks the next member as planned, or throws the group's error when there is none. */
  #ask(): void {
    const plan = this.#plan()
    if (plan === undefined) throw this.#error()
    // Attempts that run beside each other all recover in the same way.
    this.#event = plan.event
    const attempt = this.#call.ask(plan.candidates, plan.trimmer)
    this.#attempts.push(attempt)
    this.#race.add(attempt)
  }

  /** Which members may be asked next, and for what; `undefined` when there are none. */
  #plan(): NextMember | undefined {
    const { candidates } = this.#call
    const broken = this.#break
    if (broken === undefined) return this.#call.canAsk() ? { candidates } : undefined
    const { from, failure, turn } = broken
    const why = { from, reason: failure.code, message: failure.message }
    for (const recovery of this.#recoveries()) {
      const able = recovery === 'continue' ? this.#call.prefilling() : candidates
      if (!this.#call.canAsk(able)) continue
      if (recovery === 'restart') return { candidates: able, event: { type: 'restart', ...why } }
      if (turn === undefined) continue
      return { candidates: able, event: { type: 'resume', ...why }, trimmer: new OverlapTrimmer(turn) }
    }
    return undefined
  }

  /** While attempts run, the recovery under way is the only one. */
  #recoveries(): GroupRules['recoveries'] {
    if (this.#race.isEmpty) return this.#rules.recoveries
    return this.#event?.type === 'resume' ? ['continue'] : ['restart']
  }

  /** An attempt failed before its first content: the reader saw nothing of it. */
  #failed(attempt: Attempt, error: ChatError | undefined): void {
    const failure = this.#failureOf(error)
    if (this.#break !== undefined && attempt.isEmpty) this.#failures.pop()
    if (!this.#call.movesOn(failure)) throw withPartial(failure, this.#partialWithTotal(this.#break?.partial))
    if (wasSkipped(failure)) this.#call.skipped(attempt.plan.index, failure)
  }

  /** The attempt that answers failed after its first content. */
  #broke(answering: Attempt, error: unknown): void {
    const failure = this.#failureOf(answering.fail(error))
    this.#answering = undefined
    const answer = this.#answerSoFar
    // The reader has what all members have given together, and not only the last one's part.
    const partial = answer?.result() ?? failure.partial
    const turn = answer?.isText === true ? wholeTurn(callerTurn(this.#call.request), answer.result().text) : undefined
    this.#break = { from: answering.plan.id, failure, partial, turn }
    const movesOn = this.#call.movesOn(failure)
    this.#call.waitsAgain()
    // Where the next member would answer alike, this one is not to blame.
    if (movesOn) this.#call.broke(answering.plan.index)
    const plan = movesOn ? this.#plan() : undefined
    if (plan === undefined) throw withPartial(this.#asThrown(this.#break, movesOn), this.#partialWithTotal(partial))
    if (plan.trimmer !== undefined) this.#answerSoFar?.broke()
  }

  #asThrown({ failure, turn }: Break, movesOn: boolean): ChatError {
    if (!this.#rules.recoveries.includes('continue')) return failure
    const isText = this.#answerSoFar?.isText === true
    const able = this.#call.prefilling().size
    return notContinued({ failure, whyNever: this.#whyNever, movesOn, isText, turn, able })
  }

  #failureOf(failure: ChatError | undefined): ChatError {
    const { signal } = this.#call
    if (failure === undefined || signal?.aborted === true) throw signal?.reason
    this.#failures.push(failure)
    return failure
  }

  #error(): ChatError {
    const { failure } = this.#break ?? {}
    const partial = this.#partialWithTotal(this.#break?.partial)
    // Members that had nothing to add are no failures: what is left to tell is the break.
    if (failure !== undefined && this.#failures.at(-1) === failure) return withPartial(failure, partial)
    return groupError(this.#rules.id, this.#failures, partial)
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }
