import { ChatError, type ChatEvent, pipe, type Provider, withModel } from '@rivulet/core'
import {
  type ChatStream,
  extraKeys,
  failedStream,
  ignoreRejection,
  isRecord,
  mapBatches,
  markAttempts,
  onlyExtra,
  shown,
  trustedStream,
  wrap,
} from '@rivulet/core/provider'
import { memberBreakers } from './breaker/member-breakers.ts'
import { prefillOf } from './continue/prefill.ts'
import { refuseWhatItCannotTake } from './engine/capability.ts'
import { eachModelOnce, modelLists } from './engine/group-models.ts'
import { type GroupOptions, groupRules } from './engine/group-options.ts'
import { checkMembers, groupInfo, isProvider } from './engine/members.ts'
import type { ModelDirectory, ModelRoute } from './engine/model-directory.ts'
import { type Aliases, ModelNames } from './engine/model-names.ts'
import { PatternDirectory } from './engine/pattern-directory.ts'
import { failover } from './failover.ts'
import { LruMap } from './stats/lru-map.ts'

/** Providers by the name of a model, or by a pattern in which `*` stands for anything. */
export type Routes = Readonly<Record<string, Provider | readonly Provider[]>>

export interface RouteOptions extends GroupOptions {
  /**
   * Names of your own for models: each for one or more, which are asked in order.
   * @example { best: ['gpt-4', 'claude-3-opus'] }
   */
  aliases?: Aliases | undefined
  /**
   * Makes one provider of those that serve a name, in order. Called once for each name, while the name is in use.
   * @default failover()
   * @example (members, options) => hedge(members, { ...options, afterMs: 800 })
   */
  group?: ((members: readonly Provider[], options: GroupOptions) => Provider) | undefined
}

const OWN_OPTIONS: Readonly<Record<Exclude<keyof RouteOptions, keyof GroupOptions>, true>> = {
  aliases: true,
  group: true,
}

/** A pattern lets callers ask for any name: groups of more names than this are not kept. */
const MAX_GROUPS = 1_000

/**
 * By the model's name: the exact name first, then the longest pattern that fits; `'*'` takes the rest. Several providers of a
 * name are a `failover()`, or what `group` makes of them. A request with images, files or tools goes only to members that can
 * take it. In place of names and patterns, a {@link ModelDirectory} may say which provider serves a model.
 *
 * `embed()` goes by the model too. `models()` lists what the providers that answer serve under a name that is routed to them.
 *
 * @throws TypeError at once for an alias of a model that no route serves, and at the call when no member of a model can take
 * the request.
 * @throws ChatError `not-found` for a name that no provider serves: it says what would work.
 * @example
 * const routed = route({ 'gpt-4': lockchat(), 'claude-*': [anthropic(), liaobots()], '*': gravityengine() })
 */
export function route(routes: Routes | ModelDirectory, options: RouteOptions = {}): Provider {
  const rules = groupRules('route', options, OWN_OPTIONS)
  const { aliases = {}, group = failover, breaker: _, ...given } = options
  const { id } = rules
  const directory = isDirectory(routes) ? routes : new PatternDirectory(routes)
  const providers = checkMembers(id, directory.providers)
  const names = new ModelNames(directory, aliases)
  // What a directory serves may change; routes don't.
  if (directory !== routes) names.checkAliases('route')

  const member = rules.breaker === undefined ? (provider: Provider) => provider : memberBreakers(rules.breaker)
  // In their order, so that equal ids are told apart alike in every process that shares a store.
  const members = providers.map(member)
  // A request without a model can't be routed: the first member says what is wrong with it.
  const unrouted = failover(members, { ...given, id })
  // Kept, because what a group has learnt of its members is for the next request too.
  const groups = new LruMap(MAX_GROUPS, (name) => {
    const routes = names.routesTo(name)
    // A breaker protects callers who can ask another one: the only one is always asked.
    const asked = routes.length > 1 ? member : (provider: Provider) => provider
    const serving = routes.map((to) =>
      servedAs(name, { ...to, provider: asked(to.provider) }, names.servedElsewhere(to)),
    )
    return serving.length === 0 ? undefined : checkGroup(id, group(serving, { ...given, id }))
  })
  const groupFor = (request: unknown): Provider | ChatError => {
    const { model } = (request ?? {}) as { model?: unknown }
    return typeof model === 'string' ? (groups.get(model) ?? names.notFound(id, model)) : unrouted
  }

  const models = eachModelOnce([directory.models, Object.keys(aliases).map((alias) => ({ id: alias }))])
  const embed: Provider['embed'] = async (request, call) => {
    const found = groupFor(request)
    if (found instanceof ChatError) throw found
    if (found.embed !== undefined) return found.embed(request, call)
    const words = `${id}: no provider of model "${shown(request.model)}" has embeddings.`
    throw new ChatError('unsupported', words, { provider: id })
  }
  const listModels: Provider['models'] = async (call) => {
    const lists = await modelLists(members, rules, call)
    const isRouted = (provider: Provider | undefined, name: string): boolean =>
      directory.routesTo(name).some((to) => to.provider === provider && to.model === name)
    return eachModelOnce(lists.map((list, index) => list.filter((model) => isRouted(providers[index], model.id))))
  }
  const info = { ...groupInfo('Route', providers), models }
  const routed: Provider = {
    id,
    info,
    stream(request, call) {
      const found = groupFor(request)
      if (found instanceof ChatError) return failedStream(call?.signal, found)
      // A key may be known to the providers of another model only.
      const own = isRecord(request) ? onlyExtra(id, request, extraKeys(found), extraKeys({ id, info })) : request
      return found.stream(own, call)
    },
    ...(providers.some((provider) => provider.embed !== undefined) && { embed }),
    ...(providers.some((provider) => provider.models !== undefined) && { models: listModels }),
  }
  return markAttempts(routed, rules)
}

/** What the caller's function made. @throws TypeError for anything but a provider. */
function checkGroup(id: string, made: unknown): Provider {
  if (isProvider(made)) return made
  ignoreRejection(made)
  throw new TypeError(
    `${id}: group() must give a provider, as in group: (members, options) => failover(members, options).`,
  )
}

const isDirectory = (routes: unknown): routes is ModelDirectory =>
  isRecord(routes) && typeof routes.routesTo === 'function'

/** A member under its own name for the model. Its group knows the caller's name only, so what it can take is checked here. */
function servedAs(name: string, { provider, model }: ModelRoute, elsewhere: string | undefined): Provider {
  if (name === model) return provider
  const renamed = pipe(provider, withModel(model))
  return wrap(renamed, {
    info: { ...provider.info, prefill: prefillOf(provider.info, model) },
    stream(request, call) {
      refuseWhatItCannotTake(provider, { ...request, model })
      const stream = renamed.stream(request, call)
      return elsewhere === undefined ? stream : sayingWhere(elsewhere, stream, call?.signal)
    },
  })
}

/** The stream of a provider that may not have the model. If it says so, the failure says who has it. */
function sayingWhere(elsewhere: string, stream: AsyncIterable<ChatEvent>, signal: AbortSignal | undefined): ChatStream {
  const error = (failure: unknown): void => {
    if (!(failure instanceof ChatError) || failure.code !== 'not-found') return
    const { code, message, provider, status } = failure
    throw new ChatError(code, `${message.replace(/\.?$/, '.')} ${elsewhere}`, { provider, status, cause: failure })
  }
  return trustedStream(signal, () => mapBatches(stream, { signal, error }))
}
