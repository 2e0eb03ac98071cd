import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failuresOf, propertyTests } from '../explore.ts'
import { DEFAULT_SEED, readSeed } from '../property-seed.ts'

const root = join(import.meta.dirname, '../..')
const setup = join(root, 'scripts/property-seed.ts')
const FILE = 'packages/a/test/a.test.ts'

// Inside node_modules, so that the files written here find vitest and fast-check.
const cache = join(root, 'node_modules/.cache')
let folder = ''

beforeEach(() => {
  mkdirSync(cache, { recursive: true })
  folder = mkdtempSync(join(cache, 'explore-'))
  writeFileSync(
    join(folder, 'vitest.config.mjs'),
    `export default ${JSON.stringify({ test: { setupFiles: [setup] } })}`,
  )
  mkdirSync(join(folder, 'packages/a/test'), { recursive: true })
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const write = (body: string): void => {
  writeFileSync(
    join(folder, FILE),
    `import fc from 'fast-check'\nimport { expect, test } from 'vitest'\n${body}\nexpect(1).toBe(1)\n`,
  )
}

describe('the seed of the property tests', () => {
  test('is set in this run', () => {
    expect(fc.readConfigureGlobal()).toEqual({ seed: readSeed(process.env.PROPERTY_SEED) })
    expect(fc.sample(fc.nat(), 5)).toEqual(fc.sample(fc.nat(), 5))
  })

  test('is fixed, unless PROPERTY_SEED gives another', () => {
    expect([readSeed(undefined), readSeed(''), readSeed('-7')]).toEqual([DEFAULT_SEED, DEFAULT_SEED, -7])
    for (const text of ['seven', '1.5', '4294967296']) expect(() => readSeed(text)).toThrow(TypeError)
  })
})

describe('exploring', () => {
  test('repeats a failure by its seed, and no other seed has it', () => {
    write(`const { seed } = fc.readConfigureGlobal()
      test('a law', () => { fc.assert(fc.property(fc.nat(), () => seed !== 7)) })`)
    expect(failuresOf([FILE], 8, folder)).toEqual([])
    expect(failuresOf([FILE], 7, folder)).toEqual([
      {
        file: FILE,
        test: 'a law',
        message: expect.stringMatching(/seed: 7, path: .*\nCounterexample: \[0\]/) as string,
      },
    ])
  })

  test('names a file that does not load', () => {
    write(`import './missing.ts'`)
    expect(failuresOf([FILE], 1, folder)).toMatchObject([{ file: FILE, test: '(the whole file)' }])
  })

  test('runs only tests that use fast-check, all or those with a path', () => {
    write('')
    writeFileSync(join(folder, 'packages/a/test/b.test.ts'), `import { test } from 'vitest'`)
    expect(propertyTests([], folder)).toEqual([FILE])
    expect(propertyTests(['a/test/a'], folder)).toEqual([FILE])
    expect(propertyTests(['packages/b'], folder)).toEqual([])
  })
})
