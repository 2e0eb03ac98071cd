import type { Provider } from '@rivulet/core'
import {
  checkCall,
  copyRequest,
  extraKeys,
  isRecord,
  markAttempts,
  onlyExtra,
  ownAttempts,
  recoveriesOf,
  trustedStream,
} from '@rivulet/core/provider'
import { memberBreakers } from '../breaker/member-breakers.ts'
import type { Policy } from '../strategies/policy.ts'
import { ChatCall, type ChatGroup } from './chat-call.ts'
import { GroupAnswer } from './group-answer.ts'
import { groupEmbed } from './group-embed.ts'
import { eachModelOnce, modelLists } from './group-models.ts'
import { type GroupRules, rulesOfCall } from './group-options.ts'
import { groupInfo } from './members.ts'
import { RecentBreaks } from './recent-breaks.ts'

/** By which policies a group asks its members. */
export interface GroupPolicies {
  chat: ChatGroup['policyOf']
  embed: Policy
}

/** A group: its members, the rules of one call, and the policies by which they are asked. */
export function makeGroup(
  kind: string,
  providers: readonly Provider[],
  rules: GroupRules,
  policies: GroupPolicies,
): Provider {
  const members = rules.breaker === undefined ? providers : providers.map(memberBreakers(rules.breaker))
  const embed: Provider['embed'] = (request, options) => groupEmbed(members, rules, policies.embed, request, options)
  const models: Provider['models'] = async (options) => eachModelOnce(await modelLists(members, rules, options))
  const info = groupInfo(kind, providers)
  const { id } = rules
  const breaks = new RecentBreaks(rules.clock)
  const group: Provider = {
    id,
    info,
    stream(request, options) {
      if (!isRecord(request)) {
        throw new TypeError(`${id}: give a request, as in { model, messages: [{ role: 'user', content: 'Hello' }] }.`)
      }
      checkCall(id, options)
      // Members are asked later, and one after another: what the caller changes meanwhile is not part of this call.
      const asked = onlyExtra(id, copyRequest(request), extraKeys({ id, info }))
      recoveriesOf(id, options?.onBreak)
      const call = new ChatCall({ members, rules, policyOf: policies.chat, breaks }, asked, options)
      // The streams of its members are checked.
      return trustedStream(options?.signal, () => new GroupAnswer(call, rulesOfCall(rules, options)))
    },
    ...(members.some((member) => member.embed !== undefined) && { embed }),
    ...(members.some((member) => member.models !== undefined) && { models }),
  }
  // One that is asked alone makes no attempts but its own: whoever calls it may ask it again.
  const [only, ...others] = providers
  return others.length === 0 && only !== undefined && ownAttempts(only) === undefined
    ? group
    : markAttempts(group, rules)
}
