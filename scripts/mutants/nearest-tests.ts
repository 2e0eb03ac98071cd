import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

/**
 * A unit's own tests, as paths from the root: those that bear the name of the source file and import it, as `retry.test.ts` and
 * `retry-attempts.test.ts` do for `retry.ts`. Where there are none, those that import it themselves or by what tests share
 * (`test/support`). Where there are none either, because its tests use the door of the package, all tests of the package.
 */
export function nearestTests(file: string, root: string): string[] {
  const all = testsOf(file, root)
  const own = all.filter((test) => bearsNameOf(file, test) && pathsIn(test, root).includes(file))
  if (own.length > 0) return own
  const near = all.filter((test) => importsOf(test, root).has(file))
  return near.length > 0 ? near : all
}

function bearsNameOf(file: string, test: string): boolean {
  const name = basename(file, '.ts')
  return basename(test) === `${name}.test.ts` || basename(test).startsWith(`${name}-`)
}

/** All test files of the package of a source file. */
export function testsOf(file: string, root: string): string[] {
  const folder = file.split('/').slice(0, 2).join('/')
  return globSync(`${folder}/test/**/*.test.ts`, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}

/** What a test imports, and what the files beside it that it imports do. */
function importsOf(test: string, root: string, found = new Set<string>()): Set<string> {
  for (const imported of pathsIn(test, root)) {
    if (found.has(imported)) continue
    found.add(imported)
    if (imported.includes('/test/') && existsSync(join(root, imported))) importsOf(imported, root, found)
  }
  return found
}

/** The files that a file imports by a path, from the root. */
function pathsIn(file: string, root: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/\bfrom '(\.[^']+)'/g)].map(([, path = '']) =>
    relative(root, join(root, dirname(file), path)).replaceAll('\\', '/'),
  )
}
