import { type CallOptions, type ChatRequest, type Model, pipe, type Provider } from '@rivulet/core'
import { chatStream } from '@rivulet/core/provider'
import { GroupCall } from './group-call.ts'
import { embedding } from './embed.ts'
import { groupInfo } from './members.ts'
import { GroupAnswer } from './group-answer.ts'
import type { GroupRules } from './group-options.ts'
import { circuitBreaker } from '../breaker/circuit-breaker.ts'
import { memoryBreakerStore } from '../breaker/breaker-store.ts'
import { namesOf } from './member-names.ts'
import type { Policy } from '../strategies/policy.ts'

/** A group: its members, the rules of one call, and the policy by which they are asked. */
export function makeGroup(
  kind: string,
  providers: readonly Provider[],
  rules: GroupRules,
  policyFor: (request: ChatRequest) => Policy,
): Provider {
  const members = rules.breaker === undefined ? providers : guarded(providers, rules.breaker)
  return {
    id: rules.id,
    info: groupInfo(kind, providers),
    stream(request, call) {
      // Whose request is no request is told so by the first member.
      const asking = new GroupCall(members, rules, policyFor(request), request, call)
      return chatStream(call?.signal, () => new GroupAnswer(asking, rules))
    },
    ...(providers.some((member) => member.embed !== undefined) && {
      // A policy asks a request for its model only.
      embed: (request, call) =>
        embedding(members, rules, policyFor({ model: request.model, messages: [] }), request, call),
    }),
    ...(providers.some((member) => member.models !== undefined) && { models: (call) => modelsOf(providers, call) }),
  }
}

/** What those serve that can be asked, each model once. */
async function modelsOf(providers: readonly Provider[], call: CallOptions | undefined): Promise<Model[]> {
  const lists = await Promise.all(providers.map(async (member) => (await member.models?.(call)) ?? []))
  return [...new Map(lists.flat().map((model) => [model.id, model])).values()]
}

/** Each member behind a circuit breaker of its own: two keys of one provider are two members. */
function guarded(providers: readonly Provider[], options: NonNullable<GroupRules['breaker']>): readonly Provider[] {
  const names = namesOf(providers)
  const store = options.store ?? memoryBreakerStore()
  return providers.map((member, index) => {
    const name = names[index] ?? member.id
    return pipe(
      member,
      circuitBreaker({ ...options, store, member: options.member === undefined ? name : `${options.member}/${name}` }),
    )
  })
}
