import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { picture } from '../check-architecture/picture.ts'
import { shape } from '../check-architecture.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shape-'))
})

afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

type Files = Record<string, string>

interface Needs {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  [field: string]: unknown
}

function manifest(name: string, needs: Needs = {}): string {
  const conditions = { '@rivulet/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' }
  const fields = { name, description: 'x', license: 'MIT', sideEffects: false, engines: { node: '>=22.19' } }
  return JSON.stringify({ ...fields, exports: { '.': conditions }, ...needs })
}

function pack(short: string, index: string, needs: Needs = {}): Files {
  const folder = `packages/${short}`
  return {
    [`${folder}/package.json`]: manifest(short === 'rivulet' ? 'rivulet' : `@rivulet/${short}`, needs),
    [`${folder}/README.md`]: '# x\n',
    [`${folder}/tsconfig.json`]: '{}',
    [`${folder}/tsconfig.build.json`]: '{}',
    [`${folder}/src/index.ts`]: index,
    [`${folder}/test/x.test.ts`]: '',
  }
}

const on = (...names: string[]): { dependencies: Record<string, string> } => ({
  dependencies: Object.fromEntries(names.map((name) => [name, 'workspace:^'])),
})

const useCore = `import { core } from '@rivulet/core'\nexport const used = core\n`

/** A small house in order: the tests below break one thing in it at a time. */
const house: Files = {
  'package.json': `{ "devDependencies": { "vitest": "1", "@rivulet/router": "1" } }`,
  'README.md': '',
  'AGENTS.md': '',
  'CONTRIBUTING.md': '',
  LICENSE: '',
  'docs/architecture.md': '',
  'docs/style.md': '',
  'docs/decisions/0001.md': '',
  ...pack('core', `export const core = 1\n`),
  ...pack('protocol-a', useCore, on('@rivulet/core')),
  ...pack('provider-a', `export { core } from '@rivulet/core'\n`, on('@rivulet/core')),
  ...pack('provider-b', useCore, {
    ...on('@rivulet/core'),
    devDependencies: { '@rivulet/testkit': 'workspace:^' },
  }),
  ...pack('router', useCore, on('@rivulet/core')),
  ...pack('gateway', useCore, on('@rivulet/core')),
  ...pack('rivulet', `import '@rivulet/router'\nexport { used } from '@rivulet/provider-b'\n`, {
    ...on('@rivulet/router', '@rivulet/provider-b'),
  }),
  ...pack('ai-sdk', useCore, on('@rivulet/core')),
  ...pack('testkit', useCore, on('@rivulet/core')),
  'packages/provider-b/test/x.test.ts': `import '@rivulet/testkit'\nimport '../src/index.ts'\n`,
  'apps/demo/package.json': manifest('@rivulet/demo', { private: true, ...on('rivulet', '@rivulet/testkit') }),
  'apps/demo/src/main.ts': `import 'rivulet'\nimport '@rivulet/testkit'\nimport 'node:fs'\n`,
}

async function problemsIn(changes: Record<string, string | undefined> = {}): Promise<string[]> {
  write({ ...house, ...changes })
  return (await shape(root)).problems
}

function write(files: Record<string, string | undefined>): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) continue
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

test('a house in order has no problems', async () => {
  expect(await problemsIn()).toEqual([])
})

describe('imports', () => {
  test.for<[law: string, file: string, text: string, problem: RegExp]>([
    ['a provider never imports a provider', 'provider-a', `import '@rivulet/provider-b'`, /provider-a may not import/],
    ['the router never imports a provider', 'router', `import '@rivulet/provider-b'`, /take a Provider as an argument/],
    ['the gateway never imports a provider', 'gateway', `import '@rivulet/provider-b'`, /gateway may not import/],
    ['core imports nobody', 'core', `import type { x } from '@rivulet/router'`, /imports point left/],
    ['a protocol imports core only', 'protocol-a', `export { x } from '@rivulet/router'`, /protocol-a may not import/],
    ['the AI SDK bridge imports core only', 'ai-sdk', `const x = import('@rivulet/router')`, /ai-sdk may not import/],
    ['shipped code never imports the testkit', 'rivulet', `import '@rivulet/testkit'`, /move the import to test\//],
    ['an import is declared', 'core', `import 'undici'`, /'undici' is not in packages\/core\/package.json/],
    ['a type import counts', 'core', `export type x = import('undici').x`, /'undici' is not in/],
    ['no deep import', 'router', `import '@rivulet/core/src/chat.ts'`, /reaches into @rivulet\/core/],
    ['no import by path', 'router', `import '../../core/src/index.ts'`, /reaches out of the package/],
    ['no export *', 'core', `export * from './x.ts'`, /index.ts:1: export \* hides/],
    ['no export * as', 'core', `export * as x from './x.ts'`, /export \* hides/],
    ['no default export', 'core', `\nexport default 1`, /index.ts:2: export default has no name/],
    ['no default export of a function', 'core', `export default function x() {}`, /export default has no name/],
    ['no default export under a list', 'core', `const x = 1\nexport { x as default }`, /export default has no name/],
    ['a dependency is used', 'router', `export {}`, /nothing in src imports '@rivulet\/core'/],
  ])('%s', async ([, short, text, problem]) => {
    expect(await problemsIn({ [`packages/${short}/src/index.ts`]: text })).toContainEqual(
      expect.stringMatching(problem),
    )
  })

  test('a test needs its imports declared too, in any list', async () => {
    const problems = await problemsIn({ 'packages/router/test/x.test.ts': `import '@rivulet/testkit'` })
    expect(problems).toEqual([
      `packages/router/test/x.test.ts:1: '@rivulet/testkit' is not in packages/router/package.json: add it to devDependencies`,
    ])
  })

  test("a test may use the root's test runner, but not the root's workspace packages; src may use neither", async () => {
    const text = `import 'vitest'\nimport '@rivulet/router'`
    const problems = await problemsIn({
      'packages/core/src/index.ts': `import 'vitest'`,
      'packages/core/test/x.test.ts': text,
    })
    expect(problems).toEqual([
      `packages/core/src/index.ts:1: 'vitest' is not in packages/core/package.json: add it to dependencies`,
      `packages/core/test/x.test.ts:2: '@rivulet/router' is not in packages/core/package.json: add it to devDependencies`,
    ])
  })

  test('a circle of files is found once, types included, through a name in "imports" as well', async () => {
    const problems = await problemsIn({
      'packages/core/package.json': manifest('@rivulet/core', { imports: { '#b': { default: './dist/b.js' } } }),
      'packages/core/src/a.ts': `import '#b'`,
      'packages/core/src/b.ts': `import type { c } from './c.ts'`,
      'packages/core/src/c.ts': `import './a.ts'`,
    })
    expect(problems).toEqual([
      'packages/core/src/a.ts → packages/core/src/b.ts → packages/core/src/c.ts → packages/core/src/a.ts: ' +
        'files in a circle: move what both need into a file that imports neither',
    ])
  })

  test('a circle of packages is found, also through devDependencies', async () => {
    const devDependencies = { '@rivulet/testkit': 'workspace:^' }
    const problems = await problemsIn({ 'packages/core/package.json': manifest('@rivulet/core', { devDependencies }) })
    expect(problems).toEqual([expect.stringMatching(/^@rivulet\/core → @rivulet\/testkit → .*packages in a circle/)])
  })

  test('a package that "imports" names is a dependency that is used', async () => {
    const problems = await problemsIn({
      'packages/core/package.json': manifest('@rivulet/core', { ...on('undici'), imports: { '#net': 'undici' } }),
      'packages/core/src/index.ts': `export const net = import('#net')`,
    })
    expect(problems).toEqual([])
  })

  test('words that look like imports are not imports', async () => {
    const text = `// import 'nowhere'\nexport const x = "import 'nowhere'"\n/** export * */\n`
    expect(await problemsIn({ 'packages/core/src/index.ts': text })).toEqual([])
  })

  test("the root's scripts import packages by name, once declared", async () => {
    const problems = await problemsIn({ 'scripts/x.ts': `import 'nowhere'\nimport '../packages/core/src/index.ts'` })
    expect(problems).toEqual([
      `scripts/x.ts:1: 'nowhere' is not in package.json: add it to devDependencies`,
      `scripts/x.ts:2: '../packages/core/src/index.ts' reaches into @rivulet/core: import it by its name`,
    ])
  })

  test('a package of an unknown kind is asked for its floor', async () => {
    expect(await problemsIn(pack('cellar', 'export {}'))).toEqual([expect.stringMatching(/cellar: stands on no floor/)])
  })
})

describe('rooms', () => {
  test.for([
    'README.md',
    'AGENTS.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'docs/architecture.md',
    'docs/style.md',
    'packages/core/README.md',
    'packages/core/tsconfig.json',
    'packages/core/tsconfig.build.json',
  ])('%s must be there', async (room) => {
    expect(await problemsIn({ [room]: undefined })).toEqual([`${room}: missing: write it`])
  })

  test('a package has tests and an index', async () => {
    const problems = await problemsIn({
      'packages/core/src/index.ts': undefined,
      'packages/core/test/x.test.ts': undefined,
    })
    expect(problems).toEqual([
      'packages/core/src/index.ts: missing: write it',
      'packages/core/test/core.test.ts: missing: write it, a package is specified by its tests',
      'packages/core/package.json: exports["."] names ./src/index.ts, which is not there: write it or correct the path',
    ])
  })

  test('a README fits on a page', async () => {
    const problems = await problemsIn({ 'packages/core/README.md': 'line\n'.repeat(61) })
    expect(problems).toEqual([expect.stringMatching(/README.md: 61 lines, 60 at most/)])
  })

  const conditions = { '@rivulet/source': './src/index.ts', default: './dist/index.js' }
  test.for<[law: string, short: string, fields: Needs, problem: RegExp]>([
    ['a description', 'core', { description: undefined }, /"description" is missing/],
    ['a license', 'core', { license: '' }, /"license" is missing/],
    ['engines', 'core', { engines: undefined }, /"engines" is missing/],
    ['no side effects', 'core', { sideEffects: true }, /add "sideEffects": false/],
    ['no code on install', 'core', { scripts: { postinstall: 'x' } }, /"postinstall" runs code on install/],
    ['an export "."', 'core', { exports: { './x': conditions } }, /"exports" has no "."/],
    ['the source first', 'core', { exports: { '.': { types: './x', ...conditions } } }, /must start with/],
    ['conditions', 'core', { exports: { '.': './dist/index.js' } }, /names no conditions/],
    ['no wildcard', 'core', { exports: { '.': conditions, './*': conditions } }, /name each subpath/],
    ['one export', 'provider-a', { exports: { '.': conditions, './x': conditions } }, /one export/],
  ])('a manifest has %s', async ([, short, fields, problem]) => {
    const needs = short === 'core' ? fields : { ...on('@rivulet/core'), ...fields }
    const problems = await problemsIn({ [`packages/${short}/package.json`]: manifest(`@rivulet/${short}`, needs) })
    expect(problems).toEqual([expect.stringMatching(problem)])
  })

  test('an app is not published', async () => {
    const app = manifest('@rivulet/demo', on('rivulet', '@rivulet/testkit'))
    expect(await problemsIn({ 'apps/demo/package.json': app })).toEqual([expect.stringMatching(/add "private": true/)])
  })

  test('core may have more subpaths, each by its name', async () => {
    const exports = { '.': conditions, './wire': conditions }
    expect(await problemsIn({ 'packages/core/package.json': manifest('@rivulet/core', { exports }) })).toEqual([])
  })
})

describe('measures', () => {
  test('files, lines, the longest file, any and assertions of src only, in import order', async () => {
    const text = `const x: any = 1\nexport const y = x as string\nexport const z = [1] as const\n`
    write({ ...house, 'packages/core/src/sub/a.ts': text, 'packages/core/test/x.test.ts': text })
    const { packages } = await shape(root)
    expect(packages.map(({ folder }) => folder.split('/')[1])).toEqual([
      ...['core', 'protocol-a', 'provider-a', 'provider-b', 'router', 'rivulet', 'ai-sdk', 'gateway', 'demo'],
      'testkit',
    ])
    expect(packages[0]).toEqual({
      name: '@rivulet/core',
      folder: 'packages/core',
      floor: 'core',
      files: 2,
      lines: 4,
      longest: { file: 'sub/a.ts', lines: 3 },
      anys: 1,
      assertions: 1,
      gzippedBytes: null,
      gzippedBytesInAll: null,
    })
  })

  test('the size holds the package and its workspace dependencies, and leaves the rest out', async () => {
    const core = `import { fetch } from 'undici'\nexport const core = ${JSON.stringify('x'.repeat(400))} + fetch\n`
    write({
      ...house,
      'packages/core/dist/index.js': core,
      'packages/router/dist/index.js': `export { core } from '@rivulet/core'\n`,
    })
    const sizes = new Map((await shape(root)).packages.map(({ name, gzippedBytes }) => [name, gzippedBytes]))
    expect(sizes.get('@rivulet/core')).toBeGreaterThan(50)
    expect(sizes.get('@rivulet/core')).toBeLessThan(200)
    expect(sizes.get('@rivulet/router')).toBeGreaterThan(50)
    expect(sizes.get('@rivulet/gateway')).toBeNull()
  })

  test('what is loaded later is told apart from what is loaded first', async () => {
    write({
      ...house,
      'packages/core/dist/index.js': `export const later = () => import('./later.js')\n`,
      'packages/core/dist/later.js': `export const text = ${JSON.stringify(noise(2_000))}\n`,
    })
    const core = (await shape(root)).packages.find(({ name }) => name === '@rivulet/core')
    expect(core?.gzippedBytes).toBeLessThan(200)
    expect(core?.gzippedBytesInAll).toBeGreaterThan(1_000)
  })

  test.each([
    ['first', `export const text = ${JSON.stringify(noise(15_000))}\n`, /a page loads \d+ bytes first, 9000 at most/],
    ['in all', `export const later = () => import('./later.js')\n`, /a page may load \d+ bytes in all, 23000 at most/],
  ])('a package over its limit is a problem: %s', async (_what, index, problem) => {
    const folder = 'packages/provider-openai-compatible'
    write({
      ...house,
      ...pack('provider-openai-compatible', useCore, on('@rivulet/core')),
      [`${folder}/dist/index.js`]: index,
      [`${folder}/dist/later.js`]: `export const text = ${JSON.stringify(noise(50_000))}\n`,
    })
    expect((await shape(root)).problems).toEqual([expect.stringMatching(problem)])
  })

  test('no size is given when a dependency is not built', async () => {
    write({ ...house, 'packages/router/dist/index.js': `export { core } from '@rivulet/core'\n` })
    const { packages } = await shape(root)
    expect(packages.find(({ name }) => name === '@rivulet/router')?.gzippedBytes).toBeNull()
  })
})

describe('the picture', () => {
  test('fits into 100 columns, flags a long file and ends with the verdict', async () => {
    write({
      ...house,
      ...pack('provider-a-name-of-some-length', useCore, on('@rivulet/core')),
      'packages/core/src/a/very/long/path/to/a/very/long/file.ts': '\n'.repeat(401),
    })
    const { packages, problems } = await shape(root)
    const page = picture(packages, problems)
    expect(page.split('\n').filter((line) => line.length > 100)).toEqual([])
    expect(page).toMatch(/^core .*…\S*long\/file\.ts\s+401 !/m)
    expect(page).toMatch(/^ {4}provider-b/m)
    expect(page).toContain('The house is in order')
  })

  test('lists what is to be put right', async () => {
    write({ ...house, 'packages/core/src/index.ts': `export default 1` })
    const { packages, problems } = await shape(root)
    expect(picture(packages, problems)).toContain('1 to put right:\n  ✗ packages/core/src/index.ts:1: export default')
  })
})

/** Letters that no compression makes much shorter, the same in every run. */
function noise(length: number): string {
  let state = 1
  return Array.from({ length }, () => ((state = (state * 48_271) % 2_147_483_647) % 36).toString(36)).join('')
}
