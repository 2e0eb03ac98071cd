import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isRecord } from '@rivulet/core/provider'
import type { Subject } from '@rivulet/testkit'

/** The root of the workspace. */
export const ROOT = join(import.meta.dirname, '../../..')

/** A provider under test. */
export interface Proved {
  /** Its package's name without `provider-`, plus the name of a further dialect: `openai`, `openai-responses`. */
  id: string
  subject: Subject
}

/** The provider packages with a `test/subject.ts`, by their names without `provider-`: the file is all that a new one needs. */
const packages = (): string[] =>
  globSync('packages/provider-*/test/subject.ts', { cwd: ROOT })
    .map((path) => basename(join(path, '../..')).replace('provider-', ''))
    .sort()

/** The package with this provider. @throws TypeError when there is none. */
export function packageOf(id: string): string {
  const all = packages()
  // `openai-compatible` is a package, `openai-responses` is in `openai`.
  const [found] = all.filter((name) => `${id}-`.startsWith(`${name}-`)).sort((a, b) => b.length - a.length)
  if (found === undefined) throw new TypeError(`No provider "${id}". There are: ${all.join(', ')}.`)
  return found
}

/** The exports of a package's `test/subject.ts`: `subject`, and a `…Subject` for each further dialect. */
async function subjectsIn(name: string): Promise<Proved[]> {
  // A path with the name of a whole folder: esbuild finds all that it may mean, and joins them with the program.
  const folder = `provider-${name}`
  const module: unknown = await import(`../../../packages/${folder}/test/subject.ts`)
  const found = Object.entries(isRecord(module) ? module : {}).flatMap(([key, subject]) => {
    const dialect = /^(?:subject|(\w+)Subject)$/.exec(key)
    if (dialect === null || !isSubject(subject)) return []
    return [{ id: dialect[1] === undefined ? name : `${name}-${dialect[1]}`, subject }]
  })
  if (found.length === 0) throw new TypeError(`packages/provider-${name}/test/subject.ts exports no subject.`)
  return found.sort((a, b) => a.id.localeCompare(b.id))
}

// The laws check the rest: the provider's own test runs on the same subject.
const isSubject = (value: unknown): value is Subject => isRecord(value) && typeof value.provider === 'function'

/** @throws TypeError when there is no such provider. */
export async function subjectOf(id: string): Promise<Subject> {
  const name = packageOf(id)
  const found = (await subjectsIn(name)).find((one) => one.id === id)
  if (found === undefined) throw new TypeError(`No provider "${id}" in provider-${name}.`)
  return found.subject
}

/** All subjects, or the named ones. @throws TypeError for an unknown name. */
export async function subjects(only: readonly string[] = []): Promise<Proved[]> {
  if (only.length > 0) return Promise.all(only.map(async (id) => ({ id, subject: await subjectOf(id) })))
  return (await Promise.all(packages().map(subjectsIn))).flat()
}
