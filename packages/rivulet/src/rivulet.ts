import {
  type CallOptions,
  ChatError,
  type ChatEvent,
  type ChatRequest,
  type ChatResult,
  collect,
  withModel as askFor,
  pipe,
  type Provider,
  textOf,
} from '@rivulet/core'
import { chatStream, checkOptions } from '@rivulet/core/provider'
import { failover, type GroupOptions, circuitBreaker, memoryBreakerStore } from '@rivulet/router'
import { type Aliases, Catalog, type ServedModel } from './catalog.ts'
import { KNOWN_PROVIDERS, providersFromEnv } from './known-providers.ts'

export interface RivuletOptions extends Omit<GroupOptions, 'id' | 'breaker'> {
  /** Who may be asked, in order. Any `Provider` will do, also a group. */
  providers: readonly Provider[]
  /**
   * Names of one's own for models.
   * @example { best: 'gpt-4', cheap: ['gravityengine/gpt-3.5-turbo-16k', 'gpt-3.5-turbo'] }
   */
  aliases?: Aliases | undefined
  /** The model of `text()` and `complete()` when none is named. @default the first model of the first provider */
  model?: string | undefined
  /**
   * Lets a provider rest that fails again and again, or that asks to be left alone: see `circuitBreaker()` of `@rivulet/router`.
   * `false`: everyone is always asked. @default its defaults
   */
  breaker?: GroupOptions['breaker'] | false | undefined
  /**
   * Makes one provider of those who serve a model, in order.
   * @default failover()
   * @example (members, options) => hedge(members, { ...options, afterMs: 800 })
   */
  group?: ((members: Provider[], options: GroupOptions) => Provider) | undefined
}

/** A question: a request whose model may be left out, or the one message of a conversation. */
export type Question = string | (Omit<ChatRequest, 'model'> & { model?: string })

/** Many providers as one. */
export interface Rivulet extends Provider {
  readonly providers: readonly Provider[]
  /** Who serves what. */
  models(): Promise<ServedModel[]>
  /** The text of an answer, piece by piece. */
  text(question: Question, options?: CallOptions): AsyncIterable<string>
  /** A whole answer. */
  complete(question: Question, options?: CallOptions): Promise<ChatResult>
}

/** Any name may be asked for behind a provider's: more groups than this are not kept. */
const MAX_GROUPS = 1_000

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
 * Many providers as one: a request goes to those who serve its model, in order, and the next takes over when one fails
 * before its first content. The model is a name (`'gpt-4'`), a name of one provider's (`'lockchat/gpt-4'`), or an alias.
 *
 * @throws TypeError when there is no provider, or for an option that is unknown or of a wrong type.
 * @example
 * const river = rivulet({ providers: [lockchat(), liaobots({ auth })] })
 * for await (const text of river.text('Why is the sky blue?')) process.stdout.write(text)
 */
export function rivulet(options: RivuletOptions): Rivulet {
  checkOptions('rivulet', options, OPTIONS)
  const {
    providers = [],
    aliases = {},
    model,
    breaker: breaker = {},
    group = failover,
    ...given
  } = options as Partial<RivuletOptions>
  const rules = { ...given, id: 'rivulet' }
  if (providers.length === 0) {
    throw new TypeError('rivulet: no providers. Give providers: [lockchat()], or take rivulet.fromEnv().')
  }
  // A group of all is made for what it says of itself, and for its check of the members.
  const all = failover(providers, rules)
  const catalog = new Catalog(breaker === false ? providers : guarded(providers, breaker), aliases)
  const usual = model ?? providers[0]?.info.models[0]?.id

  const stream = (request: ChatRequest, call?: CallOptions): AsyncIterable<ChatEvent> => {
    // Without a model there is nothing to route: the first member says what is wrong with such a request.
    if (typeof (request as Partial<ChatRequest> | null)?.model !== 'string') return all.stream(request, call)
    const asked = groupFor(request.model)
    return asked instanceof ChatError ? failing(asked, call) : asked.stream(request, call)
  }

  // What a group has learnt of its members is for the next request too.
  const groups = new Map<string, Provider>()

  const groupFor = (name: string): Provider | ChatError => {
    const known = groups.get(name)
    if (known !== undefined) return known
    try {
      const members = catalog.routes(name).map((route) => pipe(route.provider, askFor(route.model)))
      const made = group(members, rules)
      const [oldest] = groups.keys()
      if (oldest !== undefined && groups.size >= MAX_GROUPS) groups.delete(oldest)
      groups.set(name, made)
      return made
    } catch (error) {
      if (error instanceof ChatError) return error
      throw error
    }
  }

  const requestOf = (question: Question): ChatRequest => {
    const asked = typeof question === 'string' ? { messages: [{ role: 'user' as const, content: question }] } : question
    if (asked.model === undefined && usual === undefined) {
      throw new TypeError('rivulet: no model is named, and no provider names one. Set the model option.')
    }
    return { model: usual ?? '', ...asked }
  }

  return {
    id: 'rivulet',
    info: { ...all.info, name: 'Rivulet' },
    providers,
    stream,
    models: () => Promise.resolve(catalog.models()),
    text: (question, call) => textOf(stream(requestOf(question), call)),
    complete: async (question, call) => collect(stream(requestOf(question), call)),
  }
}

/** Each provider with a breaker of its own, told apart also where two have one id; what is known of them outlives a call. */
function guarded(providers: readonly Provider[], options: NonNullable<GroupOptions['breaker']>): Provider[] {
  const store = options.store ?? memoryBreakerStore()
  return providers.map((provider, index) => {
    const twins = providers.slice(0, index).filter(({ id }) => id === provider.id).length
    const member = twins === 0 ? provider.id : `${provider.id}#${twins + 1}`
    return pipe(provider, circuitBreaker({ ...options, store, member }))
  })
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

function failing(error: ChatError, call: CallOptions | undefined): AsyncIterable<ChatEvent> {
  return chatStream(call?.signal, () => ({ next: () => Promise.reject(error), close: () => undefined }))
}
