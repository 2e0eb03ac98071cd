/**
 * Installs what a user would install: each package is packed, one of them at a time is installed into an empty folder, and
 * loaded by `import` and by `require`, and asked once, so that what is loaded late is loaded. Fails when more comes along than
 * is promised. Needs a build (`pnpm build`).
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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
  process.stdout.write(`\n${'installed alone'.padEnd(37)}${'brings'.padEnd(58)}  MB\n`)
  const tarballs = new Map([...ours].map(([name, { folder }]) => [name, pack(name, folder)]))
  for (const name of ours.keys()) if (name.startsWith('@rivulet/provider-') || name === 'rivulet') check(name, tarballs)
} finally {
  rmSync(work, { recursive: true, force: true })
}

function pack(name: string, folder: string): string {
  const target = join(work, `${name.replace('/', '-')}.tgz`)
  run('pnpm', ['pack', '--out', target], folder)
  return target
}

function check(name: string, tarballs: ReadonlyMap<string, string>): void {
  const folder = join(work, `use-${name.replace('/', '-')}`)
  mkdirSync(folder)
  // Our own packages come from their tarballs, whoever asks for them; all others from where npm gets them.
  const local = Object.fromEntries([...tarballs].map(([other, path]) => [other, `file:${path}`]))
  const dependencies = { [name]: local[name] }
  const { [name]: _direct, ...overrides } = local
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }))
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], folder)

  const brought = installed(folder).filter((other) => other !== name)
  const extra = brought.filter((other) => other !== 'undici' && !promised(name).has(other))
  if (extra.length > 0) throw new Error(`${name} brings ${extra.join(', ')}, which it does not need`)

  // A factory is its package's name in camel case.
  const factory = name
    .replace('@rivulet/provider-', '')
    .replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const expected = `if (typeof m.${factory} !== 'function') throw new Error('no ${factory}')`
  run('node', ['--input-type=module', '-e', `const m = await import('${name}'); ${expected}`], folder)
  run('node', ['--input-type=commonjs', '-e', `const m = require('${name}'); ${expected}`], folder)
  run('node', ['--input-type=module', '-e', asking(name, factory)], folder)
  const megabytes = sizeOf(join(folder, 'node_modules')) / 1024 / 1024
  // undici is for the first request: importing does not need it.
  rmSync(join(folder, 'node_modules/undici'), { recursive: true })
  run('node', ['--input-type=module', '-e', `await import('${name}')`], folder)

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
 * A program that asks an endpoint which refuses everybody: the answer must be read by the dialect, and its failure be an instance
 * of the class that core exports.
 */
function asking(name: string, factory: string): string {
  return `
  import { createServer } from 'node:http'
  import { once } from 'node:events'
  import { ChatError, collect } from '@rivulet/core'
  import * as m from '${name}'
  const server = createServer((_, answer) => {
    answer.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"Nobody may."}}')
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

/** Our packages that a package depends on, and theirs. */
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

function run(command: string, args: string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
}
