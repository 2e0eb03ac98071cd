/**
 * Shows which changes of a source file its tests do not notice. Stryker makes the changes ("mutants"), one at a time, in a copy of
 * the workspace, and runs the tests that cover the change.
 */
import { globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { EQUIVALENTS } from './mutants/equivalent.ts'
import { nearestTests, testsOf } from './mutants/nearest-tests.ts'
import { percentOf, type FileScore, scoresOf, survivorsOf, tableOf } from './mutants/report.ts'
import { copyWorkspace } from './mutants/sandbox.ts'
import { installStryker, runStryker } from './mutants/stryker.ts'

const HELP = `Shows which changes of a source file its tests do not notice.

  pnpm mutants <file…> [options]

  file             a path or a pattern: packages/core/src/framing/sse.ts, 'packages/core/src/dialect/*.ts'
  --all            run all tests of the package, not only those that import the file: slow
  --least N        per cent of its mutants that the tests of each file must notice               (92)
  --concurrency N  how many mutants are tried at once                                             (1)
  --help           this page

The first run installs Stryker. A file takes minutes. A mutant that changes nothing anyone can notice belongs in
scripts/mutants/equivalent.ts, with the reason. Exit code 1 when a file is below --least, 2 for a wrong command line.
`

const ROOT = join(import.meta.dirname, '..')

export interface Command {
  /** Paths from the root. */
  files: readonly string[]
  all: boolean
  least: number
  concurrency: number
}

/**
 * Reads the arguments; `undefined` when help is wanted.
 *
 * @throws TypeError for an unknown option, a wrong number, and a file that is not a source of a package.
 */
export function readCommand(args: readonly string[], root = ROOT): Command | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      least: { type: 'string', default: '92' },
      concurrency: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const least = Number(values.least)
  if (!(least >= 0 && least <= 100)) throw new TypeError(`--least must be from 0 to 100, got "${values.least}".`)
  const concurrency = Number(values.concurrency)
  if (!(Number.isInteger(concurrency) && concurrency > 0))
    throw new TypeError(`--concurrency must be a whole number above 0, got "${values.concurrency}".`)
  if (positionals.length === 0) throw new TypeError('Name a source file: pnpm mutants packages/core/src/framing/sse.ts')
  const files = new Set(positionals.flatMap((pattern) => sourcesOf(pattern, root)))
  return { files: [...files].sort(), all: values.all, least, concurrency }
}

function sourcesOf(pattern: string, root: string): string[] {
  const found = globSync(pattern, { cwd: root, exclude: ['**/node_modules'] })
  const sources = found.map((path) => path.replaceAll('\\', '/')).filter((path) => SOURCE.test(path))
  if (sources.length === 0) {
    throw new TypeError(`"${pattern}" matches no source file; they are in {packages,apps,checks}/*/src.`)
  }
  return sources
}

const SOURCE = /^(packages|apps|checks)\/[^/]+\/src\/.*(?<!\.d)\.ts$/

function main(): number {
  const command = readCommand(process.argv.slice(2))
  if (command === undefined) {
    process.stdout.write(HELP)
    return 0
  }
  // Ctrl-C also reaches Stryker, which then ends; this process goes on, to remove the copy.
  process.on('SIGINT', () => undefined)
  installStryker()
  const copy = copyWorkspace(ROOT)
  const scores: FileScore[] = []
  try {
    for (const file of command.files) {
      const tests = command.all ? testsOf(file, ROOT) : nearestTests(file, ROOT)
      process.stderr.write(`${file}, with ${tests.length} test files\n`)
      for (const score of scoresOf(
        runStryker({ copy, files: [file], tests, concurrency: command.concurrency }),
        EQUIVALENTS,
      )) {
        process.stdout.write(survivorsOf(score))
        scores.push(score)
      }
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  process.stdout.write(`\n${tableOf(scores)}`)
  return scores.every((score) => percentOf(score) >= command.least) ? 0 : 1
}

if (import.meta.main) {
  try {
    process.exitCode = main()
  } catch (error) {
    process.stderr.write(`mutants: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof TypeError ? 2 : 1
  }
}
