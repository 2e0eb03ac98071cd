import type { Model, Provider } from '@rivulet/core'
import type { ModelDirectory, ModelRoute } from '@rivulet/router'

/** A model, and the providers that serve it. */
export interface ServedModel extends Model {
  /** Ids of its providers, in the order in which they are asked. */
  providers: string[]
}

/**
 * Which provider serves which model, by what the providers list: a model's name leads to all that list it, in order, and
 * `'provider/model'` to that provider alone, which may serve more than its list says.
 */
export class Catalog implements ModelDirectory {
  readonly providers: readonly Provider[]
  #index: Index | undefined

  constructor(providers: readonly Provider[]) {
    this.providers = [...providers]
  }

  get models(): readonly ServedModel[] {
    return this.#indexed().models
  }

  routesTo(name: string): readonly ModelRoute[] {
    const { byId, byModel } = this.#indexed()
    const listed = byModel.get(name)
    // A slash may also be part of a model's name, as in "openai/gpt-oss-120b" of Groq: a listed name is not parted.
    if (listed !== undefined) return listed.map((provider) => ({ provider, model: name }))
    const slash = name.indexOf('/')
    const named = slash > 0 ? byId.get(name.slice(0, slash)) : undefined
    return (named ?? []).map((provider) => ({ provider, model: name.slice(slash + 1) }))
  }

  names(): readonly string[] {
    const { byId, models } = this.#indexed()
    return [...[...byId.keys()].map((id) => `${id}/*`), ...models.map(({ id }) => id)]
  }

  /** Built when it is first needed: `route()` has checked the providers by then. */
  #indexed(): Index {
    return (this.#index ??= indexOf(this.providers))
  }
}

/** What the providers list: a lookup costs the same however long the lists are. */
interface Index {
  byId: ReadonlyMap<string, readonly Provider[]>
  byModel: ReadonlyMap<string, readonly Provider[]>
  models: readonly ServedModel[]
}

function indexOf(providers: readonly Provider[]): Index {
  const byId = new Map<string, Provider[]>()
  const byModel = new Map<string, Provider[]>()
  const models = new Map<string, ServedModel>()
  for (const provider of providers) {
    byId.set(provider.id, [...(byId.get(provider.id) ?? []), provider])
    // A list may name a model twice.
    for (const model of new Map(provider.info.models.map((model) => [model.id, model])).values()) {
      byModel.set(model.id, [...(byModel.get(model.id) ?? []), provider])
      const known = models.get(model.id)
      if (known === undefined) models.set(model.id, { ...model, providers: [provider.id] })
      else known.providers.push(provider.id)
    }
  }
  return { byId, byModel, models: [...models.values()] }
}
