import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isRecord } from '@rivulet/core/provider'
import type { Subject } from '@rivulet/testkit'

/** The root of the workspace. */
export const ROOT = join(import.meta.dirname, '../../..')

/** A provider under proof. */
export interface Proved {
  /** Its package's name behind `provider-`, and for a further dialect of the package its name: `openai`, `openai-responses`. */
  id: string
  subject: Subject
}

/** The provider packages with a `test/subject.ts`, by their names behind `provider-`: a new one joins by having it. */
const packages = (): string[] =>
  globSync('packages/provider-*/test/subject.ts', { cwd: ROOT })
    .map((path) => basename(join(path, '../..')).replace('provider-', ''))
    .sort()

/** The package that proves this provider. @throws TypeError when there is none. */
export function packageOf(id: string): string {
  const all = packages()
  // `openai-compatible` is a package, `openai-responses` is in `openai`.
  const [found] = all.filter((name) => `${id}-`.startsWith(`${name}-`)).sort((a, b) => b.length - a.length)
  if (found === undefined) throw new TypeError(`No provider "${id}". There are: ${all.join(', ')}.`)
  return found
}

/** What a package exports as `subject`, and as `…Subject` for each further dialect. */
async function subjectsIn(name: string): Promise<Proved[]> {
  const file = join(ROOT, `packages/provider-${name}/test/subject.ts`)
  const module: unknown = await import(pathToFileURL(file).href)
  const found = Object.entries(isRecord(module) ? module : {}).flatMap(([key, subject]) => {
    const dialect = /^(?:subject|(\w+)Subject)$/.exec(key)
    if (dialect === null || !isSubject(subject)) return []
    return [{ id: dialect[1] === undefined ? name : `${name}-${dialect[1]}`, subject }]
  })
  if (found.length === 0) throw new TypeError(`${file} exports no subject.`)
  return found.sort((a, b) => a.id.localeCompare(b.id))
}

// What else it has to have, the laws will say: it is what a provider's own test runs under.
const isSubject = (value: unknown): value is Subject => isRecord(value) && typeof value.provider === 'function'

/** @throws TypeError when there is no such provider. */
export async function subjectOf(id: string): Promise<Subject> {
  const name = packageOf(id)
  const found = (await subjectsIn(name)).find((one) => one.id === id)
  if (found === undefined) throw new TypeError(`No provider "${id}" in provider-${name}.`)
  return found.subject
}

/** All of them, or those that are named. @throws TypeError for a name that is none. */
export async function subjects(only: readonly string[] = []): Promise<Proved[]> {
  if (only.length > 0) return Promise.all(only.map(async (id) => ({ id, subject: await subjectOf(id) })))
  return (await Promise.all(packages().map(subjectsIn))).flat()
}
