import type { CallOptions, ChatEvent, ChatRequest, Provider } from '@rivulet/core'
import { type Batches, ChildAbort } from '@rivulet/core/provider'
import { continuedStream } from '../continue/continued-stream.ts'
import { callerTurn, continuing } from '../continue/on-break.ts'
import type { OverlapTrimmer } from '../continue/overlap-trimmer.ts'
import type { Policy } from '../strategies/policy.ts'
import { Attempt } from './attempt.ts'
import type { Candidates } from './candidates.ts'
import { refuseWhatItCannotTake } from './capability.ts'
import { GroupCall } from './group-call.ts'
import type { GroupRules } from './group-options.ts'
import { handOff } from './hand-off.ts'
import { isGroup } from './members.ts'

/** A member that accepts the request, ready to be read. */
interface ReadyMember {
  index: number
  stream: AsyncIterable<ChatEvent>
  abort: ChildAbort | undefined
}

/** One chat call of a group: its request, and the attempts that are made for it. */
export class ChatCall {
  readonly request: ChatRequest
  readonly #group: GroupCall
  /** The member that is asked first. */
  #first: ReadyMember | undefined

  constructor(
    members: readonly Provider[],
    rules: GroupRules,
    policy: Policy,
    request: ChatRequest,
    call: CallOptions | undefined,
  ) {
    this.request = request
    this.#group = new GroupCall(members, rules, policy, call)
    this.#first = this.#firstToAccept()
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

  untake(): void {
    this.#group.untake()
  }

  /** The candidates that continue from a prefilled turn. */
  prefilling(): Candidates {
    return this.candidates.only((index) => this.#group.member(index).info.prefill === true)
  }

  /** Asks the next of these candidates; with a trimmer, for the rest of an answer. */
  ask(candidates: Candidates, trimmer?: OverlapTrimmer): Attempt {
    const first = this.#first
    this.#first = undefined
    const index = first?.index ?? this.#group.choose(candidates)
    const ordinal = this.#group.take(index)
    const abort = first?.abort ?? this.#ownAbort()
    const open = (): AsyncIterable<ChatEvent> | Batches => {
      if (trimmer === undefined) return first?.stream ?? this.#stream(index, this.request, abort)
      return continuedStream(this.#stream(index, continuing(this.request, trimmer.prefill), abort), trimmer)
    }
    const continues = trimmer !== undefined || callerTurn(this.request) !== ''
    const { id } = this.#group.member(index)
    return new Attempt({ index, id, ordinal, continues, open, abort }, this.#group.observer)
  }

  /** The first member that accepts the request. This sends nothing: a stream sends at its first read. */
  #firstToAccept(): ReadyMember {
    const { candidates } = this
    const refusals: TypeError[] = []
    while (candidates.size > 0) {
      const index = this.#group.choose(candidates)
      const abort = this.#ownAbort()
      try {
        return { index, stream: this.#stream(index, this.request, abort), abort }
      } catch (error) {
        if (!(error instanceof TypeError)) throw error
        refusals.push(error)
        candidates.remove(index)
      }
    }
    const [only] = refusals
    if (only !== undefined && refusals.length === 1) throw only
    const lines = [...new Set(refusals.map(({ message }) => `  ${message}`))]
    throw new TypeError(`${this.#group.rules.id}: no member takes this request:\n${lines.join('\n')}`)
  }

  #stream(index: number, request: ChatRequest, abort: ChildAbort | undefined): AsyncIterable<ChatEvent> {
    const member = this.#group.member(index)
    refuseWhatItCannotTake(member, request)
    // A group hands the conversation off itself, to each of its own members.
    const messages = isGroup(member) ? request.messages : handOff(request.messages, member)
    const handed = messages === request.messages ? request : { ...request, messages: [...messages] }
    const signal = abort?.signal ?? this.signal
    return this.#group.inTime(member, request.stream === false).stream(handed, this.#group.optionsFor(signal))
  }

  /** A member needs its own abort when others may be asked beside it. */
  #ownAbort(): ChildAbort | undefined {
    return this.policy.waitMs === undefined ? undefined : new ChildAbort()
  }
}
