import { type CallOptions, ChatError, type ChatEvent, type Provider, type ProviderOptions } from '@rivulet/core'
import { mapBatches, markAttempts, ownAttempts, trustedStream, wrap } from '@rivulet/core/provider'
import { KNOWN_PROVIDERS, openaiCompatible } from 'rivulet'
import type { ReadConfig } from './read-config.ts'
import type { ProviderConfig } from './schema.ts'

/** The providers of a configuration, in its order. What is wrong with one is a problem at its place. */
export function configuredProviders({ config, problemAt }: ReadConfig): Provider[] {
  return Object.entries(config.providers).flatMap(([id, options]) => {
    try {
      return [providerOf(id, options)]
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      problemAt(['providers', id], `is wrong: ${error.message}`)
      return []
    }
  })
}

/** @throws TypeError for what the factory does not take. */
function providerOf(id: string, { type = id, models, ...options }: ProviderConfig): Provider {
  const made = named(id, factoryOf(type)(options))
  if (models === undefined) return made
  const known = new Map(made.info.models.map((model) => [model.id, model]))
  return wrap(made, { info: { ...made.info, models: models.map((name) => known.get(name) ?? { id: name }) } })
}

function factoryOf(type: string): (options: ProviderOptions) => Provider {
  // It requires a base URL, and says so.
  if (type === 'openai-compatible') return openaiCompatible as (options: ProviderOptions) => Provider
  const known = KNOWN_PROVIDERS.find((each) => each.id === type)
  if (known === undefined)
    throw new TypeError(`"${type}" is not a type of provider: add a type, such as openai-compatible.`)
  return known.create
}

/** A provider under an id of the configuration: two accounts of one vendor are told apart in answers and errors. */
function named(id: string, provider: Provider): Provider {
  const { id: old } = provider
  if (id === old) return provider
  const own = ownAttempts(provider)
  const embed = provider.embed?.bind(provider)
  const models = provider.models?.bind(provider)
  // A credential under the old id is for another provider, which has that id here.
  const callOf = (call: CallOptions | undefined): CallOptions | undefined => {
    if (call?.credentials === undefined) return call
    const own = Object.hasOwn(call.credentials, id) ? call.credentials[id] : undefined
    return { ...call, credentials: own === undefined ? undefined : { [old]: own } }
  }
  const renamed: Provider = {
    id,
    info: {
      ...provider.info,
      credentials: provider.info.credentials?.map((each) => (each.id === old ? { ...each, id } : each)),
    },
    stream(request, call) {
      const inner = provider.stream(request, callOf(call))
      const batch = (events: readonly ChatEvent[]): readonly ChatEvent[] =>
        events.some(({ type }) => type === 'start')
          ? events.map((event) => (event.type === 'start' ? { ...event, provider: id } : event))
          : events
      const error = (failure: unknown): never => {
        throw renamedError(failure, old, id)
      }
      return trustedStream(call?.signal, () => mapBatches(inner, { signal: call?.signal, batch, error }))
    },
    ...(models !== undefined && { models: (call) => models(callOf(call)) }),
    ...(embed !== undefined && {
      embed: (request, call) =>
        embed(request, callOf(call)).catch((failure: unknown) => {
          throw renamedError(failure, old, id)
        }),
    }),
  }
  return own === undefined ? renamed : markAttempts(renamed, own)
}

function renamedError(failure: unknown, old: string, id: string): unknown {
  if (!(failure instanceof ChatError) || failure.provider !== old) return failure
  const { code, message, status, retryAfterMs, partial, attempts } = failure
  const words = message.startsWith(`${old}: `) ? id + message.slice(old.length) : message
  return new ChatError(code, words, { provider: id, status, retryAfterMs, partial, attempts, cause: failure.cause })
}
