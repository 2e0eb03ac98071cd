import { type CallOptions, ChatError, type EmbedRequest, type EmbedResult, type Provider } from '@rivulet/core'
import { ChildAbort } from '@rivulet/core/provider'
import { exhausted } from './exhausted.ts'
import type { GroupRules } from './group-options.ts'
import { Candidates } from './candidates.ts'
import type { Policy } from '../strategies/policy.ts'

/**
 * Vectors from the first member that gives them, in the policy's order. Vectors have no events: a failure always moves on
 * unseen, nobody is hedged, and policies and breakers learn nothing from it. `totalMs` is for all of them together.
 */
export async function embedding(
  members: readonly Provider[],
  rules: GroupRules,
  policy: Policy,
  request: EmbedRequest,
  call: CallOptions | undefined,
): Promise<EmbedResult> {
  const { id, clock, totalMs, attempts, failoverWhen } = rules
  const abort = new ChildAbort().follow(call?.signal)
  const { signal } = abort
  const late = new ChatError('timeout', `${id}: no vectors within ${totalMs} ms (totalMs)`, { provider: id })
  const cancel = totalMs === Infinity ? undefined : clock.after(totalMs, abort.abort.bind(abort, late))
  const left = new Candidates(members.length).only((index) => members[index]?.embed !== undefined)
  const failures: ChatError[] = []
  let mistake: TypeError | undefined
  try {
    while (left.size > 0 && failures.length < attempts) {
      signal.throwIfAborted()
      const index = policy.choose(left)
      left.remove(index)
      try {
        const result = await members[index]?.embed?.(request, { ...call, signal })
        if (result !== undefined) return result
      } catch (error) {
        signal.throwIfAborted()
        // Who can't take the request is passed over; when nobody can, that is the caller's mistake.
        if (error instanceof TypeError) mistake ??= error
        else if (!(error instanceof ChatError) || !failoverWhen(error)) throw error
        else failures.push(error)
      }
    }
  } finally {
    cancel?.()
    abort.release()
  }
  throw failures.length === 0 && mistake !== undefined ? mistake : exhausted(id, failures, undefined)
}
