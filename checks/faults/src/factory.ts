import type { Provider, ProviderOptions } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** A provider package's factory. Not every provider has an `apiKey`. */
type Factory = (options: ProviderOptions & { apiKey?: string }) => Provider

/** The factory of a provider package: its name in camel case. @throws TypeError when there is none. */
export async function factoryOf(id: string): Promise<Factory> {
  const name = id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  // As in subjects.ts, for esbuild.
  const folder = `provider-${id}`
  const module: unknown = await import(`../../../packages/${folder}/src/index.ts`)
  const factory = isRecord(module) ? module[name] : undefined
  if (typeof factory !== 'function') throw new TypeError(`provider-${id} exports no ${name}().`)
  // A provider package exports its factory under its own name.
  return factory as Factory
}
