import { type Model, pipe, type Provider } from '@rivulet/core'
import { didYouMean, wrap } from '@rivulet/core/provider'
import { balance, failover, hedge, memoryBreakerStore, type Rivulet, rivulet, type RivuletOptions } from 'rivulet'
import type { RiverSetup } from '../river.ts'
import { configuredProviders } from './configured-providers.ts'
import type { ReadConfig } from './read-config.ts'
import type { ModelConfig } from './schema.ts'

/**
 * A configuration as one provider: a model of its own goes to the model's members by its policy, every other one to the providers
 * that list it.
 *
 * @param setup `layer`: around each provider. `store`: of the circuit breakers.
 * @throws UsageError with a line for each problem.
 */
export function configuredRiver(read: ReadConfig, { layer, store }: RiverSetup = {}): Provider {
  const { config, problems, problemAt } = read
  const { models = {}, auth } = config
  const made = configuredProviders(read)
  const providers = layer === undefined ? made : made.map((provider) => pipe(provider, layer))
  const ids = Object.keys(config.providers)
  for (const [name, { members, policy, afterMs }] of Object.entries(models)) {
    for (const [index, member] of members.entries()) {
      const [id = '', model = ''] = partsOf(member)
      if (ids.includes(id) && model !== '') continue
      const hint = didYouMean(id, ids)
      const example = `${ids[0] ?? ''}/${model || id || 'model'}`
      problemAt(
        ['models', name, 'members', index],
        `names no provider and its model: expected one like ${example}.${hint}`,
      )
    }
    if (afterMs !== undefined && policy !== 'hedge') problemAt(['models', name, 'afterMs'], 'needs the policy hedge')
  }
  if (auth !== undefined && !ids.includes(auth.client)) {
    problemAt(
      ['auth', 'client'],
      `names no provider: expected one of ${ids.join(', ')}.${didYouMean(auth.client, ids)}`,
    )
  }
  problems.check()

  // One store: what a breaker has learned for one of these models holds for all.
  const breaker = { store: store ?? memoryBreakerStore() }
  const base = rivulet({ providers, breaker })
  const own = new Map(
    Object.entries(models).map(([name, model]) => [
      name,
      rivulet({ providers, breaker, aliases: { [name]: model.members }, group: groupOf(model) }),
    ]),
  )
  const names = Object.keys(models)
  const listed = base.info.models.filter(({ id }) => !names.includes(id))
  const known = (member: string): Model | undefined => {
    const [id, model] = partsOf(member)
    return providers.find((each) => each.id === id)?.info.models.find((each) => each.id === model)
  }
  const ours = Object.entries(models).map(([id, { members }]) => ({ id, ...leastOf(members.map(known)) }))
  const all: Model[] = [...ours, ...listed]
  const riverOf = (model: string): Rivulet => own.get(model) ?? base
  return wrap(base, {
    info: { ...base.info, models: all },
    models: () => Promise.resolve(all),
    stream: (request, call) => riverOf(request.model).stream(request, call),
    embed: (request, call) => riverOf(request.model).embed(request, call),
  })
}

/** Of `'openrouter/openai/gpt-6-luna'`, the id and the rest. */
function partsOf(member: string): string[] {
  const slash = member.indexOf('/')
  return slash < 0 ? [member] : [member.slice(0, slash), member.slice(slash + 1)]
}

/** The limits that hold whichever member answers; none where one of them is unknown. */
function leastOf(members: readonly (Model | undefined)[]): Pick<Model, 'contextTokens' | 'outputTokens'> {
  const least = (name: 'contextTokens' | 'outputTokens'): number =>
    Math.min(...members.map((each) => each?.[name] ?? NaN))
  const [contextTokens, outputTokens] = [least('contextTokens'), least('outputTokens')]
  return { ...(contextTokens > 0 && { contextTokens }), ...(outputTokens > 0 && { outputTokens }) }
}

const groupOf =
  ({ policy = 'failover', afterMs = 2_000 }: ModelConfig): NonNullable<RivuletOptions['group']> =>
  (members, options) => {
    if (policy === 'failover') return failover(members, options)
    return policy === 'hedge' ? hedge(members, { ...options, afterMs }) : balance(members, { ...options, by: policy })
  }
