import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A package that is published. */
export interface Published {
  name: string
  version: string
  folder: string
  /** The packages that it is installed with: ours and others', directly. */
  dependencies: readonly string[]
}

/** Every package that is published, by its name. */
export function publishedPackages(root: string): Map<string, Published> {
  const packages = globSync('packages/*/package.json', { cwd: root }).flatMap((path) => {
    const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as {
      name: string
      version: string
      private?: boolean
      dependencies?: Record<string, string>
    }
    const { name, version, dependencies = {} } = manifest
    if (manifest.private === true) return []
    return [{ name, version, folder: join(root, path, '..'), dependencies: Object.keys(dependencies) }]
  })
  return new Map(packages.map((one) => [one.name, one]))
}

/** The published packages that these need, directly or not, without themselves. */
export function neededBy(names: readonly string[], ours: ReadonlyMap<string, Published>): Set<string> {
  const found = new Set<string>()
  const add = (name: string): void => {
    for (const dependency of ours.get(name)?.dependencies ?? []) {
      if (!ours.has(dependency) || found.has(dependency)) continue
      found.add(dependency)
      add(dependency)
    }
  }
  names.forEach(add)
  for (const name of names) found.delete(name)
  return found
}

/**
 * Packs packages, which must be built, into the folder. Gives the paths of the tarballs by the packages' names. One pnpm for all:
 * its own start takes longer than a package.
 */
export async function packAll(
  packages: readonly Published[],
  root: string,
  into: string,
): Promise<Map<string, string>> {
  const filters = packages.map(({ name }) => `--filter=${name}`)
  await run('pnpm', ['--recursive', ...filters, 'pack', '--out', join(into, '%s-%v.tgz')], root)
  return new Map(packages.map(({ name, version }) => [name, join(into, `${fileNameOf(name)}-${version}.tgz`)]))
}

/** As pnpm writes it: `rivulet-core`. */
export const fileNameOf = (name: string): string => name.replace('@', '').replace('/', '-')

/** Runs a program. @throws Error with its output when it fails. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  await promisify(execFile)(command, args, { cwd }).catch((cause: unknown) => {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause })
  })
}

/** Does the work for each item, as many at a time as there are cores. The results are in the order of the items. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return results
}
