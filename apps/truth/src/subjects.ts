import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isRecord } from '@rivulet/core'
import type { Subject } from '@rivulet/testkit'

/** The root of the workspace. */
export const ROOT = join(import.meta.dirname, '../../..')

/** A provider package that says how it is proved. */
export interface Proved {
  /** The name of its package's folder behind `provider-`: `lockchat`. */
  id: string
  subject: Subject
}

/** The ids of the provider packages with a `test/subject.ts`: a new one joins by having it. */
export const providerIds = (): string[] =>
  globSync('packages/provider-*/test/subject.ts', { cwd: ROOT })
    .map((path) => basename(join(path, '../..')).replace('provider-', ''))
    .sort()

/** @throws TypeError when the package has no subject. */
export async function subjectOf(id: string): Promise<Subject> {
  const file = join(ROOT, `packages/provider-${id}/test/subject.ts`)
  const module: unknown = await import(pathToFileURL(file).href)
  const subject = isRecord(module) ? module.subject : undefined
  if (!isRecord(subject) || typeof subject.provider !== 'function') {
    throw new TypeError(`${file} exports no subject.`)
  }
  // What a provider's own test runs under is a subject.
  return subject as unknown as Subject
}

/** All of them, or those that are named. @throws TypeError for a name that is none. */
export async function subjects(only: readonly string[] = []): Promise<Proved[]> {
  const ids = providerIds()
  for (const id of only) {
    if (!ids.includes(id))
      throw new TypeError(`No provider "${id}" with a test/subject.ts. There are: ${ids.join(', ')}.`)
  }
  const wanted = only.length === 0 ? ids : ids.filter((id) => only.includes(id))
  return Promise.all(wanted.map(async (id) => ({ id, subject: await subjectOf(id) })))
}
