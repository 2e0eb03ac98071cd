import { type CallOptions, type ChatRequest, type ChatResult, collect, type Provider, textOf } from '@rivulet/core'
import { checkOptions, didYouMean, isRecord } from '@rivulet/core/provider'
import { type GroupOptions, route, type RouteOptions } from '@rivulet/router'
import { Catalog, type ServedModel } from './catalog.ts'
import { KNOWN_PROVIDERS, providersFromEnv } from './known-providers.ts'

export interface RivuletOptions extends Omit<RouteOptions, 'id' | 'breaker'> {
  /** In the order in which they are asked. Any `Provider` will do, also a group. */
  providers: readonly Provider[]
  /**
   * Names of your own for models. What an alias names and no provider serves is passed over.
   * @example { best: 'gpt-4', cheap: ['gravityengine/gpt-3.5-turbo-16k', 'gpt-3.5-turbo'] }
   */
  aliases?: RouteOptions['aliases']
  /** The model of `text()` and `complete()` when none is named. @default the first model of the first provider */
  model?: string | undefined
  /**
   * A circuit breaker for each provider: while it is open, the provider is not asked. See `circuitBreaker()` of
   * `@rivulet/router`. `false`: none. @default its defaults
   */
  breaker?: GroupOptions['breaker'] | false | undefined
}

/** A question: a request whose model may be left out, or the one message of a conversation. */
export type Question = string | (Omit<ChatRequest, 'model'> & { model?: string | undefined })

/** Many providers as one. */
export interface Rivulet extends Provider {
  readonly providers: readonly Provider[]
  /** Which providers serve which models, by their own lists: asks no endpoint. */
  models(): Promise<ServedModel[]>
  /** The text of an answer, piece by piece. */
  text(question: Question, options?: CallOptions): AsyncIterable<string>
  /** A whole answer. */
  complete(question: Question, options?: CallOptions): Promise<ChatResult>
}

/** By type, so that none is missing. */
const OPTIONS: Readonly<Record<keyof RivuletOptions, true>> = {
  providers: true,
  aliases: true,
  model: true,
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
  const { providers, model, breaker = {}, ...rules } = options
  if (!isList(providers) || providers.length === 0) {
    throw new TypeError(
      'rivulet: providers must be an array of at least one, as in [lockchat()]; rivulet.fromEnv() takes those of the environment.',
    )
  }
  const catalog = new Catalog(providers)
  const routed = route(catalog, { ...rules, id: 'rivulet', breaker: breaker === false ? undefined : breaker })
  checkAliases(catalog, rules.aliases)
  const usual = model ?? catalog.providers[0]?.info.models[0]?.id

  const requestOf = (question: Question): ChatRequest => {
    if (typeof question !== 'string' && !isRecord(question)) {
      throw new TypeError(
        "rivulet: ask a text, or a request, as in { messages: [{ role: 'user', content: 'Hello' }] }.",
      )
    }
    const given = typeof question === 'string' ? { messages: [{ role: 'user' as const, content: question }] } : question
    const named = given.model ?? usual
    if (named === undefined) {
      throw new TypeError('rivulet: no model is named, and the first provider lists none. Set the model option.')
    }
    return { ...given, model: named }
  }

  const embed = routed.embed?.bind(routed)
  return {
    id: routed.id,
    info: { ...routed.info, name: 'Rivulet' },
    providers: catalog.providers,
    stream: (request, call) => routed.stream(request, call),
    ...(embed && { embed }),
    models: () => Promise.resolve([...catalog.models]),
    text: (question, call) => textOf(routed.stream(requestOf(question), call)),
    complete: async (question, call) => collect(routed.stream(requestOf(question), call)),
  }
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
