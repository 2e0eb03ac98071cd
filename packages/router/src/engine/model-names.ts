import { ChatError } from '@rivulet/core'
import { didYouMean, shown } from '@rivulet/core/provider'
import type { ModelDirectory, ModelRoute } from './model-directory.ts'

/** Names of your own for models: each for one or more, in the order in which they are asked. */
export type Aliases = Readonly<Record<string, string | readonly string[]>>

/** The most names that a message lists: a catalog has hundreds. */
const MAX_NAMES = 40

/** Every name that can be asked for: the aliases and those of a directory. */
export class ModelNames {
  readonly #directory: ModelDirectory
  readonly #aliases: Aliases

  constructor(directory: ModelDirectory, aliases: Aliases) {
    this.#directory = directory
    this.#aliases = aliases
  }

  /** The routes to a name, in order; none for a name that is not known. Of an alias, the routes to all its models. */
  routesTo(name: string): readonly ModelRoute[] {
    return (this.#targets(name) ?? [name]).flatMap((target) => this.#directory.routesTo(target))
  }

  /** @throws TypeError for an alias of a model that no provider serves. */
  checkAliases(who: string): void {
    for (const alias of Object.keys(this.#aliases)) {
      const unserved = this.#targets(alias)?.find((target) => this.#directory.routesTo(target).length === 0)
      if (unserved !== undefined) throw new TypeError(`${who}: ${this.#unservedAlias(alias, [unserved])}`)
    }
  }

  /** Says what would work. */
  notFound(id: string, name: string): ChatError {
    const targets = this.#targets(name)
    const names = [...Object.keys(this.#aliases), ...this.#directory.names()]
    const words =
      targets === undefined
        ? `no provider serves model "${shown(name)}".${this.#meant(name, names)} Models: ${listed(names)}.`
        : this.#unservedAlias(name, targets)
    return new ChatError('not-found', `${id}: ${words}`, { provider: id })
  }

  /**
   * What is said of a model that a provider does not list, although another one serves it under that name; `undefined` for a
   * model that it lists, and for one that no other serves.
   */
  servedElsewhere({ provider, model }: ModelRoute): string | undefined {
    if (provider.info.models.some(({ id }) => id === model)) return undefined
    const others = this.#directory.routesTo(model).filter((to) => to.provider !== provider && to.model === model)
    return others.length === 0 ? undefined : `${shown(model)} is served by ${idsOf(others)}.`
  }

  /** A name may have a prefix that no provider has, and after it a model that one serves. */
  #meant(name: string, names: readonly string[]): string {
    const model = name.slice(name.indexOf('/') + 1)
    const routes = this.#directory.routesTo(model)
    if (routes.length > 0) return ` Did you mean "${shown(model)}", which is served by ${idsOf(routes)}?`
    return didYouMean(name, names) || didYouMean(model, names)
  }

  #targets(name: string): readonly string[] | undefined {
    return Object.hasOwn(this.#aliases, name) ? [this.#aliases[name] ?? []].flat() : undefined
  }

  #unservedAlias(alias: string, targets: readonly string[]): string {
    const names = this.#directory.names()
    const quoted = targets.map((target) => `"${shown(target)}"`).join(' and ')
    const [first = ''] = targets
    return `alias "${shown(alias)}" names ${quoted}, which no provider serves.${didYouMean(first, names)} Models: ${listed(names)}.`
  }
}

const idsOf = (routes: readonly ModelRoute[]): string => listed([...new Set(routes.map(({ provider }) => provider.id))])

const listed = (names: readonly string[]): string =>
  names.length <= MAX_NAMES
    ? names.join(', ')
    : `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`
