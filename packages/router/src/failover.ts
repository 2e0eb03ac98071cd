import type { Provider } from '@rivulet/core'
import { type GroupOptions, groupRules } from './engine/group-options.ts'
import { makeGroup } from './engine/make-group.ts'
import { checkMembers } from './engine/members.ts'
import { inOrder } from './strategies/policy.ts'

export type FailoverOptions = GroupOptions

/**
 * The first member that answers. A member that fails before its first content is passed over unseen: also one that fails
 * inside a success (an error frame, an HTML page, an empty answer). A member that can't take the request (a field that it
 * does not support, an image) throws a TypeError at the call, and the next one is asked. Whatever else comes out of a member is
 * its failure: `fetch failed` is `network`, any other error `malformed`. The request is copied at the call.
 *
 * `embed()` goes from member to member in the same way. `models()` lists what the members that answer serve.
 *
 * @throws TypeError at the call for anything that is not a request, and when no member can take it.
 * @throws ChatError of the only attempt, where one was made: a bad key is `auth`. Of several, `exhausted`, whose `attempts`
 * are their errors in order.
 * @example
 * const steady = failover([lockchat(), gravityengine()], { onBreak: ['continue', 'restart'], totalMs: 60_000 })
 */
export function failover(providers: readonly Provider[], options: FailoverOptions = {}): Provider {
  const members = checkMembers('failover', providers)
  return makeGroup('Failover', members, groupRules('failover', options), { chat: () => inOrder, embed: inOrder })
}
