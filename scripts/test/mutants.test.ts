import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readCommand } from '../mutants.ts'
import { EQUIVALENTS } from '../mutants/equivalent.ts'
import { nearestTests } from '../mutants/nearest-tests.ts'
import { type FileScore, percentOf, scoresOf, type StrykerMutant, survivorsOf, tableOf } from '../mutants/report.ts'
import { copyWorkspace } from '../mutants/sandbox.ts'

let root = ''

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'rivulet-mutants-test-')))
  write('packages/a/src/sum.ts')
  write('packages/a/src/deep/product.ts')
  write('packages/a/src/types.d.ts')
})

afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

describe('the command line', () => {
  test('names files by their path or by a pattern, each once', () => {
    expect(readCommand(['packages/a/src/sum.ts', 'packages/a/src/**/*.ts'], root)).toEqual({
      files: ['packages/a/src/deep/product.ts', 'packages/a/src/sum.ts'],
      all: false,
      least: 92,
      concurrency: 1,
    })
  })

  test('takes other numbers', () => {
    const args = ['packages/a/src/sum.ts', '--all', '--least', '80.5', '--concurrency', '4']
    expect(readCommand(args, root)).toMatchObject({ all: true, least: 80.5, concurrency: 4 })
  })

  test('may ask for help, with or without a file', () => {
    expect(readCommand(['--help'], root)).toBeUndefined()
    expect(readCommand(['packages/a/src/sum.ts', '--help'], root)).toBeUndefined()
  })

  test.each([
    [[], 'Name a source file'],
    [['packages/a/src/missing.ts'], '"packages/a/src/missing.ts" matches no source file'],
    [['packages/a/src/types.d.ts'], 'matches no source file'],
    [['scripts/mutants.ts'], 'matches no source file'],
    [['packages/a/src/sum.ts', '--least', 'most'], '--least must be from 0 to 100, got "most"'],
    [['packages/a/src/sum.ts', '--least', '101'], '--least must be from 0 to 100'],
    [['packages/a/src/sum.ts', '--concurrency', '0'], '--concurrency must be a whole number above 0, got "0"'],
    [['packages/a/src/sum.ts', '--fast'], '--fast'],
  ])('is refused: %j', (args, words) => {
    const read = (): unknown => readCommand(args, root)
    expect(read).toThrow(TypeError)
    expect(read).toThrow(words)
  })
})

describe('the tests that are asked', () => {
  test('are those that bear its name and import it', () => {
    write('packages/a/test/sum.test.ts', `import { sum } from '../src/sum.ts'`)
    write('packages/a/test/deep/sum-of-many.test.ts', `import {\n  sum,\n} from '../../src/sum.ts'`)
    write('packages/a/test/sum-by-door.test.ts', `import { sum } from '../src/index.ts'`)
    write('packages/a/test/summary.test.ts', `import { sum } from '../src/sum.ts'`)
    expect(nearestTests('packages/a/src/sum.ts', root)).toEqual([
      'packages/a/test/deep/sum-of-many.test.ts',
      'packages/a/test/sum.test.ts',
    ])
  })

  test('are those that import the file where none bears its name', () => {
    write('packages/a/test/adding.test.ts', `import { sum } from '../src/sum.ts'`)
    write('packages/a/test/deep/both.test.ts', `import {\n  sum,\n} from '../../src/sum.ts'`)
    write('packages/a/test/sum.test.ts', `import { sum } from '../src/index.ts'`)
    expect(nearestTests('packages/a/src/sum.ts', root)).toEqual([
      'packages/a/test/adding.test.ts',
      'packages/a/test/deep/both.test.ts',
    ])
  })

  test('are also those that import it by what they share', () => {
    write('packages/a/test/support/sums.ts', `export { sum } from '../../src/sum.ts'`)
    write('packages/a/test/support/tables.ts', `import { sum } from './sums.ts'`)
    write('packages/a/test/deep/both.test.ts', `import { rows } from '../support/tables.ts'`)
    write('packages/a/test/door.test.ts', `import { sum } from '../src/index.ts'`)
    expect(nearestTests('packages/a/src/sum.ts', root)).toEqual(['packages/a/test/deep/both.test.ts'])
  })

  test('are all of the package where none imports the file', () => {
    write('packages/a/test/door.test.ts', `import { sum } from '../src/index.ts'`)
    write('packages/b/test/sum.test.ts', `import { sum } from '../src/sum.ts'`)
    expect(nearestTests('packages/a/src/sum.ts', root)).toEqual(['packages/a/test/door.test.ts'])
  })
})

test('the copy of the workspace has its files of today, and its packages use each other, not the originals', () => {
  const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: root, stdio: 'pipe' })
  write('.gitignore', 'node_modules\n')
  write('packages/b/src/index.ts', 'committed')
  write('packages/b/src/removed.ts')
  git('init', '--quiet')
  git('add', '.')
  write('packages/b/src/index.ts', 'changed')
  write('packages/b/src/new.ts', 'new')
  rmSync(join(root, 'packages/b/src/removed.ts'))
  write('node_modules/.pnpm/other/index.js', 'foreign')
  mkdirSync(join(root, 'packages/a/node_modules/@us'), { recursive: true })
  symlinkSync('../../../b', join(root, 'packages/a/node_modules/@us/b'))
  symlinkSync('../../../node_modules/.pnpm/other', join(root, 'packages/a/node_modules/other'))

  const copy = copyWorkspace(root)
  try {
    expect(readFileSync(join(copy, 'packages/b/src/index.ts'), 'utf8')).toBe('changed')
    expect(readFileSync(join(copy, 'packages/b/src/new.ts'), 'utf8')).toBe('new')
    expect(realpathSync(join(copy, 'packages/a/node_modules/@us/b'))).toBe(join(copy, 'packages/b'))
    expect(realpathSync(join(copy, 'packages/a/node_modules/other'))).toBe(join(root, 'node_modules/.pnpm/other'))
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
})

describe('the score', () => {
  const file = 'packages/a/src/sum.ts'
  const source = 'const sum = (a, b) =>\n  a + b\n\nif (sum(1, 1) > 2) {\n  fail()\n}\n'
  const at = (status: string, replacement: string, ...place: [number, number, number, number]): StrykerMutant => ({
    status,
    replacement,
    location: { start: { line: place[0], column: place[1] }, end: { line: place[2], column: place[3] } },
  })
  const block = at('NoCoverage', '{}', 4, 20, 6, 2)
  const minus = at('Survived', 'a - b', 2, 3, 2, 8)
  const scored = (...mutants: StrykerMutant[]): FileScore[] => scoresOf({ files: { [file]: { source, mutants } } }, [])

  test('counts what was noticed, also by its endless loop, of all that ran', () => {
    const [score] = scored(
      at('Killed', '', 1, 1, 1, 2),
      at('Timeout', '', 1, 1, 1, 2),
      at('CompileError', '', 1, 1, 1, 2),
      at('Ignored', '', 1, 1, 1, 2),
      block,
      minus,
    )
    expect(score).toEqual({
      file,
      killed: 2,
      survivors: [
        { line: 2, was: 'a + b', mutated: 'a - b', isUncovered: false },
        { line: 4, was: 'if (sum(1, 1) > 2) { fail() }', mutated: 'if (sum(1, 1) > 2) {}', isUncovered: true },
      ],
      equivalent: 0,
      stale: [],
    })
  })

  test.each([
    [0, 0, 100],
    [3, 1, 75],
    [0, 2, 0],
  ])('of %i killed and %i survivors is %i', (killed, survived, percent) => {
    const survivors = Array.from({ length: survived }, () => ({ line: 1, was: '', mutated: '', isUncovered: false }))
    expect(percentOf({ killed, survivors })).toBe(percent)
  })

  test('does not count equivalents, and names those that are out of date', () => {
    const here = { file, mutated: 'a - b', why: 'An example.' }
    const old = { file, mutated: 'a * b', why: 'An example.' }
    const elsewhere = { file: 'packages/a/src/other.ts', mutated: 'if (sum(1, 1) > 2) {}', why: 'An example.' }
    const [score] = scoresOf({ files: { [file]: { source, mutants: [block, minus] } } }, [here, old, elsewhere])
    expect(score).toMatchObject({ killed: 0, survivors: [{ line: 4 }], equivalent: 1, stale: [old] })
    expect(score && survivorsOf(score)).toContain('remove it from scripts/mutants/equivalent.ts\n  + a * b')
  })

  test('is a row of a table, and each survivor is shown with its line', () => {
    const killed = Array.from({ length: 11 }, () => at('Killed', '', 1, 1, 1, 2))
    const scores = scored(...killed, minus)
    expect(tableOf(scores)).toBe(`file                      mutants      killed    survived           %  equivalent
packages/a/src/sum.ts          12          11           1        91.6           0
`)
    expect(scores.map(survivorsOf)).toEqual([`${file}:2\n  - a + b\n  + a - b\n`])
    expect(scored(block).map(survivorsOf).join('')).toContain(`${file}:4 (no test runs it)\n`)
  })
})

test('each equivalent mutant is named once, with a reason', () => {
  const named = EQUIVALENTS.map(({ file, mutated }) => `${file} ${mutated}`)
  expect(new Set(named).size).toBe(named.length)
  for (const { mutated, why } of EQUIVALENTS) expect(why, mutated).toMatch(/^[A-Z`].+\.$/)
})
