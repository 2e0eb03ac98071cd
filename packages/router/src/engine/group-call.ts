import {
  type AttemptReport,
  type CallOptions,
  type ChatError,
  type Deadlines,
  deadlines,
  type Layer,
  pipe,
  type Provider,
} from '@rivulet/core'
import { ignoreRejection, quietly, wrap } from '@rivulet/core/provider'
import type { Policy } from '../strategies/policy.ts'
import type { AttemptObserver, AttemptPlan } from './attempt.ts'
import { asLastResort } from '../breaker/last-resort.ts'
import { Candidates } from './candidates.ts'
import { isOfCaller, isResting } from './failure-class.ts'
import type { GroupRules } from './group-options.ts'

/** Among how many attempts the time left is shared at most: of a thousand members, each would have none. */
const MAX_SHARES = 4

type DeadlineName = Exclude<keyof Deadlines, 'clock'>

/** One call of a group: which members can still be asked, how often, in how much of its time, and what observes it. */
export class GroupCall {
  readonly policy: Policy
  readonly candidates: Candidates
  readonly members: readonly Provider[]
  readonly rules: GroupRules
  readonly call: CallOptions | undefined
  readonly observer: AttemptObserver
  /** Members that are chosen only when no other one is left. */
  readonly #avoided: readonly number[]
  #attempts = 0
  /** Members whose account was refused a while ago, and that were skipped for it. */
  readonly #resting: number[] = []
  #isLastResort = false
  /** When the wait for content began, in milliseconds since the call began: later than 0 once an answer has broken. */
  #waitsSince = 0
  /** When the caller's call began, which is earlier when this is another attempt of a layer around this group. */
  #calledAt: number | undefined

  constructor(
    members: readonly Provider[],
    rules: GroupRules,
    policy: Policy,
    call: CallOptions | undefined,
    candidates = new Candidates(members.length),
    avoided: readonly number[] = [],
  ) {
    this.members = members
    this.rules = rules
    this.policy = policy
    this.call = call
    this.candidates = candidates
    this.#avoided = avoided
    this.observer = this.#observer()
  }

  get signal(): AbortSignal | undefined {
    return this.call?.signal
  }

  /** Whether the next member may be asked after a failure. A credential that the caller has brought, only the caller can mend. */
  movesOn(failure: ChatError): boolean {
    return !(failure.code === 'auth' && isOfCaller(failure, this.call)) && this.rules.failoverWhen(failure)
  }

  /** From here on, time counts. */
  begin(): this {
    this.#calledAt = this.rules.clock.now() - (this.call?.elapsedMs ?? 0)
    return this
  }

  /** An answer broke after its first content: the wait for that of another one begins. */
  broke(): void {
    this.#waitsSince = this.#now()
  }

  /** Whether another member may be asked: there is one, an attempt is left, and time. */
  canAsk(candidates: Candidates = this.candidates): boolean {
    return candidates.size > 0 && this.#attempts < this.rules.attempts && this.#contentLeft() > 0
  }

  /** The policy's choice among these candidates. @throws TypeError when it is not one of them, and what the policy throws. */
  choose(candidates: Candidates): number {
    const others = this.#avoided.length === 0 ? candidates : candidates.without(this.#avoided)
    const index: unknown = this.policy.choose(others.size === 0 ? candidates : others)
    if (typeof index === 'number' && candidates.has(index)) return index
    ignoreRejection(index)
    const got = typeof index === 'number' ? String(index) : typeof index
    const known = candidates.list().slice(0, 10).join(', ')
    throw new TypeError(`${this.rules.id}: the policy chose ${got}, which is not a candidate. Candidates: ${known}.`)
  }

  /** Takes a member out of the candidates, for an attempt. Gives the ordinal of the attempt in this call, from 0. */
  take(index: number): number {
    const ordinal = this.#attempts++
    this.candidates.remove(index)
    this.policy.began?.(index, ordinal)
    return ordinal
  }

  /** This member was asked, and no request went out: that attempt does not count. */
  skipped(index: number, failure: ChatError): void {
    this.#attempts--
    if (isResting(failure)) this.#resting.push(index)
  }

  /** Nobody else is left: members whose account was refused may be asked all the same, once. Gives whether there are any. */
  askResting(): boolean {
    if (this.#isLastResort || this.#resting.length === 0) return false
    this.#isLastResort = true
    for (const index of this.#resting) this.candidates.restore(index)
    return true
  }

  member(index: number): Provider {
    const member = this.members[index]
    if (member === undefined) throw new TypeError(`${this.rules.id}: there is no member ${index}.`)
    return member
  }

  /** A member within its share of the time; an answer in one piece must be whole by then. */
  inTime(member: Provider, inOnePiece: boolean): Provider {
    const limits = this.#limits(inOnePiece)
    if (limits === undefined) return member
    const given = this.call?.deadlines ?? {}
    return pipe(member, inPlaceOfOwn(given, limits), deadlines({ ...limits, clock: this.rules.clock }))
  }

  /** The limits of the next attempt; `undefined` when only the member's own count. */
  #limits(inOnePiece: boolean): Record<DeadlineName, number> | undefined {
    const contentMs = this.#contentLeft()
    const endMs = this.#timeLeft()
    const { connectMs = Infinity, idleMs = Infinity } = this.call?.deadlines ?? {}
    if (Math.min(contentMs, endMs, connectMs, idleMs) === Infinity) return undefined
    // Once the call has begun, this member is no longer one of the candidates.
    const self = this.#calledAt === undefined ? 0 : 1
    const left = Math.min(this.candidates.size, this.rules.attempts - this.#attempts) + self
    const share = contentMs / Math.min(left, MAX_SHARES)
    // A deadline counts from where the caller's call began.
    const { elapsedMs = 0 } = this.call ?? {}
    const [firstTokenMs = 1, totalMs = 1] = [share, inOnePiece ? share : endMs].map((ms) => Math.max(1, ms) + elapsedMs)
    return { connectMs, idleMs, firstTokenMs, totalMs }
  }

  /** The caller's options, as a member gets them. */
  optionsFor(signal: AbortSignal | undefined): CallOptions | undefined {
    const options = this.#options(signal)
    return this.#isLastResort ? asLastResort(options) : options
  }

  #options(signal: AbortSignal | undefined): CallOptions | undefined {
    const { call } = this
    const tell = call?.onAttempt
    // Without the time of the caller's own attempts: a group below counts that itself.
    const startedMs = this.#now() - (call?.elapsedMs ?? 0)
    const shift = tell !== undefined && startedMs > 0
    if (signal === this.signal && !shift && call?.deadlines === undefined) return call
    // The deadlines of the call are those of all its attempts: each has its share of them.
    const { deadlines: _, ...rest } = call ?? {}
    return {
      ...rest,
      signal,
      // An attempt of a group below began when this one did, and then some.
      ...(shift && {
        onAttempt: (report) => {
          tell({ ...report, startedMs: report.startedMs + startedMs })
        },
      }),
    }
  }

  #now(): number {
    return this.#calledAt === undefined ? 0 : this.rules.clock.now() - this.#calledAt
  }

  /** For the whole answer. */
  #timeLeft(): number {
    const totalMs = Math.min(this.rules.totalMs, this.call?.deadlines?.totalMs ?? Infinity)
    return totalMs === Infinity ? Infinity : totalMs - this.#sinceCall()
  }

  /** For the first content. */
  #contentLeft(): number {
    const { firstTokenMs = Infinity } = this.call?.deadlines ?? {}
    const left = firstTokenMs === Infinity ? Infinity : this.#waitsSince + firstTokenMs - this.#sinceCall()
    return Math.min(left, this.#timeLeft())
  }

  /** How long the caller's call has taken, also with other attempts of a layer around this group. */
  #sinceCall(): number {
    return this.#calledAt === undefined ? (this.call?.elapsedMs ?? 0) : this.#now()
  }

  /** A policy learns nothing of a member from an account of the caller's. */
  #asOfMember(report: AttemptReport): AttemptReport {
    const { error } = report
    return error !== undefined && isOfCaller(error, this.call) ? { ...report, outcome: 'cancelled' } : report
  }

  #observer(): AttemptObserver {
    const { policy } = this
    const { onAttempt } = this.rules
    const tell = this.call?.onAttempt
    const isObserved = policy.ended !== undefined || onAttempt !== undefined || tell !== undefined
    const ended = ({ index, ordinal }: Pick<AttemptPlan, 'index' | 'ordinal'>, report: AttemptReport): void => {
      policy.ended?.(index, this.#asOfMember(report), ordinal)
      quietly(() => onAttempt?.(report))
      quietly(() => tell?.(report))
    }
    return {
      now: () => this.#now(),
      signal: this.signal,
      content: policy.content && (({ index, ordinal }, ms) => policy.content?.(index, ms, ordinal)),
      ended: isObserved ? ended : undefined,
    }
  }
}

/**
 * The member takes the limits of an attempt in place of its own, of those that the call has given. They pass a moment later, so
 * that it is the group that gives up: a breaker does not blame the member for a deadline of the caller's.
 */
function inPlaceOfOwn(given: Deadlines, limits: Readonly<Record<DeadlineName, number>>): Layer {
  const own = Object.entries(limits).filter(([name]) => given[name as DeadlineName] !== undefined)
  const later: Deadlines = Object.fromEntries(own.map(([name, ms]) => [name, ms + 1]))
  return (next) => {
    const embed = next.embed?.bind(next)
    return wrap(next, {
      stream: (request, call) => next.stream(request, { ...call, deadlines: later }),
      embed: embed && ((request, call) => embed(request, { ...call, deadlines: later })),
    })
  }
}
