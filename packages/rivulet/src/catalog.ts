import { ChatError, type Model, type Provider } from '@rivulet/core'
import { didYouMean } from '@rivulet/core/provider'

/** A model, and who serves it. */
export interface ServedModel extends Model {
  /** Ids of its providers, in the order in which they are asked. */
  providers: string[]
}

/** Names of one's own for models: each stands for one or more, in the order in which they are asked. */
export type Aliases = Readonly<Record<string, string | readonly string[]>>

/** A provider, and the name by which it knows the model. */
export interface Route {
  provider: Provider
  model: string
}

/** Who serves what. */
export class Catalog {
  readonly #providers: readonly Provider[]
  readonly #aliases: Aliases
  /** Who lists a model, by its name: a request looks itself up, however long the lists are. */
  readonly #serving = new Map<string, Provider[]>()

  constructor(providers: readonly Provider[], aliases: Aliases) {
    this.#providers = providers
    this.#aliases = aliases
    for (const provider of providers) {
      for (const id of new Set(provider.info.models.map((model) => model.id))) {
        const serving = this.#serving.get(id)
        if (serving === undefined) this.#serving.set(id, [provider])
        else serving.push(provider)
      }
    }
  }

  /** Every model by its name, with all who serve it. */
  models(): ServedModel[] {
    const served = new Map<string, ServedModel>()
    for (const { id, info } of this.#providers) {
      for (const model of info.models) {
        const known = served.get(model.id)
        if (known === undefined) served.set(model.id, { ...model, providers: [id] })
        else known.providers.push(id)
      }
    }
    return [...served.values()]
  }

  /**
   * Who is asked for a name, in order: an alias, `'provider/model'`, or a model's name.
   *
   * @throws ChatError `not-found` that names what would work.
   */
  routes(name: string): Route[] {
    const targets = Object.hasOwn(this.#aliases, name) ? [this.#aliases[name] ?? []].flat() : [name]
    const routes = targets.flatMap((target) => this.#routesTo(target))
    if (routes.length > 0) return routes
    const names = [...Object.keys(this.#aliases), ...this.models().map(({ id }) => id)]
    throw new ChatError(
      'not-found',
      `rivulet: nobody serves "${name}".${didYouMean(name, names)} Models: ${names.join(', ')}; or name a provider, as in "${this.#example()}".`,
    )
  }

  #routesTo(target: string): Route[] {
    const slash = target.indexOf('/')
    // A slash may also be part of a model's name: only a provider's id before it makes it a route.
    const named = this.#providers.filter(({ id }) => slash > 0 && id === target.slice(0, slash))
    // Who names a provider knows what it serves: its list may be older than its models.
    if (named.length > 0) return named.map((provider) => ({ provider, model: target.slice(slash + 1) }))
    return (this.#serving.get(target) ?? []).map((provider) => ({ provider, model: target }))
  }

  #example(): string {
    const [first] = this.#providers
    return `${first?.id ?? 'lockchat'}/${first?.info.models[0]?.id ?? 'gpt-4'}`
  }
}
