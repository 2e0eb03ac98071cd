/**
 * Installs what a user would install. Every package is packed, and publint and attw look at its tarball; then each provider, and
 * `rivulet`, is installed alone into an empty folder, loaded by `import` and by `require`, and called once, so that late imports are
 * loaded too. Fails when the installation brings more than the package's dependencies. A provider outside the workspace is tested
 * by the packed testkit. Needs a build (`pnpm build`).
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lawsOutside } from './packed/outside.ts'
import { fileNameOf, inParallel, neededBy, packAll, publishedPackages, run } from './packed/publish.ts'
import { tarballProblems } from './packed/tarball-problems.ts'

const work = mkdtempSync(join(tmpdir(), 'rivulet-packed-'))
const root = join(import.meta.dirname, '..')
const ours = publishedPackages(root)

try {
  const tarballs = await packAll([...ours.values()], root, work)
  for (const [name, tarball] of tarballs) {
    const problems = await tarballProblems(new Uint8Array(readFileSync(tarball)))
    if (problems.length > 0) throw new Error([`The tarball of ${name}:`, ...problems].join('\n  '))
  }
  process.stdout.write(`${ours.size} tarballs: publint and attw find no problem\n`)

  process.stdout.write(`\n${'installed alone'.padEnd(37)}${'brings'.padEnd(58)}  MB\n`)
  const alone = [...ours.keys()].filter((name) => name.startsWith('@rivulet/provider-') || name === 'rivulet')
  await Promise.all([
    inParallel(alone, (name) => check(name, tarballs)),
    lawsOutside(root, join(work, 'outside'), tarballs),
  ])
  process.stdout.write('\na provider in a package of its own: its types, and every law of the testkit\n')
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function check(name: string, tarballs: ReadonlyMap<string, string>): Promise<void> {
  const folder = join(work, `use-${fileNameOf(name)}`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: '*' } }))
  // Our own packages come from their tarballs, direct or not; all others from the registry.
  const overrides = Object.fromEntries([...tarballs].map(([other, path]) => [other, `file:${path}`]))
  // The folders are npm's. npm itself takes ten times as long; the provider outside is installed by it.
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), JSON.stringify({ nodeLinker: 'hoisted', overrides }))
  await run('pnpm', ['install', '--ignore-scripts', '--prefer-offline'], folder)

  const brought = installed(folder).filter((other) => other !== name)
  const extra = brought.filter((other) => other !== 'undici' && !neededBy([name], ours).has(other))
  if (extra.length > 0) throw new Error(`${name} brings ${extra.join(', ')}, which it does not need`)

  // A factory is its package's name in camel case.
  const factory = name
    .replace('@rivulet/provider-', '')
    .replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const expected = `if (typeof m.${factory} !== 'function') throw new Error('no ${factory}')`
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
