/**
 * Packs packages and what they need, as npm would get them, into the folder `tarballs`, and prints the line that installs them:
 * for whoever wants to use Rivulet before it is published, or try a change of theirs in another project.
 *
 *   pnpm tarballs                              rivulet and the simulator
 *   pnpm tarballs @rivulet/provider-openai     some packages
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { neededBy, packAll, type Published, publishedPackages, run } from './packed/publish.ts'

const USUAL = ['rivulet', '@rivulet/simulator']

/**
 * The packages that are asked for, and those that they need.
 *
 * @throws TypeError for a package that there is not.
 */
export function packagesToPack(asked: readonly string[], ours: ReadonlyMap<string, Published>): Published[] {
  const names = asked.length > 0 ? asked : USUAL
  const unknown = names.find((name) => !ours.has(name))
  if (unknown !== undefined) {
    throw new TypeError(`tarballs: there is no package "${unknown}". There are ${[...ours.keys()].join(', ')}.`)
  }
  return [...ours.values()].filter(({ name }) => names.includes(name) || neededBy(names, ours).has(name))
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const folder = join(root, 'tarballs')
  const packages = packagesToPack(process.argv.slice(2), publishedPackages(root))
  const filters = packages.map(({ name }) => `--filter=${name}`)
  await run('pnpm', ['exec', 'turbo', 'run', 'build', ...filters, '--output-logs=errors-only'], root)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  await packAll(packages, root, folder)
  process.stdout.write(`${packages.length} packages. In your project:\n\n  npm install ${join(folder, '*.tgz')}\n`)
}
