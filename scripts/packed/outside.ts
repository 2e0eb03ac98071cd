import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './publish.ts'

/**
 * A provider in a package of its own, outside the workspace: the example of the guide with the packed core and testkit. Its types
 * are checked against the shipped ones, and the laws run with Node's own test runner. Throws for what fails.
 */
export async function lawsOutside(root: string, folder: string, tarballs: ReadonlyMap<string, string>): Promise<void> {
  const packed = (name: string): string => `file:${tarballs.get(name) ?? ''}`
  const manifest = {
    private: true,
    type: 'module',
    dependencies: { '@rivulet/core': packed('@rivulet/core') },
    devDependencies: { '@rivulet/testkit': packed('@rivulet/testkit') },
  }
  mkdirSync(join(folder, 'test'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  cpSync(join(root, 'examples/own-dialect.ts'), join(folder, 'own-dialect.ts'))
  const laws = readFileSync(join(root, 'examples/guides/own-package.ts'), 'utf8')
  writeFileSync(join(folder, 'test/laws.test.ts'), laws.replace("'vitest'", "'node:test'"))
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], folder)

  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024', 'esnext.array'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['**/*.ts'] }))
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], folder)
  // A process for the one file would cost 4 s of CPU more.
  const options = ['--test', '--test-isolation=none', '--test-reporter=dot']
  await run(process.execPath, [...options, 'test/laws.test.ts'], folder)
}
