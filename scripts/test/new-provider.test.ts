import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readPackages } from '../check-architecture/packages.ts'
import { roomProblems } from '../check-architecture/rooms.ts'
import type { NewProvider } from '../new-provider/choices.ts'
import { newProvider } from '../new-provider.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'new-provider-'))
})

afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

/** The files that a package has whatever its dialect. */
const always = [
  'README.md',
  'package.json',
  'src/index.ts',
  'src/models.ts',
  'test/acme-cloud.test.ts',
  'test/fixtures/SOURCES.md',
  'test/fixtures/empty.sse',
  'test/fixtures/error-mid-stream.sse',
  'test/fixtures/errors.json',
  'test/fixtures/text.sse',
  'test/subject.ts',
  'tsconfig.build.json',
  'tsconfig.json',
]

const read = (path: string): string => readFileSync(join(root, 'packages/provider-acme-cloud', path), 'utf8')

describe('new-provider', () => {
  const kinds = ['openai', 'anthropic', 'google', 'own'].flatMap((dialect) =>
    ['none', 'optional', 'required'].map((auth) => [dialect, auth]),
  )
  test.for(kinds)('makes every file, with no placeholder left: --dialect %s --auth %s', async ([dialect, auth]) => {
    const files = newProvider(root, { name: 'acme-cloud', dialect, auth, url: 'https://acme.example/v1/' })
    const made = globSync('**/*.*', { cwd: join(root, 'packages/provider-acme-cloud') }).sort()
    expect(made).toEqual(expect.arrayContaining(always))
    expect(made.includes('src/decode.ts')).toBe(dialect === 'own')
    expect(made.includes('test/credential.test.ts')).toBe(auth !== 'none')
    expect(files.toSorted()).toEqual(made.map((file) => join('packages/provider-acme-cloud', file)))
    for (const file of made) {
      expect(read(file), file).not.toMatch(/__\w+__|(\/\/|<!--)\?/)
      expect(file).not.toContain('__')
    }
    expect(readPackages(root).flatMap((pack) => roomProblems(root, pack))).toEqual([])
    const imports = [...read('src/index.ts').matchAll(/from '(@rivulet\/[^/']+)/g)].map(([, name]) => name)
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: object }
    expect(new Set(imports)).toEqual(new Set(Object.keys(dependencies)))
    const fixtures = made.filter((file) => file.startsWith('test/fixtures/') && !file.endsWith('SOURCES.md'))
    for (const file of fixtures) expect(read('test/fixtures/SOURCES.md')).toContain(`\`${basename(file)}\``)
  })

  test('the factory has the name in camel case, and the URL has no slash at its end', () => {
    newProvider(root, { name: 'acme-cloud', url: 'https://acme.example/v1/' })
    expect(read('src/index.ts')).toContain(
      "export function acmeCloud(options: AcmeCloudOptions = {}): ProviderWith<'models', AcmeCloudModel> {",
    )
    expect(read('src/index.ts')).toContain(`baseUrl: 'https://acme.example/v1',`)
    expect(read('src/index.ts')).toContain(`apiKey: { env: 'ACME_CLOUD_API_KEY', as: bearer },`)
  })

  test('without auth there is no key', () => {
    newProvider(root, { name: 'acme-cloud', auth: 'none' })
    for (const file of always.filter((name) => name.endsWith('.ts') && name !== 'test/subject.ts')) {
      expect(read(file), file).not.toMatch(/apiKey|API_KEY|bearer/i)
    }
  })

  test.for<[what: string, options: NewProvider, message: string]>([
    ['capitals', { name: 'AcmeCloud' }, 'Did you mean: pnpm new-provider acme-cloud'],
    ['a package name', { name: '@rivulet/provider-acme' }, 'Did you mean: pnpm new-provider acme'],
    ['the prefix', { name: 'provider-acme' }, 'Did you mean: pnpm new-provider acme'],
    ['a path', { name: '../acme' }, 'Did you mean: pnpm new-provider acme'],
    ['what is not a name', { name: '42' }, 'As in: pnpm new-provider acme-cloud'],
    ['a reserved word', { name: 'default' }, 'Did you mean: pnpm new-provider default-ai'],
    ['an existing one', { name: 'taken' }, 'packages/provider-taken exists'],
    ['an unknown dialect', { name: 'acme', dialect: 'klingon' }, 'is not one of: openai, anthropic, google, own.'],
    ['an unknown auth', { name: 'acme', auth: 'maybe' }, 'is not one of: none, optional, required.'],
    ['what is not a URL', { name: 'acme', url: 'acme' }, 'As in: --url https://'],
    [
      'a URL with a query',
      { name: 'acme', url: 'https://acme.example/?a' },
      'Did you mean: --url https://acme.example',
    ],
  ])('refuses %s, with a suggestion, and writes nothing', ([, options, message]) => {
    mkdirSync(join(root, 'packages/provider-taken'), { recursive: true })
    expect(() => newProvider(root, options)).toThrow(message)
    expect(globSync('packages/**/*.*', { cwd: root })).toEqual([])
  })

  describe('--list', () => {
    const workspace = join(import.meta.dirname, '../..')
    const listing = ['packages/rivulet/package.json', 'packages/rivulet/src/index.ts']
    const edited = [...listing, 'packages/rivulet/src/known-providers.ts', 'README.md']
    const text = (file: string): string => readFileSync(join(root, file), 'utf8')
    /** What is in the file now and was not before. */
    const added = (file: string): string[] => {
      const before = new Set(readFileSync(join(workspace, file), 'utf8').split('\n'))
      return text(file)
        .split('\n')
        .filter((line) => !before.has(line))
    }

    beforeEach(() => {
      for (const file of edited) cpSync(join(workspace, file), join(root, file))
    })

    test('adds the provider wherever the aggregator names one, and nothing else', () => {
      const files = newProvider(root, { name: 'acme-cloud', list: true })
      expect(files).toEqual(expect.arrayContaining(edited))
      expect(added('packages/rivulet/package.json')).toEqual(['    "@rivulet/provider-acme-cloud": "workspace:^",'])
      expect(added('packages/rivulet/src/index.ts')).toEqual([
        "export { acmeCloud, type AcmeCloudOptions } from '@rivulet/provider-acme-cloud'",
      ])
      expect(added('packages/rivulet/src/known-providers.ts')).toEqual([
        "import { acmeCloud } from '@rivulet/provider-acme-cloud'",
        "  { id: 'acme-cloud', credentials: ['ACME_CLOUD_API_KEY'], baseUrl: 'ACME_CLOUD_BASE_URL', create: acmeCloud },",
      ])
      expect(added('README.md')).toEqual([
        '| [`@rivulet/provider-acme-cloud`](packages/provider-acme-cloud) | Acme Cloud |',
      ])
    })

    test('one without a key has no credential and no options of its own', () => {
      newProvider(root, { name: 'acme-cloud', auth: 'none', list: true })
      expect(added('packages/rivulet/src/index.ts')).toEqual([
        "export { acmeCloud } from '@rivulet/provider-acme-cloud'",
      ])
      expect(added('packages/rivulet/src/known-providers.ts')).toContain(
        "  { id: 'acme-cloud', credentials: [], baseUrl: 'ACME_CLOUD_BASE_URL', create: acmeCloud },",
      )
    })

    test('writes nothing when a file no longer has a place for it', () => {
      writeFileSync(join(root, 'README.md'), '# No table\n')
      expect(() => newProvider(root, { name: 'acme-cloud', list: true })).toThrow('in README.md')
      expect(globSync('packages/provider-*', { cwd: root })).toEqual([])
      for (const file of listing) expect(added(file), file).toEqual([])
    })
  })

  const script = join(import.meta.dirname, '../new-provider.ts')
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })

  test('--help explains every option', () => {
    const { status, stdout } = run('--help')
    expect(status).toBe(0)
    for (const word of ['<name>', '--dialect', '--url', '--auth', '--list', '--prove', '--quick'])
      expect(stdout).toContain(word)
  })

  test.for([
    [[], 'A name is missing.'],
    [['Acme', 'Cloud'], 'Did you mean: pnpm new-provider acme-cloud'],
    [['acme', '--nope'], "Unknown option '--nope'"],
    [['Acme'], 'Did you mean: pnpm new-provider acme'],
    [['acme', '--prove'], '--prove makes providers of its own'],
    [['--prove', '--dialect', 'klingon'], 'is not one of: openai, anthropic, google, own.'],
  ] satisfies [string[], string][])('a mistake on the command line prints no stack: %j', ([args, message]) => {
    const { status, stderr } = run(...args)
    expect(status).toBe(1)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })
})
