/**
 * Installs what a user would install. Every package is packed, and publint and attw look at its tarball; then each provider, and
 * `rivulet`, is installed alone into an empty folder, loaded by `import` and by `require`, and called once, so that late imports are
 * loaded too. Fails when the installation brings more than the package's dependencies. Needs a build (`pnpm build`).
 */
import { execFile } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tarballProblems } from './packed/tarball-problems.ts'

interface Manifest {
  name: string
  private?: boolean
  dependencies?: Record<string, string>
}

const root = join(import.meta.dirname, '..')
const work = mkdtempSync(join(tmpdir(), 'rivulet-packed-'))
const manifests = globSync('packages/*/package.json', { cwd: root })
  .map((path) => ({
    folder: join(root, path, '..'),
    manifest: JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest,
  }))
  .filter(({ manifest }) => manifest.private !== true)
const ours = new Map(manifests.map(({ folder, manifest }) => [manifest.name, { folder, manifest }]))

try {
  const tarballs = new Map(await inParallel([...ours], async ([name, { folder }]) => [name, await pack(name, folder)]))
  for (const [name, tarball] of tarballs) {
    const problems = await tarballProblems(new Uint8Array(readFileSync(tarball)))
    if (problems.length > 0) throw new Error([`The tarball of ${name}:`, ...problems].join('\n  '))
  }
  process.stdout.write(`${ours.size} tarballs: publint and attw find no problem\n`)

  process.stdout.write(`\n${'installed alone'.padEnd(37)}${'brings'.padEnd(58)}  MB\n`)
  const alone = [...ours.keys()].filter((name) => name.startsWith('@rivulet/provider-') || name === 'rivulet')
  await inParallel(alone, (name) => check(name, tarballs))
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function pack(name: string, folder: string): Promise<string> {
  const target = join(work, `${name.replace('/', '-')}.tgz`)
  await run('pnpm', ['pack', '--out', target], folder)
  return target
}

async function check(name: string, tarballs: ReadonlyMap<string, string>): Promise<void> {
  const folder = join(work, `use-${name.replace('/', '-')}`)
  mkdirSync(folder)
  // Our own packages come from their tarballs, direct or not; all others from the registry.
  const local = Object.fromEntries([...tarballs].map(([other, path]) => [other, `file:${path}`]))
  const dependencies = { [name]: local[name] }
  const { [name]: _direct, ...overrides } = local
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }))
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], folder)

  const brought = installed(folder).filter((other) => other !== name)
  const extra = brought.filter((other) => other !== 'undici' && !promised(name).has(other))
  if (extra.length > 0) throw new Error(`${name} brings ${extra.join(', ')}, which it does not need`)

  // A factory is its package's name in camel case.
  const factory = name
    .replace('@rivulet/provider-', '')
    .replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const expected = `if (typeof m.${factory} !== 'function') throw new Error('no ${factory}')`
  await run('node', ['--input-type=module', '-e', `const m = await import('${name}'); ${expected}`], folder)
  await run('node', ['--input-type=commonjs', '-e', `const m = require('${name}'); ${expected}`], folder)
  await run('node', ['--input-type=module', '-e', calling(name, factory)], folder)
  const megabytes = sizeOf(join(folder, 'node_modules')) / 1024 / 1024
  // Only the first request needs undici: an import does not.
  rmSync(join(folder, 'node_modules/undici'), { recursive: true })
  await run('node', ['--input-type=module', '-e', `await import('${name}')`], folder)

  const line = [
    name.padEnd(37),
    brought
      .join(' ')
      .replaceAll(/@rivulet\/(provider-)?/g, '')
      .padEnd(58),
    megabytes.toFixed(1).padStart(4),
  ]
  process.stdout.write(`${line.join('')}\n`)
}

/**
 * A program that calls an endpoint which refuses every request: the dialect must read the answer, and the failure be an instance of
 * the class that core exports.
 */
function calling(name: string, factory: string): string {
  return `
  import { createServer } from 'node:http'
  import { once } from 'node:events'
  import { ChatError, collect } from '@rivulet/core'
  import * as m from '${name}'
  const server = createServer((_, answer) => {
    answer.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"Not authorized."}}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = 'http://127.0.0.1:' + server.address().port
  const made = [{ apiKey: 'key' }, { auth: 'key' }, {}].flatMap((credential) => {
    try {
      return m.${factory === 'rivulet' ? 'lockchat' : factory}({ baseUrl, ...credential })
    } catch (error) {
      if (error instanceof TypeError) return []
      throw error
    }
  })
  const provider = ${factory === 'rivulet' ? 'm.rivulet({ providers: made.slice(0, 1) })' : 'made[0]'}
  const model = provider.info.models[0]?.id ?? 'any'
  const failure = await collect(provider.stream({ model, messages: [{ role: 'user', content: 'Hello' }] })).catch((error) => error)
  server.close()
  const first = failure.attempts?.[0] ?? failure
  if (!(first instanceof ChatError && first.code === 'auth' && first.status === 401)) throw failure
`
}

/** Our packages that a package depends on, directly or not. */
function promised(name: string): Set<string> {
  const found = new Set<string>()
  const add = (other: string): void => {
    for (const dependency of Object.keys(ours.get(other)?.manifest.dependencies ?? {})) {
      if (!ours.has(dependency) || found.has(dependency)) continue
      found.add(dependency)
      add(dependency)
    }
  }
  add(name)
  return found
}

function installed(folder: string): string[] {
  const modules = join(folder, 'node_modules')
  return readdirSync(modules)
    .filter((entry) => !entry.startsWith('.'))
    .flatMap((entry) =>
      entry.startsWith('@') ? readdirSync(join(modules, entry)).map((name) => `${entry}/${name}`) : [entry],
    )
}

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

async function run(command: string, args: string[], cwd: string): Promise<void> {
  await promisify(execFile)(command, args, { cwd }).catch((cause: unknown) => {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause })
  })
}

/** Does the work for each item, as many at a time as there are cores. The results are in the order of the items. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return results
}
