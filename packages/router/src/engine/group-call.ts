import {
  type AttemptReport,
  type CallOptions,
  type ChatEvent,
  type ChatRequest,
  deadlines,
  pipe,
  type Provider,
} from '@rivulet/core'
import { type Batches, ChildAbort } from '@rivulet/core/provider'
import { Attempt, type AttemptObserver, type AttemptPlan } from './attempt.ts'
import { refuseWhatItCannotTake } from './capability.ts'
import { isGroup } from './members.ts'
import type { GroupRules } from './group-options.ts'
import { handOff } from './hand-off.ts'
import { Candidates } from './candidates.ts'
import { begunOf, continuing } from '../continue/on-break.ts'
import type { Policy } from '../strategies/policy.ts'
import type { OverlapTrimmer } from '../continue/overlap-trimmer.ts'
import { ContinuedStream } from '../continue/continued-stream.ts'

/** Among how many attempts the time left is shared at most: of a thousand members, none would have any. */
const MAX_SHARES = 4

/** A member that accepts the request, ready to be read. */
interface Ready {
  index: number
  stream: AsyncIterable<ChatEvent>
  abort: ChildAbort | undefined
}

/** One call of a group: who was asked in it, who can still be, and with how much of its time. */
export class GroupCall {
  readonly request: ChatRequest
  readonly signal: AbortSignal | undefined
  readonly policy: Policy
  readonly candidates: Candidates
  readonly #members: readonly Provider[]
  readonly #rules: GroupRules
  readonly #call: CallOptions | undefined
  readonly #witness: AttemptObserver
  /** The member that is asked first. */
  #first: Ready | undefined
  #asked = 0
  /** When the caller's call began, which is earlier when this is another attempt of a layer around this group. */
  #calledAt: number | undefined

  constructor(
    members: readonly Provider[],
    rules: GroupRules,
    policy: Policy,
    request: ChatRequest,
    call: CallOptions | undefined,
  ) {
    this.#members = members
    this.#rules = rules
    this.policy = policy
    this.request = request
    this.#call = call
    this.signal = call?.signal
    this.candidates = new Candidates(members.length)
    this.#witness = this.#observerOf()
    this.#first = this.#firstTaker()
  }

  /** The first read: from here on, time counts. */
  begin(): this {
    this.#calledAt = this.#rules.clock.now() - (this.#call?.elapsedMs ?? 0)
    return this
  }

  /** Whether another may be asked: there is one, an attempt, and time. */
  canAsk(left: Candidates = this.candidates): boolean {
    return left.size > 0 && this.#asked < this.#rules.attempts && this.#timeLeft() > 0
  }

  /** A view of those left that go on from a begun answer. */
  prefilling(): Candidates {
    return this.candidates.only((index) => this.#members[index]?.info.prefill === true)
  }

  /** The next one, of those left or of some of them. With a seam it is asked for the rest of an answer. */
  ask(among: Candidates = this.candidates, seam?: OverlapTrimmer): Attempt {
    const ordinal = this.#asked++
    const first = this.#first
    this.#first = undefined
    const index = first?.index ?? this.policy.choose(among)
    this.candidates.remove(index)
    const abort = first?.abort ?? this.#ownAbort()
    const open = (): AsyncIterable<ChatEvent> | Batches => {
      if (seam === undefined) return first?.stream ?? this.#stream(index, this.request, abort)
      return new ContinuedStream(this.#stream(index, continuing(this.request, seam.prefill), abort), seam)
    }
    const begun = seam !== undefined || begunOf(this.request) !== ''
    this.policy.began?.(index, ordinal)
    return new Attempt({ index, id: this.#members[index]?.id ?? '', ordinal, begun, open, abort }, this.#witness)
  }

  /** The last one was not asked after all: no request went out. */
  unask(): void {
    this.#asked--
  }

  /** The first member that accepts the request. Nothing is sent by asking: a stream sends at its first read. */
  #firstTaker(): Ready {
    const refusals: TypeError[] = []
    while (this.candidates.size > 0) {
      const index = this.policy.choose(this.candidates)
      const abort = this.#ownAbort()
      try {
        return { index, stream: this.#stream(index, this.request, abort), abort }
      } catch (error) {
        if (!(error instanceof TypeError)) throw error
        refusals.push(error)
        this.candidates.remove(index)
      }
    }
    const [only] = refusals
    if (only !== undefined && refusals.length === 1) throw only
    const lines = [...new Set(refusals.map(({ message }) => `  ${message}`))]
    throw new TypeError(`${this.#rules.id}: no member takes this request:\n${lines.join('\n')}`)
  }

  #stream(index: number, request: ChatRequest, abort: ChildAbort | undefined): AsyncIterable<ChatEvent> {
    const member = this.#members[index]
    if (member === undefined) throw new TypeError(`${this.#rules.id}: there is no member ${index}.`)
    refuseWhatItCannotTake(member, request)
    // A group passes a conversation on to those who read it.
    const messages = isGroup(member) ? request.messages : handOff(request.messages, member)
    const asked = messages === request.messages ? request : { ...request, messages: [...messages] }
    return this.#inTime(member, request).stream(asked, this.#callFor(abort))
  }

  /** The member under its share of the time. */
  #inTime(member: Provider, { stream }: ChatRequest): Provider {
    const { totalMs, attempts, clock } = this.#rules
    if (totalMs === Infinity) return member
    const leftMs = this.#timeLeft()
    // The first is made ready before it is counted.
    const self = this.#calledAt === undefined ? 0 : 1
    const share = leftMs / Math.min(Math.min(this.candidates.size, attempts - this.#asked) + self, MAX_SHARES)
    // A deadline counts from where the caller's call began.
    const elapsedMs = this.#call?.elapsedMs ?? 0
    const [firstTokenMs, endMs] = [share, stream === false ? share : leftMs].map((ms) => Math.max(1, ms) + elapsedMs)
    const limits = { connectMs: Infinity, idleMs: Infinity, firstTokenMs: firstTokenMs ?? 1, totalMs: endMs ?? 1 }
    return pipe(member, deadlines({ ...limits, clock }))
  }

  #callFor(abort: ChildAbort | undefined): CallOptions | undefined {
    const call = this.#call
    const tell = call?.onAttempt
    // Without what the caller's own attempts took: the group below counts that itself.
    const startedMs = this.#now() - (call?.elapsedMs ?? 0)
    const shift = tell !== undefined && startedMs > 0
    if (abort === undefined && !shift) return call
    return {
      ...call,
      ...(abort !== undefined && { signal: abort.signal }),
      // An attempt of a group below began when this one did, and then some.
      ...(shift && {
        onAttempt: (report) => {
          tell({ ...report, startedMs: report.startedMs + startedMs })
        },
      }),
    }
  }

  #ownAbort(): ChildAbort | undefined {
    return this.policy.waitMs === undefined ? undefined : new ChildAbort()
  }

  #now(): number {
    return this.#calledAt === undefined ? 0 : this.#rules.clock.now() - this.#calledAt
  }

  #timeLeft(): number {
    const { totalMs } = this.#rules
    return totalMs === Infinity
      ? Infinity
      : totalMs - (this.#calledAt === undefined ? (this.#call?.elapsedMs ?? 0) : this.#now())
  }

  #observerOf(): AttemptObserver {
    const { policy } = this
    const { onAttempt } = this.#rules
    const tell = this.#call?.onAttempt
    const isWatched = policy.ended !== undefined || onAttempt !== undefined || tell !== undefined
    const ended = ({ index, ordinal }: AttemptPlan, report: AttemptReport): void => {
      policy.ended?.(index, report, ordinal)
      onAttempt?.(report)
      tell?.(report)
    }
    return {
      now: () => this.#now(),
      signal: this.signal,
      content: policy.content && (({ index, ordinal }, ms) => policy.content?.(index, ms, ordinal)),
      ended: isWatched ? ended : undefined,
    }
  }
}
