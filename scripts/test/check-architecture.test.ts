import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readPackages } from '../check-architecture/packages.ts'
import { picture } from '../check-architecture/picture.ts'
import { roomProblems } from '../check-architecture/rooms.ts'
import { depcruise, unused, unusedOutsideTests } from '../check-architecture/tools.ts'

const ROOT = join(import.meta.dirname, '../..')

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rivulet-architecture-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

type Files = Record<string, string | undefined>

function write(files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) continue
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

const CONDITIONS = { '@rivulet/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' }

function manifest(name: string, fields: object = {}): string {
  return JSON.stringify({
    name,
    type: 'module',
    description: 'One of the packages.',
    keywords: ['llm'],
    license: 'MIT',
    files: ['dist', 'src'],
    sideEffects: false,
    engines: { node: '>=22.19' },
    exports: { '.': CONDITIONS },
    ...fields,
  })
}

/** A package in order, which needs these others. */
function pack(short: string, index: string, needs: readonly string[] = []): Files {
  const dependencies = Object.fromEntries(needs.map((need) => [`@rivulet/${need}`, 'workspace:^']))
  return {
    [`packages/${short}/package.json`]: manifest(`@rivulet/${short}`, { dependencies }),
    [`packages/${short}/README.md`]: 'A package.\n',
    [`packages/${short}/src/index.ts`]: index,
    [`packages/${short}/test/x.test.ts`]: `import '../src/index.ts'\n`,
  }
}

/** A workspace as pnpm would install it: a package sees what it has declared, and nothing else. */
function install(packages: Readonly<Record<string, readonly string[]>>): void {
  for (const [short, needs] of Object.entries(packages)) {
    const scope = join(root, `packages/${short}/node_modules/@rivulet`)
    mkdirSync(scope, { recursive: true })
    for (const need of needs) symlinkSync(join(root, 'packages', need), join(scope, need), 'dir')
  }
}

describe('the laws of imports', () => {
  const CONFIG = ['--config', join(ROOT, '.dependency-cruiser.js')]
  const NEEDS = {
    core: ['router'],
    'protocol-a': ['core', 'router'],
    'provider-a': ['core', 'protocol-a', 'provider-b'],
    'provider-b': ['core'],
    router: ['core', 'provider-a', 'testkit'],
    rivulet: ['router', 'provider-a', 'testkit'],
    gateway: ['core', 'provider-a'],
    cli: ['rivulet', 'gateway', 'simulator'],
    testkit: ['core'],
    simulator: ['core'],
  } as const

  function workspace(files: Files): void {
    write({ 'package.json': manifest('root'), 'tsconfig.base.json': '{}' })
    for (const [short, needs] of Object.entries(NEEDS)) write(pack(short, 'export {}\n', needs))
    write(files)
    install(NEEDS)
  }

  /** Each violation as `law: from → to`. */
  async function violations(files: Files): Promise<string[]> {
    workspace(files)
    const { out } = await depcruise(root, ...CONFIG)
    return [...out.matchAll(/^\s*error (\S+: \S+(?: → \S+)?)/gm)].map(([, violation = '']) => violation).sort()
  }

  test('allow what points to the left, tests that import anything, and types', async () => {
    const found = await violations({
      'packages/provider-a/src/index.ts': `import '@rivulet/core'\nimport '@rivulet/protocol-a'\n`,
      'packages/router/src/index.ts': `import type { x } from '@rivulet/core'\n`,
      'packages/rivulet/src/index.ts': `import '@rivulet/router'\nexport { a } from '@rivulet/provider-a'\n`,
      'packages/gateway/src/index.ts': `import '@rivulet/core'\n`,
      'packages/cli/src/index.ts': `import '@rivulet/rivulet'\nimport '@rivulet/gateway'\nimport '@rivulet/simulator'\n`,
      'packages/rivulet/test/x.test.ts': `import '@rivulet/testkit'\nimport '../src/index.ts'\nimport '../../../checks/a/src/b.ts'\n`,
      'checks/a/src/b.ts': `import '../../../packages/core/src/index.ts'\n`,
    })
    expect(found).toEqual([])
  })

  test('refuse what points to the right, by a type or import() too', async () => {
    const found = await violations({
      'packages/core/src/index.ts': `import type { x } from '@rivulet/router'\n`,
      'packages/protocol-a/src/index.ts': `export { x } from '@rivulet/router'\n`,
      'packages/provider-a/src/index.ts': `import '@rivulet/provider-b'\n`,
      'packages/router/src/index.ts': `export const x = import('@rivulet/provider-a')\n`,
      'packages/rivulet/src/index.ts': `import '@rivulet/testkit'\n`,
      'packages/gateway/src/index.ts': `import '@rivulet/provider-a'\n`,
    })
    const to = (short: string): string => `packages/${short}/src/index.ts`
    expect(found.filter((violation) => violation.startsWith('imports-of-'))).toEqual([
      `imports-of-core: ${to('core')} → ${to('router')}`,
      `imports-of-gateway: ${to('gateway')} → ${to('provider-a')}`,
      `imports-of-protocol-*: ${to('protocol-a')} → ${to('router')}`,
      `imports-of-provider-*: ${to('provider-a')} → ${to('provider-b')}`,
      `imports-of-rivulet: ${to('rivulet')} → ${to('testkit')}`,
      `imports-of-router: ${to('router')} → ${to('provider-a')}`,
    ])
  })

  test('refuse what the root has installed and the package has not declared', async () => {
    const found = await violations({
      'node_modules/left/package.json': '{ "name": "left", "main": "index.js" }',
      'node_modules/left/index.js': '',
      'packages/core/src/index.ts': `import 'left'\n`,
      'packages/core/test/x.test.ts': `import 'left'\nimport '../src/index.ts'\n`,
    })
    expect(found).toEqual(['no-undeclared-import: packages/core/src/index.ts → node_modules/left/index.js'])
  })

  test('refuse circles, deep imports, imports by path, what is not declared, and a package without tests', async () => {
    const found = await violations({
      'packages/core/src/a.ts': `import type { b } from './b.ts'\n`,
      'packages/core/src/b.ts': `import './a.ts'\n`,
      'packages/router/src/index.ts': `import '@rivulet/core/src/a.ts'\n`,
      'packages/provider-a/src/index.ts': `import '../../core/src/index.ts'\n`,
      'packages/provider-b/src/index.ts': `import '@rivulet/testkit'\n`,
      'packages/provider-b/test/x.test.ts': `import 'node:fs'\n`,
      'packages/cellar/src/index.ts': `import './x.ts'\n`,
      'packages/cellar/src/x.ts': `export {}\n`,
      'packages/cellar/test/x.test.ts': `import '../src/index.ts'\n`,
      'scripts/x.ts': `import '../packages/core/src/a.ts'\n`,
    })
    expect(new Set(found.map((violation) => violation.replace(/:.*/, '')))).toEqual(
      new Set([
        'no-circle',
        'no-import-by-path',
        'no-package-in-scripts',
        'no-unknown-package',
        'no-unresolved-import',
        'no-untested-package',
      ]),
    )
    expect(found).toContain('no-unresolved-import: packages/router/src/index.ts → @rivulet/core/src/a.ts')
    expect(found).toContain('no-unresolved-import: packages/provider-b/src/index.ts → @rivulet/testkit')
    expect(found.filter((violation) => violation.startsWith('no-untested'))).toEqual([
      'no-untested-package: packages/provider-b/src/index.ts',
    ])
  })
})

describe('what nothing uses', () => {
  const CONFIG = ['--config', join(ROOT, 'knip.ts')]

  test('is found from the exports by their sources, and what only tests use besides', async () => {
    write({
      'package.json': manifest('root', { exports: undefined, devDependencies: { vitest: '*' } }),
      'vitest.config.js': `export default { test: { include: ['packages/*/test/*.test.ts'] } }`,
      'pnpm-workspace.yaml': 'packages: [packages/*]\n',
      ...pack('core', `import { used } from './used.ts'\nexport const both = used\n`),
      'packages/core/src/used.ts': `export const used = 1\nexport const unusedExport = 2\n`,
      'packages/core/src/unused.ts': `export const x = 1\n`,
      'packages/core/src/tested.ts': `export const onlyTested = 1\n`,
      'packages/core/test/x.test.ts': `import { onlyTested } from '../src/tested.ts'\nimport '../src/index.ts'\nexport default onlyTested\n`,
      ...pack('router', 'export {}\n', ['core']),
    })
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'dir')
    const { out } = await unused(root, ...CONFIG)
    expect(out).toContain('packages/core/src/unused.ts')
    expect(out).toContain('unusedExport')
    expect(out).toMatch(/Unused dependencies \(1\)\n@rivulet\/core +packages\/router\/package\.json/)
    expect(out).not.toContain('tested.ts')
    expect((await unusedOutsideTests(root, ...CONFIG)).out).toContain('packages/core/src/tested.ts')
  })
})

describe('rooms', () => {
  function problemsIn(changes: Files): string[] {
    write({ ...pack('core', 'export {}\n'), ...pack('provider-a', 'export {}\n'), ...changes })
    return readPackages(root).flatMap((one) => roomProblems(root, one))
  }

  test('in order', () => {
    expect(problemsIn({ 'checks/a/package.json': '{"private": true}', 'checks/a/src/x.ts': '' })).toEqual([])
  })

  test('a package has a README of a page, and tests', () => {
    const gone = { 'packages/core/README.md': undefined, 'packages/core/test/x.test.ts': undefined }
    expect(problemsIn({ ...gone, 'packages/provider-a/README.md': 'line\n'.repeat(61) })).toEqual([
      'packages/core/README.md: missing: write it',
      'packages/core/test: has no test: write one, a package is specified by its tests',
      'packages/provider-a/README.md: 61 lines, at most 60: move the rest to docs/',
    ])
  })

  test('a file of src has at most 300 lines', () => {
    const files = { 'packages/core/src/a.ts': '\n'.repeat(300), 'packages/core/src/b.ts': '\n'.repeat(301) }
    expect(problemsIn(files)).toEqual(['packages/core/src/b.ts: 301 lines, at most 300: split it by its ideas'])
  })

  test('what is not a package is not published', () => {
    expect(problemsIn({ 'apps/a/package.json': '{}', 'apps/a/src/x.ts': '' })).toEqual([
      'apps/a/package.json: add "private": true',
    ])
  })

  test.for<[law: string, short: string, fields: object, problem: RegExp]>([
    ['a description', 'core', { description: undefined }, /add a "description"/],
    ['keywords', 'core', { keywords: [] }, /add "keywords"/],
    ['files', 'core', { files: ['dist'] }, /add "files"/],
    ['a license', 'core', { license: '' }, /add a "license"/],
    ['engines', 'core', { engines: undefined }, /add "engines"/],
    ['no side effects', 'core', { sideEffects: true }, /add "sideEffects": false/],
    ['no code on install', 'core', { scripts: { postinstall: 'x' } }, /remove the script "postinstall"/],
    ['an export "."', 'core', { exports: { './x': CONDITIONS } }, /add the export "."/],
    [
      'the source first',
      'core',
      { exports: { '.': { import: './x', ...CONDITIONS } } },
      /put "@rivulet\/source" first/,
    ],
    ['conditions', 'core', { exports: { '.': './dist/index.js' } }, /put "@rivulet\/source" first/],
    ['no wildcard', 'core', { exports: { '.': CONDITIONS, './*': CONDITIONS } }, /name each export/],
    ['one export', 'provider-a', { exports: { '.': CONDITIONS, './x': CONDITIONS } }, /remove the export "\.\/x"/],
  ])('a manifest has %s', ([, short, fields, problem]) => {
    const changed = { [`packages/${short}/package.json`]: manifest(`@rivulet/${short}`, fields) }
    expect(problemsIn(changed)).toEqual([expect.stringMatching(problem)])
  })
})

test('the picture: packages in import order, with their longest file, in 100 columns', () => {
  write({
    ...pack('rivulet', 'export {}\n'),
    ...pack('testkit', 'export {}\n'),
    ...pack('provider-a', 'export {}\n'),
    ...pack('core', 'export {}\n'),
    'packages/core/src/a/very/long/path/to/a/very/long/file.ts': '\n\n\n',
  })
  const [, ...lines] = picture(readPackages(root)).split('\n')
  expect(lines).toEqual([
    expect.stringMatching(/^core +2 +4 {3}….*long\/file\.ts +3$/),
    expect.stringMatching(/^ {4}provider-a +1 +1 {3}index\.ts +1$/),
    expect.stringMatching(/^ {8}rivulet /),
    expect.stringMatching(/^packages\/testkit /),
  ])
  expect(lines.filter((line) => line.length > 100)).toEqual([])
})
