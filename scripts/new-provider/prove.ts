import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPackages } from '../check-architecture/packages.ts'
import { roomProblems } from '../check-architecture/rooms.ts'
import { depcruise, type Ended, run, unused, unusedOutsideTests } from '../check-architecture/tools.ts'
import { NewProviderError } from './choices.ts'
import { copyWorkspace, linkPackages } from './copy.ts'

/** A provider of each dialect, so that there is one of each kind of auth. */
const MADE = [
  { dialect: 'openai', auth: 'required' },
  { dialect: 'anthropic', auth: 'optional' },
  { dialect: 'google', auth: 'required' },
  { dialect: 'own', auth: 'none' },
] as const

export interface ProveOptions {
  /** Only this dialect. @default all */
  dialect?: string | undefined
  /** Only the laws, the aggregator's tests and the types. @default false */
  quick?: boolean | undefined
}

type Outcome = Pick<Ended, 'code' | 'out' | 'err'>

interface Step {
  what: string
  /** Left out when quick. */
  slow?: true
  /** `folders`: the new packages and the aggregator. */
  run: (copy: string, folders: readonly string[]) => Promise<Outcome>
}

/** What a new package can turn red. */
const STEPS: readonly Step[] = [
  { what: 'READMEs, tests, manifests, length of files', run: rooms },
  { what: 'types', run: types },
  { what: "laws, and the aggregator's tests", run: (copy, folders) => run(copy, 'vitest', 'run', ...folders) },
  { what: 'format', slow: true, run: (copy) => run(copy, 'oxfmt', '--check', '.') },
  { what: 'samples', slow: true, run: (copy) => run(copy, 'node', 'scripts/check-samples.ts') },
  { what: 'imports', slow: true, run: (copy) => depcruise(copy) },
  { what: 'what nothing uses', slow: true, run: (copy) => unused(copy) },
  { what: 'what only tests use', slow: true, run: (copy) => unusedOutsideTests(copy) },
  { what: 'lint', slow: true, run: (copy, folders) => run(copy, 'eslint', ...folders, '--max-warnings', '0') },
  { what: 'lint that needs types', slow: true, run: (copy, folders) => run(copy, 'oxlint', ...folders) },
]

/**
 * Makes a provider of each dialect in a copy of the workspace, as a newcomer would, listed, and checks it there. Prints a line for
 * each step.
 *
 * @throws NewProviderError for an unknown dialect.
 */
export async function prove(root: string, { dialect, quick = false }: ProveOptions = {}): Promise<boolean> {
  const made = MADE.filter((one) => dialect === undefined || one.dialect === dialect)
  if (made.length === 0) {
    const known = MADE.map((one) => one.dialect).join(', ')
    throw new NewProviderError(`--dialect "${dialect ?? ''}" is not one of: ${known}.`)
  }
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'new-provider-')))
  try {
    const folders = [...made.map((one) => `packages/provider-acme-${one.dialect}`), 'packages/rivulet']
    const steps = STEPS.filter(({ slow }) => !quick || slow === undefined)
    const makeAll: Step = {
      what: `made, and listed: ${made.map((one) => one.dialect).join(', ')}`,
      run: make(root, made),
    }
    let right = true
    for (const step of [makeAll, ...steps]) {
      const began = performance.now()
      const { code, out, err } = await step.run(copy, folders)
      const seconds = (performance.now() - began) / 1000
      process.stdout.write(`${code === 0 ? '✓' : '✗'} ${step.what} (${seconds.toFixed(1)} s)\n`)
      if (code !== 0) process.stdout.write(`${out}${err}`.trimEnd().replaceAll(/^(?=.)/gm, '    ') + '\n')
      right &&= code === 0
    }
    return right
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

const make =
  (root: string, made: readonly { dialect: string; auth: string }[]) =>
  async (copy: string): Promise<Outcome> => {
    copyWorkspace(root, copy)
    for (const { dialect, auth } of made) {
      const args = [`acme-${dialect}`, '--dialect', dialect, '--auth', auth, '--list']
      const outcome = await run(copy, 'node', 'scripts/new-provider.ts', ...args)
      if (outcome.code !== 0) return outcome
    }
    linkPackages(copy)
    return { code: 0, out: '', err: '' }
  }

/** Of these folders alone: the rest of the workspace is as it was. */
async function types(copy: string, folders: readonly string[]): Promise<Outcome> {
  const include = folders.map((folder) => `${folder}/**/*.ts`)
  const exclude = ['**/node_modules', '**/dist', '**/fixtures']
  const config = join(copy, 'tsconfig.new-provider.json')
  writeFileSync(config, JSON.stringify({ extends: './tsconfig.base.json', include, exclude }))
  const outcome = await run(copy, 'tsc', '-p', config, '--pretty', 'false')
  rmSync(config)
  return outcome
}

/** As {@link types}: of these folders alone. */
async function rooms(copy: string, folders: readonly string[]): Promise<Outcome> {
  const packages = readPackages(copy).filter(({ folder }) => folders.includes(folder))
  const problems = packages.flatMap((pack) => roomProblems(copy, pack))
  return { code: problems.length, out: problems.join('\n'), err: '' }
}
