import type { CallOptions, ChatError, ChatEvent, ChatRequest, Provider } from '@rivulet/core'
import { batchesOf, ChildAbort, extraKeys, failedStream, onlyExtra, streamOf } from '@rivulet/core/provider'
import { continuedStream } from '../continue/continued-stream.ts'
import { callerTurn, continuing } from '../continue/on-break.ts'
import type { OverlapTrimmer } from '../continue/overlap-trimmer.ts'
import { continuesTurn } from '../continue/prefill.ts'
import type { Policy } from '../strategies/policy.ts'
import { affinityKey } from './affinity-key.ts'
import { asFailure, asRefusal } from './as-failure.ts'
import { Attempt, type AttemptPlan } from './attempt.ts'
import { Candidates } from './candidates.ts'
import { refuseWhatItCannotTake } from './capability.ts'
import { GroupCall } from './group-call.ts'
import type { GroupRules } from './group-options.ts'
import { handOff } from './hand-off.ts'
import { handedStream } from './handed-stream.ts'
import { isGroup } from './members.ts'
import type { RecentBreaks } from './recent-breaks.ts'

/** What a hand-off leaves out, as a protocol names it that leaves it out itself. */
const FOREIGN_REASONING = 'reasoning of another model'

/** A member that accepts the request, ready to be read. */
interface ReadyMember {
  index: number
  stream: AsyncIterable<ChatEvent>
  abort: ChildAbort | undefined
}

/** What a group knows of itself for each chat call. */
export interface ChatGroup {
  members: readonly Provider[]
  rules: GroupRules
  /** `key` is the same in all requests of a conversation; see {@link affinityKey}. */
  policyOf: (request: ChatRequest, key: () => number) => Policy
  breaks: RecentBreaks
}

/** One chat call of a group: its request, and the attempts that are made for it. */
export class ChatCall {
  readonly request: ChatRequest
  readonly #group: GroupCall
  /** Of the conversation: hashed when it is first needed. */
  readonly #key = (): number => (this.#hashed ??= affinityKey(this.request))
  #hashed: number | undefined
  readonly #breaks: RecentBreaks
  /** The member that is asked first. */
  #first: ReadyMember | undefined

  constructor({ members, rules, policyOf, breaks }: ChatGroup, request: ChatRequest, call: CallOptions | undefined) {
    this.request = request
    this.#breaks = breaks
    const policy = policyOf(request, this.#key)
    this.#group = new GroupCall(
      members,
      rules,
      policy,
      limited(request, call),
      new Candidates(members.length),
      breaks.of(this.#key),
    )
    this.#first = this.#firstToAccept()
  }

  movesOn(failure: ChatError): boolean {
    return this.#group.movesOn(failure)
  }

  /** This member broke after its first content: in the next calls of the conversation, others are asked before it. */
  broke(index: number): void {
    this.#breaks.add(this.#key(), index)
  }

  /** The wait for content begins anew. */
  waitsAgain(): void {
    this.#group.broke()
  }

  get signal(): AbortSignal | undefined {
    return this.#group.signal
  }

  get policy(): Policy {
    return this.#group.policy
  }

  get candidates(): Candidates {
    return this.#group.candidates
  }

  /** The first read: from here on, time counts. */
  begin(): this {
    this.#group.begin()
    return this
  }

  canAsk(candidates?: Candidates): boolean {
    return this.#group.canAsk(candidates)
  }

  skipped(index: number, failure: ChatError): void {
    this.#group.skipped(index, failure)
  }

  askResting(): boolean {
    return this.#group.askResting()
  }

  /** The candidates that continue from a prefilled turn. */
  prefilling(): Candidates {
    return this.candidates.only((index) => continuesTurn(this.#group.member(index).info, this.request))
  }

  /** Asks the next of these candidates; with a trimmer, for the rest of an answer. */
  ask(candidates: Candidates, trimmer?: OverlapTrimmer): Attempt {
    const first = this.#first
    this.#first = undefined
    const index = first?.index ?? this.#group.choose(candidates)
    const ordinal = this.#group.take(index)
    const abort = first?.abort ?? this.#ownAbort()
    const signal = this.#signalOf(abort)
    const open: AttemptPlan['open'] = () => {
      if (trimmer === undefined) return batchesOf(first?.stream ?? this.#asked(index, this.request, signal), signal)
      return continuedStream(this.#asked(index, continuing(this.request, trimmer.prefill), signal), trimmer, signal)
    }
    const begun = callerTurn(this.request) === '' ? undefined : 'turn'
    const continues = trimmer === undefined ? begun : 'answer'
    const { id, info } = this.#group.member(index)
    const model = info.models.find((each) => each.id === this.request.model)
    return new Attempt({ index, id, model, ordinal, continues, open, abort }, this.#group.observer)
  }

  /**
   * The first member that accepts the request. This sends nothing: a stream sends at its first read. A member that throws
   * anything but a TypeError did not refuse the request, and fails as it would when read.
   *
   * @throws TypeError when every member refuses the request: it is the caller's mistake.
   */
  #firstToAccept(): ReadyMember {
    const { candidates } = this
    const refusals: TypeError[] = []
    while (candidates.size > 0) {
      const index = this.#group.choose(candidates)
      const abort = this.#ownAbort()
      try {
        return { index, stream: this.#stream(index, this.request, this.#signalOf(abort)), abort }
      } catch (error) {
        if (!(error instanceof TypeError)) {
          const { id } = this.#group.member(index)
          return { index, stream: failedStream(this.signal, asFailure(id, error)), abort }
        }
        refusals.push(error)
        candidates.remove(index)
      }
    }
    const [only] = refusals
    if (only !== undefined && refusals.length === 1) throw only
    const lines = [...new Set(refusals.map(({ message }) => `  ${message}`))]
    throw new TypeError(`${this.#group.rules.id}: no member takes this request:\n${lines.join('\n')}`)
  }

  /** The stream of a member that is asked after others. @throws ChatError for one that refuses the request. */
  #asked(index: number, request: ChatRequest, signal: AbortSignal | undefined): AsyncIterable<ChatEvent> {
    try {
      return this.#stream(index, request, signal)
    } catch (error) {
      throw error instanceof TypeError ? asRefusal(this.#group.member(index).id, error) : error
    }
  }

  #stream(index: number, request: ChatRequest, signal: AbortSignal | undefined): AsyncIterable<ChatEvent> {
    const member = this.#group.member(index)
    refuseWhatItCannotTake(member, request)
    // The group has checked its keys.
    const own = onlyExtra(member.id, request, extraKeys(member), Object.keys(request.extra ?? {}))
    // A group hands the conversation off itself, to each of its own members.
    const messages = isGroup(member) ? own.messages : handOff(own.messages, member)
    const inTime = this.#group.inTime(member, own.stream === false)
    const options = this.#group.optionsFor(signal)
    const leftOut = messages === own.messages ? this.#unnamed(own) : [FOREIGN_REASONING, ...this.#unnamed(own)]
    const stream = streamOf(inTime, messages === own.messages ? own : { ...own, messages }, options)
    return leftOut.length === 0 ? stream : handedStream(stream, leftOut, signal)
  }

  /** The fields of a client's own request that no other form of it has, when a member gets another form. */
  #unnamed({ native }: ChatRequest): readonly string[] {
    return native === undefined ? (this.request.native?.unnamed ?? []) : []
  }

  #signalOf(abort: ChildAbort | undefined): AbortSignal | undefined {
    return abort?.signal ?? this.signal
  }

  /** A member needs its own abort when others may be asked beside it. */
  #ownAbort(): ChildAbort | undefined {
    return this.policy.waitMs === undefined ? undefined : new ChildAbort()
  }
}

/** An answer in one piece has no first content before its end: only the deadline of the whole answer counts. */
function limited({ stream }: ChatRequest, call: CallOptions | undefined): CallOptions | undefined {
  if (stream !== false || call?.deadlines === undefined) return call
  return { ...call, deadlines: { ...call.deadlines, firstTokenMs: Infinity, idleMs: Infinity } }
}
