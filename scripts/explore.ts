/**
 * Runs the property tests again and again, each round from another random seed, and prints what fails with the seed that repeats
 * it. The tests themselves run from one fixed seed (`property-seed.ts`).
 */
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const HELP = `Runs the property tests from random seeds, and prints the seed of each failure.

  pnpm explore [path…] [options]

  path         only test files whose path contains it: packages/router, sse.test.ts
  --rounds N   how many seeds to try                                            (20)
  --seed N     the seed of the first round; the others are random           (random)
  --help       this page

Repeat one seed: PROPERTY_SEED=N pnpm vitest run <file>. Exit code 1 when anything failed, 2 for a wrong command line.
`

const ROOT = join(import.meta.dirname, '..')

export interface Failure {
  /** Path of the test file from the root. */
  file: string
  test: string
  /** For a property, fast-check's own report: seed, path and the smallest counterexample. */
  message: string
}

/** Test files that use fast-check, as paths from the root. */
export function propertyTests(paths: readonly string[], root = ROOT): string[] {
  const files = globSync(['{packages,apps,checks}/*/test/**/*.test.ts', '{bench,scripts}/test/**/*.test.ts'], {
    cwd: root,
    exclude: ['**/node_modules'],
  })
  return files
    .filter((file) => paths.length === 0 || paths.some((path) => file.includes(path)))
    .filter((file) => readFileSync(join(root, file), 'utf8').includes(`from 'fast-check'`))
    .sort()
}

/** What vitest's JSON reporter writes, as far as it is read here. */
interface VitestReport {
  testResults: {
    name: string
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

/** One run of these files from one seed. */
export function failuresOf(files: readonly string[], seed: number, root = ROOT): Failure[] {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-explore-'))
  const output = join(folder, 'report.json')
  try {
    const args = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=json', `--outputFile=${output}`]
    const { status, stderr } = spawnSync(process.execPath, [...args, '--root', root, ...files], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, PROPERTY_SEED: String(seed) },
    })
    const failures = readFailures(output, root)
    if (status !== 0 && failures.length === 0) throw new Error(`vitest failed without a failed test:\n${stderr}`)
    return failures
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function readFailures(output: string, root: string): Failure[] {
  // Written by vitest: its form is its documentation's.
  const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as VitestReport
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = name.replace(`${root}/`, '')
    const failed = assertionResults.filter(({ status }) => status === 'failed')
    if (failed.length === 0 && message !== '') return [{ file, test: '(the whole file)', message }]
    return failed.map(({ fullName, failureMessages }) => ({
      file,
      test: fullName,
      message: failureMessages.join('\n').replace(/\n\s+at [^]*/, ''),
    }))
  })
}

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '20' },
      seed: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const rounds = Number(values.rounds)
  if (!(Number.isInteger(rounds) && rounds > 0))
    throw new TypeError(`--rounds must be a whole number above 0, got "${values.rounds}".`)
  const files = propertyTests(positionals)
  if (files.length === 0) throw new TypeError(`No property test has a path that contains ${positionals.join(' or ')}.`)

  let failed = 0
  for (let round = 1; round <= rounds; round++) {
    const seed = round === 1 && values.seed !== undefined ? Number(values.seed) : randomInt(-(2 ** 31), 2 ** 31)
    const began = performance.now()
    const failures = failuresOf(files, seed)
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    process.stdout.write(`${round} of ${rounds}, seed ${seed}, ${seconds} s: ${failures.length} failed\n`)
    for (const { file, test, message } of failures) {
      process.stdout.write(`\n${test}\n${message}\nRepeat it: PROPERTY_SEED=${seed} pnpm vitest run ${file}\n\n`)
    }
    if (failures.length > 0) failed++
  }
  process.stdout.write(`${files.length} files, ${rounds} seeds, ${failed} of them failed\n`)
  return failed === 0 ? 0 : 1
}

if (import.meta.main) {
  try {
    process.exitCode = main()
  } catch (error) {
    process.stderr.write(`explore: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}
