import { type Chat, chat, type ChatOptions, type Provider, retry } from '@rivulet/core'
import { checkOptions, didYouMean, markAttempts, steady } from '@rivulet/core/provider'
import { failover, type GroupOptions, route, type RouteOptions } from '@rivulet/router'
import { Catalog, type ServedModel } from './catalog.ts'
import { KNOWN_PROVIDERS, providersFromEnv } from './known-providers.ts'

export interface RivuletOptions extends Omit<RouteOptions, 'id' | 'breaker' | 'onBreak'>, ChatOptions {
  /** In the order in which they are asked. Any `Provider` will do, also a group. */
  providers: readonly Provider[]
  /**
   * Names of your own for models. What an alias names and no provider serves is passed over.
   * @example { best: 'gpt-4', cheap: ['gravityengine/gpt-3.5-turbo-16k', 'gpt-3.5-turbo'] }
   */
  aliases?: RouteOptions['aliases']
  /**
   * A circuit breaker for each provider of a model that several serve: while it is open, the provider is not asked. See
   * `circuitBreaker()` of `@rivulet/router`. `false`: none. @default its defaults
   */
  breaker?: GroupOptions['breaker'] | false | undefined
}

/** Many providers as one. */
export interface Rivulet extends Omit<Chat, 'embed'>, Required<Provider> {
  /** In the order in which they are asked. */
  readonly providers: readonly Provider[]
  /** Which providers serve which models, by their own lists: asks no endpoint. */
  models(): Promise<ServedModel[]>
  /** Who would be asked for a model, in order, and why: for a person to read. Asks no endpoint. */
  routes(model: string): RouteTaken[]
}

/** A provider that would be asked. */
export interface RouteTaken {
  /** Its id. */
  provider: string
  /** The model's name there. */
  model: string
  /** Why: `'it lists "gpt-4"'`. */
  because: string
}

/** By type, so that none is missing. */
const OPTIONS: Readonly<Record<keyof RivuletOptions, true>> = {
  providers: true,
  aliases: true,
  model: true,
  retry: true,
  deadlines: true,
  breaker: true,
  group: true,
  onBreak: true,
  failoverWhen: true,
  onAttempt: true,
  totalMs: true,
  attempts: true,
  clock: true,
}

/**
 * Many providers as one: a request goes to those that serve its model, in order, and the next takes over when one fails before
 * its first content. The model is a name (`'gpt-4'`), a name of one provider's (`'lockchat/gpt-4'`), or an alias.
 *
 * @throws TypeError when there is no provider, for an alias of which no provider serves a model, or for an option that is unknown or of a wrong type. Streams throw as those of
 * `route()`.
 * @example
 * const river = rivulet({ providers: [lockchat(), liaobots({ auth })] })
 * for await (const text of river.text('Why is the sky blue?')) process.stdout.write(text)
 */
export function rivulet(options: RivuletOptions): Rivulet {
  checkOptions('rivulet', options, OPTIONS)
  const { providers, model, retry: retries, deadlines, breaker = {}, group = failover, ...rules } = options
  if (!isList(providers) || providers.length === 0) {
    throw new TypeError(
      'rivulet: providers must be an array of at least one, as in [lockchat()]; rivulet.fromEnv() takes those of the environment.',
    )
  }
  // Checked at once: what takes them is made for each model, when it is first asked for.
  const again = retries === false ? false : { onBreak: rules.onBreak, clock: rules.clock, ...retries }
  if (again !== false) retry(again)
  const catalog = new Catalog(providers)
  const river = steady(
    route(catalog, {
      ...rules,
      id: 'rivulet',
      breaker: breaker === false ? undefined : breaker,
      // The only provider of a model is asked again where several would be asked in turn.
      group: (members, given) =>
        members.length > 1
          ? group(members, given)
          : failover(
              members.map((member) => steady(member, { retry: again, deadlines })),
              given,
            ),
    }),
    { deadlines },
  )
  checkAliases(catalog, rules.aliases)
  const { complete, text, snapshots, object, run, embed } = chat(river, {
    model: model ?? catalog.providers[0]?.info.models[0]?.id,
    onBreak: rules.onBreak,
  })
  const made: Rivulet = {
    id: river.id,
    info: { ...river.info, name: 'Rivulet' },
    providers: catalog.providers,
    stream: (request, call) => river.stream(request, call),
    models: () => Promise.resolve([...catalog.models]),
    routes: (name) => routesTaken(catalog, rules.aliases, name),
    complete,
    text,
    snapshots,
    object,
    run,
    embed,
  }
  return markAttempts(made, { onBreak: rules.onBreak })
}

function routesTaken(catalog: Catalog, aliases: RouteOptions['aliases'] = {}, name: string): RouteTaken[] {
  const targets = Object.hasOwn(aliases, name) ? [aliases[name] ?? []].flat() : undefined
  const alias = targets && `alias "${name}" names "`
  return (targets ?? [name]).flatMap((target) =>
    catalog.routesTo(target).map(({ provider, model }) => {
      const lists = model === target ? `it lists "${model}"` : `"${target}" names it`
      return { provider: provider.id, model, because: alias === undefined ? lists : `${alias}${target}", and ${lists}` }
    }),
  )
}

/** Without the narrowing of `Array.isArray`, which makes a read-only list an `any[]`. */
const isList = (value: unknown): boolean => Array.isArray(value)

/** The providers' lists are known, so that an alias that leads nowhere is a mistake and not a matter of time. */
function checkAliases(catalog: Catalog, aliases: RouteOptions['aliases'] = {}): void {
  for (const [alias, targets] of Object.entries(aliases)) {
    const models = [targets].flat()
    if (models.some((model) => catalog.routesTo(model).length > 0)) continue
    const names = models.map((model) => `"${model}"`).join(' and ')
    const hint = didYouMean(models[0] ?? '', catalog.names())
    throw new TypeError(`rivulet: alias "${alias}" names ${names || 'no model'}, which no provider serves.${hint}`)
  }
}

/**
 * The providers that the environment configures, as one: those whose credential (`LOCKCHAT_AUTH`) or base URL
 * (`LOCKCHAT_BASE_URL`) is set. Read at the call.
 *
 * @throws TypeError when it configures none.
 */
rivulet.fromEnv = (options: Omit<RivuletOptions, 'providers'> = {}): Rivulet => {
  const providers = providersFromEnv()
  if (providers.length === 0) {
    const variables = KNOWN_PROVIDERS.flatMap(({ credentials, baseUrl }) => [...credentials, baseUrl])
    throw new TypeError(`rivulet.fromEnv: the environment configures no provider. Set one of ${variables.join(', ')}.`)
  }
  return rivulet({ ...options, providers })
}
