import { type Batches, ChatError, type ChatEvent, type ChatResult } from '@rivulet/core'
import type { Asking } from './asking.ts'
import type { Attempt, Lead } from './attempt.ts'
import { exhausted } from './exhausted.ts'
import type { Rules } from './group-options.ts'
import { isParked } from './blame.ts'
import { Kept } from './kept.ts'
import type { Left } from './left.ts'
import { begunOf, canBeContinued } from './on-break.ts'
import { Race } from './race.ts'
import { Seam, turnOf } from './seam.ts'

type Read = IteratorResult<readonly ChatEvent[], undefined>

/** A member that broke behind its first content: what its reader is told before the next content. */
interface Break {
  from: string
  failure: ChatError
  /** What its reader has of the answer. */
  partial: ChatResult | undefined
  /** The same as a turn of the conversation, when it can be gone on with. */
  turn: string | undefined
}

/** How the next member is asked. */
interface Plan {
  among: Left
  seam?: Seam
  /** Told before its first event. */
  event?: ChatEvent
}

/** One call through the members of a group. */
export class GroupAnswer implements Batches {
  readonly #asking: Asking
  readonly #rules: Rules
  readonly #race: Race
  /** In order. */
  readonly #failures: ChatError[] = []
  /** The member that has given content: from here on, its reader has seen it. */
  #answering: Attempt | undefined
  #break: Break | undefined
  /** What is told before the next content: there is one at most. */
  #event: ChatEvent | undefined
  readonly #kept: Kept | undefined
  #left = false

  constructor(asking: Asking, rules: Rules) {
    this.#asking = asking.begin()
    this.#rules = rules
    this.#race = new Race(asking.policy, rules.clock, {
      isLeft: () => this.#plan() !== undefined,
      ask: () => {
        this.#ask()
      },
    })
    if (rules.mends.includes('continue') && canBeContinued(asking.request)) this.#kept = new Kept()
  }

  next(): Promise<Read> {
    // With nothing left to decide, the member's own promise is the reader's.
    if (this.#answering !== undefined && this.#rules.mends.length === 0) return this.#answering.next()
    return this.#next()
  }

  close(): void {
    this.#left = true
    this.#race.close()
    this.#answering?.close()
  }

  async #next(): Promise<Read> {
    try {
      while (!this.#left) {
        const value = this.#answering === undefined ? await this.#first() : await this.#more(this.#answering)
        if (this.#isLeft()) break
        if (value === undefined) return DONE
        if (value.length > 0) return { done: false, value }
      }
      return DONE
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** A method, because a field that another turn changes looks constant to the compiler. */
  #isLeft(): boolean {
    return this.#left
  }

  /** Asks until a member gives content. Gives what is delivered, which is nothing when the member failed. */
  async #first(): Promise<readonly ChatEvent[]> {
    if (this.#race.isEmpty) this.#ask()
    const lead = await this.#race.first()
    if (this.#left) return []
    if (lead.events === undefined) {
      this.#failed(lead)
      return []
    }
    this.#answering = lead.attempt
    this.#break = undefined
    const events = this.#event === undefined ? lead.events : [this.#event, ...lead.events]
    this.#event = undefined
    return this.#kept?.add(events) ?? events
  }

  async #more(answering: Attempt): Promise<readonly ChatEvent[] | undefined> {
    let read: Read
    try {
      read = await answering.next()
    } catch (error) {
      if (!this.#left) this.#broke(answering, error)
      return []
    }
    if (read.done === true) return undefined
    return this.#kept?.add(read.value) ?? read.value
  }

  /** Asks the next member as planned, or throws what the reader gets when there is none. */
  #ask(): void {
    const plan = this.#plan()
    if (plan === undefined) throw this.#exhausted()
    // Of several at work, each is asked for the same: a break is mended by all of them in one way.
    this.#event = plan.event
    this.#race.add(this.#asking.ask(plan.among, plan.seam))
  }

  /** Who is asked next, and for what; `undefined` when nobody can be. */
  #plan(): Plan | undefined {
    const { left } = this.#asking
    const broken = this.#break
    if (broken === undefined) return this.#asking.canAsk() ? { among: left } : undefined
    const { from, failure } = broken
    const told = { from, reason: failure.code, message: failure.message }
    for (const mend of this.#mends()) {
      const among = mend === 'continue' ? this.#asking.prefilling() : left
      if (!this.#asking.canAsk(among)) continue
      if (mend === 'restart') return { among, event: { type: 'restart', ...told } }
      if (broken.turn !== undefined) {
        return {
          among,
          event: { type: 'resume', ...told },
          seam: new Seam(broken.turn),
        }
      }
    }
    return undefined
  }

  /** As long as several are at work, the way that was begun is the only one. */
  #mends(): Rules['mends'] {
    if (this.#race.isEmpty) return this.#rules.mends
    return this.#event?.type === 'resume' ? ['continue'] : ['restart']
  }

  /** A member failed before its first content, and its reader saw nothing of it. */
  #failed({ error, attempt }: Extract<Lead, { error: unknown }>): void {
    const failure = this.#failureOf(attempt, error)
    if (!this.#rules.moveOn(failure)) throw this.#withPartial(failure)
    if (isParked(failure)) this.#asking.unask()
    // Those that are still at work may answer; another one is asked beside them at once.
    if (this.#race.isEmpty) this.#ask()
    else if (this.#plan() !== undefined) this.#ask()
  }

  /** The member that answers failed behind its first content. */
  #broke(answering: Attempt, error: unknown): void {
    const failure = this.#failureOf(answering, error)
    this.#answering = undefined
    const kept = this.#kept?.result()
    // What stands is what all have given together, and not the last one's part.
    const partial = kept ?? failure.partial
    const turn = kept && turnOf(begunOf(this.#asking.request), kept.text)
    this.#break = { from: answering.candidate.id, failure, partial, turn }
    const plan = this.#rules.moveOn(failure) ? this.#plan() : undefined
    if (plan === undefined) throw this.#withPartial(failure)
    if (plan.seam !== undefined) this.#kept?.broke(failure.partial?.usage)
  }

  #failureOf(attempt: Attempt, error: unknown): ChatError {
    const { signal } = this.#asking
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
