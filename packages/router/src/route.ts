import { ChatError, type ChatRequest, withModel as askFor, type Model, pipe, type Provider } from '@rivulet/core'
import { chatStream, didYouMean } from '@rivulet/core/provider'
import { failover } from './failover.ts'
import { checkMembers, groupInfo, isProvider } from './engine/members.ts'
import { type GroupOptions, groupRules } from './engine/group-options.ts'

/** Who serves a model: by its name, or by a pattern in which `*` stands for anything. */
export type Routes = Readonly<Record<string, Provider | readonly Provider[]>>

export interface RouteOptions extends GroupOptions {
  /**
   * Names of one's own for models: each stands for one or more, which are asked in order.
   * @example { best: ['gpt-4', 'claude-3-opus'] }
   */
  aliases?: Readonly<Record<string, string | readonly string[]>> | undefined
}

interface Entry {
  name: string
  fits: (model: string) => boolean
  provider: Provider
}

/** The routes as they are looked up: there may be thousands of names. */
interface Table {
  exact: ReadonlyMap<string, Entry>
  /** The longest first. */
  patterns: readonly Entry[]
}

/**
 * By the model's name: the exact name first, then the longest pattern that fits; `'*'` takes the rest. Several members are
 * a `failover()`. A request with images, files or tools goes only to members that can take it.
 *
 * @throws TypeError at the call when nobody who serves the model can take the request.
 * @throws ChatError `not-found` for a name that nobody serves: it names what would work.
 * @example
 * const routed = route({ 'gpt-4': lockchat(), 'claude-*': [anthropic(), liaobots()], '*': gravityengine() })
 */
export function route(routes: Routes, options: RouteOptions = {}): Provider {
  const { id } = groupRules('route', options, { aliases: true })
  const { aliases = {}, ...own } = options
  const entries = entriesOf(routes, { ...own, id })
  const table = tableOf(entries)
  const aliased = aliasedOf(entries, table, aliases, { ...own, id })
  const names = [...aliased.keys(), ...entries.map(({ name }) => name)]
  const all = entries.map(({ provider }) => provider)
  return {
    id,
    info: { ...groupInfo('Route', all), models: modelsOf(entries, table, [...aliased.keys()]) },
    stream(request, call) {
      const { model } = request as Partial<ChatRequest>
      // Without a model there is nothing to route: a member says what is wrong with such a request.
      const provider =
        typeof model === 'string' ? (aliased.get(model) ?? entryFor(table, model)?.provider) : entries[0]?.provider
      if (provider !== undefined) return provider.stream(request, call)
      const words = `nobody serves "${String(model)}".${didYouMean(String(model), names)} Models: ${names.join(', ')}.`
      const error = new ChatError('not-found', `${id}: ${words}`, { provider: id })
      return chatStream(call?.signal, () => ({ next: () => Promise.reject(error), close: () => undefined }))
    },
  }
}

function entriesOf(routes: Routes, options: GroupOptions): readonly Entry[] {
  if (typeof routes !== 'object' || (routes as unknown) === null || isProvider(routes) || Array.isArray(routes)) {
    throw new TypeError(`route: give providers by model, as in route({ 'gpt-4': lockchat(), '*': gravityengine() }).`)
  }
  const entries = Object.entries(routes).map(([name, served]): Entry => {
    const members = checkMembers('route', isProvider(served) ? [served] : served)
    return { name, fits: fitting(name), provider: failover(members, options) }
  })
  if (entries.length === 0)
    throw new TypeError(`route: no routes: give at least one, as in route({ '*': lockchat() }).`)
  return entries
}

/** A name, or a pattern as an expression. */
function fitting(pattern: string): (model: string) => boolean {
  if (!pattern.includes('*')) return (model) => model === pattern
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}$`, 's')
  return (model) => expression.test(model)
}

/** The exact name, or else the longest pattern that fits; of patterns of one length, the first. */
function entryFor({ exact, patterns }: Table, model: string): Entry | undefined {
  return exact.get(model) ?? patterns.find(({ fits }) => fits(model))
}

function tableOf(entries: readonly Entry[]): Table {
  const patterns = entries.filter(({ name }) => name.includes('*'))
  return {
    exact: new Map(entries.map((entry) => [entry.name, entry])),
    patterns: patterns.toSorted((one, other) => literal(other.name) - literal(one.name)),
  }
}

const literal = (pattern: string): number => pattern.replaceAll('*', '').length

function aliasedOf(
  entries: readonly Entry[],
  table: Table,
  aliases: NonNullable<RouteOptions['aliases']>,
  options: GroupOptions,
): ReadonlyMap<string, Provider> {
  // Each route has its breakers already.
  const { breaker: _, ...rest } = options
  const names = entries.map(({ name }) => name)
  return new Map(
    Object.entries(aliases).map(([alias, to]) => {
      const members = [to].flat().map((target) => {
        const entry = entryFor(table, target)
        if (entry !== undefined) return pipe(entry.provider, askFor(target))
        const words = `alias "${alias}" stands for "${target}", which nobody serves.${didYouMean(target, names)}`
        throw new TypeError(`route: ${words} Models: ${names.join(', ')}.`)
      })
      const [only] = members
      return [alias, members.length === 1 && only !== undefined ? only : failover(members, rest)]
    }),
  )
}

/** What can be asked for: of each route, the models that its members have under such a name; and the aliases. */
function modelsOf(entries: readonly Entry[], table: Table, aliases: readonly string[]): readonly Model[] {
  const models = new Map<string, Model>()
  for (const { name, fits, provider } of entries) {
    const known = provider.info.models.filter(({ id }) => fits(id))
    if (known.length === 0 && !name.includes('*')) models.set(name, { id: name })
    for (const model of known) if (entryFor(table, model.id)?.name === name) models.set(model.id, model)
  }
  for (const alias of aliases) if (!models.has(alias)) models.set(alias, { id: alias })
  return [...models.values()]
}
