import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/**
 * The test files that import a source file themselves or by what tests share (`test/support`), as paths from the root: a unit's own
 * tests. Where there are none, because its tests use the door of the package, all tests of the package.
 */
export function nearestTests(file: string, root: string): string[] {
  const all = testsOf(file, root)
  const own = all.filter((test) => importsOf(test, root).has(file))
  return own.length > 0 ? own : all
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
  const text = readFileSync(join(root, test), 'utf8')
  for (const [, path = ''] of text.matchAll(/\bfrom '(\.[^']+)'/g)) {
    const imported = relative(root, join(root, dirname(test), path)).replaceAll('\\', '/')
    if (found.has(imported)) continue
    found.add(imported)
    if (imported.includes('/test/') && existsSync(join(root, imported))) importsOf(imported, root, found)
  }
  return found
}
