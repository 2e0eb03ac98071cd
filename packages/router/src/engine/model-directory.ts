import type { Model, Provider } from '@rivulet/core'

/** A provider that serves a model, and its own name for it. */
export interface ModelRoute {
  /** Who is asked. */
  provider: Provider
  /** The name that it is asked for. */
  model: string
}

/**
 * Which provider serves which model: for `route()`, where a record of names and patterns does not say it. Its providers and
 * models are read once; the rest is asked for each new name.
 */
export interface ModelDirectory {
  /** Each once, in order. Each has one circuit breaker per model, however many names lead to it. */
  readonly providers: readonly Provider[]
  /** What can be asked for, as `info.models`. */
  readonly models: readonly Model[]
  /** The providers that serve a model, in the order in which they are asked; none for a name that is not known. */
  routesTo(model: string): readonly ModelRoute[]
  /** What can be asked for, as an error message lists it and suggests it: names and patterns. */
  names(): readonly string[]
}
