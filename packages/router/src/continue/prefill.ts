import type { ChatRequest, Model, Prefill, ProviderInfo } from '@rivulet/core'

/** Whether a provider continues the assistant's turn at the end of such a request. */
export function continuesTurn(info: ProviderInfo, { model, reasoning }: ChatRequest): boolean {
  const prefill = prefillOf(info, model)
  return typeof prefill === 'boolean' ? prefill : prefill.includes(reasoning ?? 'default')
}

/** What a provider says of a model: what it says of all, unless the model says it itself. */
export const prefillOf = (info: ProviderInfo, id: string): Prefill =>
  info.models.find((model) => model.id === id)?.prefill ?? info.prefill ?? false

/** What all of several continue: any of them may be asked. */
export function sharedPrefill(all: readonly Prefill[]): Prefill {
  const lists = all.filter((each) => each !== true)
  const [first = true] = lists
  if (typeof first === 'boolean') return first
  const shared = first.filter((effort) => lists.every((list) => list !== false && list.includes(effort)))
  return shared.length > 0 && shared
}

/** The models of a group, each with what all members continue of it. */
export function withSharedPrefill(models: readonly Model[], members: readonly ProviderInfo[]): readonly Model[] {
  if (members.every((info) => info.models.every(({ prefill }) => prefill === undefined))) return models
  return models.map((model) => ({ ...model, prefill: sharedPrefill(members.map((info) => prefillOf(info, model.id))) }))
}
