import {
  type AttemptReport,
  type CallOptions,
  ChatError,
  type EmbedRequest,
  type EmbedResult,
  type Provider,
} from '@rivulet/core'
import { checkCall, copyRequest, isRecord, unlessAborted } from '@rivulet/core/provider'
import type { Policy } from '../strategies/policy.ts'
import { asFailure, asRefusal } from './as-failure.ts'
import { Candidates } from './candidates.ts'
import { isResting, wasSkipped } from './failure-class.ts'
import { GroupCall } from './group-call.ts'
import { groupError } from './group-error.ts'
import type { GroupRules } from './group-options.ts'

/**
 * Vectors from the first member that gives them, in the policy's order. Vectors come in one piece: any failure may move on
 * unseen. Each attempt is reported, and goes through its member's breaker, as one of a chat does.
 */
export async function groupEmbed(
  members: readonly Provider[],
  rules: GroupRules,
  policy: Policy,
  request: EmbedRequest,
  options: CallOptions | undefined,
): Promise<EmbedResult> {
  checkCall(rules.id, options, 'embed')
  const asked = copyRequest(request)
  const embedding = new Candidates(members.length).only((index) => members[index]?.embed !== undefined)
  const group = new GroupCall(members, rules, policy, options, embedding).begin()
  let failures: ChatError[] = []
  const mistakes: TypeError[] = []
  options?.signal?.throwIfAborted()
  const asksResting = (): boolean => {
    if (!group.askResting()) return false
    failures = failures.filter((failure) => !isResting(failure))
    return true
  }
  while (group.canAsk() || asksResting()) {
    const { index, ...outcome } = await attempt(group, asked)
    if ('result' in outcome) return outcome.result
    const { failure, mistake } = outcome
    failures.push(failure)
    if (mistake !== undefined) mistakes.push(mistake)
    else if (!group.movesOn(failure)) throw failure
    // No request went out: it is not one of the attempts that may be made.
    if (mistake !== undefined || wasSkipped(failure)) group.skipped(index, failure)
  }
  const [mistake] = mistakes
  if (mistake !== undefined && mistakes.length === failures.length) throw mistake
  throw groupError(rules.id, failures)
}

type Outcome = { index: number } & ({ result: EmbedResult } | { failure: ChatError; mistake: TypeError | undefined })

/** One member, asked once. @throws the caller's abort reason, and what the policy throws. */
async function attempt(group: GroupCall, request: EmbedRequest): Promise<Outcome> {
  const { observer } = group
  const index = group.choose(group.candidates)
  const ordinal = group.take(index)
  const member = group.member(index)
  const startedMs = observer.now()
  const report = (
    outcome: 'answered' | 'failed' | 'cancelled',
    details: Pick<AttemptReport, 'error' | 'usage'> = {},
  ): void => {
    const totalMs = observer.now() - startedMs
    observer.ended?.({ index, ordinal }, { provider: member.id, outcome, ...details, startedMs, totalMs })
  }
  const asked = group.inTime(member, true)
  try {
    const answer = asked.embed?.(request, group.optionsFor(group.signal))
    if (answer === undefined) throw new TypeError(`${member.id}: no embed()`)
    const result = checked(member.id, request, await unlessAborted(answer, group.signal))
    report('answered', usageOf(result))
    return { index, result }
  } catch (error) {
    if (group.signal?.aborted === true) {
      report('cancelled')
      throw group.signal.reason
    }
    let failure = asFailure(member.id, error)
    // A promise does not tell a request that is refused at the call from a mistake of the member's own.
    const mistake = error instanceof TypeError && failure.code === 'malformed' ? error : undefined
    if (mistake !== undefined) failure = asRefusal(member.id, mistake)
    report('failed', { error: failure })
    return { index, failure, mistake }
  }
}

/** Vectors are no output that is counted. */
const usageOf = ({ inputTokens }: EmbedResult): Pick<AttemptReport, 'usage'> =>
  inputTokens === undefined ? {} : { usage: { inputTokens, outputTokens: 0, source: 'reported' } }

/** @throws ChatError for anything but a vector for each input. */
function checked(provider: string, { input }: EmbedRequest, result: unknown): EmbedResult {
  if (isRecord(result) && Array.isArray(result.vectors) && result.vectors.length === input.length) {
    // Its vectors are not looked into: they are large.
    return result as unknown as EmbedResult
  }
  throw new ChatError('malformed', `${provider}: it did not give one vector for each input`, { provider })
}
