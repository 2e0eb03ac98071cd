import type { Model, Provider } from '@rivulet/core'
import type { ModelDirectory, ModelRoute } from './model-directory.ts'
import { checkMembers, groupInfo, isProvider } from './members.ts'

/** The providers of a model's name, or of a pattern in which `*` stands for anything. */
interface Entry {
  name: string
  fits: (model: string) => boolean
  providers: readonly Provider[]
}

/** Names and patterns: the exact name first, then the longest pattern that fits; of patterns of one length, the first. */
export class PatternDirectory implements ModelDirectory {
  readonly providers: readonly Provider[]
  readonly models: readonly Model[]
  readonly #entries: readonly Entry[]
  /** By name: there may be thousands. */
  readonly #exact: ReadonlyMap<string, Entry>
  /** The longest first. */
  readonly #patterns: readonly Entry[]

  /** @throws TypeError for anything but providers by name. */
  constructor(routes: unknown) {
    this.#entries = entriesOf(routes)
    const patterns = this.#entries.filter(({ name }) => name.includes('*'))
    this.#patterns = patterns.toSorted((one, other) => literalLength(other.name) - literalLength(one.name))
    this.#exact = new Map(this.#entries.filter(({ name }) => !name.includes('*')).map((entry) => [entry.name, entry]))
    this.providers = [...new Set(this.#entries.flatMap(({ providers }) => providers))]
    this.models = this.#models()
  }

  routesTo(model: string): readonly ModelRoute[] {
    return this.#entryFor(model)?.providers.map((provider) => ({ provider, model })) ?? []
  }

  names(): readonly string[] {
    return this.#entries.map(({ name }) => name)
  }

  #entryFor(model: string): Entry | undefined {
    return this.#exact.get(model) ?? this.#patterns.find(({ fits }) => fits(model))
  }

  /** Of each entry, the models that its providers list under such a name; an exact name also where none lists it. */
  #models(): readonly Model[] {
    const models = new Map<string, Model>()
    for (const entry of this.#entries) {
      const { name, fits, providers } = entry
      const known = groupInfo('', providers).models.filter(({ id }) => fits(id))
      if (known.length === 0 && !name.includes('*')) models.set(name, { id: name })
      for (const model of known) if (this.#entryFor(model.id) === entry) models.set(model.id, model)
    }
    return [...models.values()]
  }
}

function entriesOf(routes: unknown): readonly Entry[] {
  if (typeof routes !== 'object' || routes === null || isProvider(routes) || Array.isArray(routes)) {
    throw new TypeError(`route: give providers by model, as in route({ 'gpt-4': lockchat(), '*': gravityengine() }).`)
  }
  const entries = Object.entries(routes).map(([name, given]: [string, unknown]): Entry => ({
    name,
    fits: fitting(name),
    providers: checkMembers('route', isProvider(given) ? [given] : given),
  }))
  if (entries.length === 0) {
    throw new TypeError(`route: no routes: give at least one, as in route({ '*': lockchat() }).`)
  }
  return entries
}

/** A name, or a pattern. The first place of each part is taken: an expression would try all of them, in quadratic time. */
function fitting(pattern: string): (model: string) => boolean {
  const [first = '', ...parts] = pattern.split('*')
  const last = parts.pop()
  if (last === undefined) return (model) => model === pattern
  return (model) => {
    const end = model.length - last.length
    if (end < first.length || !model.startsWith(first) || !model.endsWith(last)) return false
    let at = first.length
    for (const part of parts) {
      const found = model.indexOf(part, at)
      if (found === -1 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}

const literalLength = (pattern: string): number => pattern.replaceAll('*', '').length
