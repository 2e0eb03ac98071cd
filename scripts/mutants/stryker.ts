import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StrykerReport } from './report.ts'

const here = import.meta.dirname

/** Installs Stryker beside this file, from the lock file there, unless it is installed. */
export function installStryker(): void {
  // pnpm keeps a copy of the lock file beside what it installed.
  const installed = join(here, 'node_modules/.pnpm/lock.yaml')
  const lock = join(here, 'pnpm-lock.yaml')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(lock, 'utf8')) return
  const install = ['-y', 'pnpm@12', 'install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts']
  const { status } = spawnSync('npx', install, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error('Stryker could not be installed.')
}

export interface Run {
  /** A copy of the workspace: Stryker changes its files. */
  copy: string
  /** Paths from the root. */
  files: readonly string[]
  /** Patterns of test files, from the root. */
  tests: readonly string[]
  concurrency: number
}

/** Changes the files, one mutant at a time, and runs those of the tests that cover it. Its progress goes to stderr. */
export function runStryker({ copy, files, tests, concurrency }: Run): StrykerReport {
  writeFileSync(join(copy, 'vitest.mutants.config.ts'), configOf(tests))
  const report = join(copy, 'mutants.json')
  const settings = {
    // The copy is the sandbox.
    inPlace: true,
    mutate: files,
    testRunner: 'vitest',
    // In pnpm's layout, Stryker does not find its runner by name.
    plugins: [join(here, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
    vitest: { configFile: 'vitest.mutants.config.ts' },
    concurrency,
    // Added to one and a half times what the tests take: a mutant that runs longer counts as noticed, a busy machine should not.
    timeoutMS: 8_000,
    reporters: ['progress-append-only', 'json'],
    jsonReporter: { fileName: report },
    tempDirName: '.stryker',
    logLevel: 'warn',
    warnings: { slow: false },
    allowConsoleColors: false,
  }
  const config = join(copy, 'stryker.config.json')
  writeFileSync(config, JSON.stringify(settings))
  const program = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js')
  const { status } = spawnSync(process.execPath, [program, 'run', config], { cwd: copy, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`Stryker failed; its words are above.`)
  // Written by Stryker: its form is that of the mutation testing report schema.
  return JSON.parse(readFileSync(report, 'utf8')) as StrykerReport
}

/** The workspace's configuration, with these tests only. Vite loads the modules, because it can load a changed one anew. */
const configOf = (tests: readonly string[]): string => `import workspace from './vitest.config.ts'

const conditions = ['@rivulet/source', 'node', 'import', 'module', 'default']

export default {
  ...workspace,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    ...workspace.test,
    experimental: { viteModuleRunner: true },
    include: ${JSON.stringify(tests)},
    reporters: ['dot'],
  },
}
`
