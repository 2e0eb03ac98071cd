/**
 * Three members over real sockets: one is dead, one breaks half of its streams, one is slow. Each answer of their group is
 * compared with the answer of a member without faults.
 */
import { parseArgs } from 'node:util'
import type { OnBreak } from '@rivulet/router'
import { GROUPS, isGroupName } from './groups.ts'
import { Progress } from './progress.ts'
import { report } from './report.ts'
import { run, type RunOptions } from './run.ts'

const HELP = `pnpm reliability [options]

  --requests N      questions for each way to recover from a break (10000)
  --on-break WAY    restart or continue; may be repeated (both, one after the other)
  --group NAME      ${Object.keys(GROUPS).join(', ')} (failover)
  --at-once N       callers at once (64)
  --seed N          of all random decisions; equal seeds give equal runs (1)
  --ratio N         the fraction of the failing member's streams that break, 0 to 1 (0.5)
  --minutes N       a run that takes longer fails (10)
  --help            this

Exit code 1 when an answer is not whole, 2 for a wrong command line.
`

function wholeNumber(name: string, value: string): number {
  const number = Number(value)
  if (Number.isInteger(number) && number > 0) return number
  throw new TypeError(`--${name} must be a whole number above 0, got "${value}".`)
}

const isOnBreak = (name: string): name is OnBreak => name === 'restart' || name === 'continue'

/** @throws TypeError for a wrong command line. */
function readArgs(args: string[]): { runs: Omit<RunOptions, 'signal' | 'onAnswer'>[]; minutes: number } | undefined {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: 'string', default: '10000' },
      'on-break': { type: 'string', multiple: true, default: ['restart', 'continue'] },
      group: { type: 'string', default: 'failover' },
      'at-once': { type: 'string', default: '64' },
      seed: { type: 'string', default: '1' },
      ratio: { type: 'string', default: '0.5' },
      minutes: { type: 'string', default: '10' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const { group, 'on-break': ways } = values
  if (!isGroupName(group))
    throw new TypeError(`--group: there is no "${group}". The groups are ${Object.keys(GROUPS).join(', ')}.`)
  const ratio = Number(values.ratio)
  if (!(ratio >= 0 && ratio <= 1)) throw new TypeError(`--ratio must be from 0 to 1, got "${values.ratio}".`)
  const shared = {
    requests: wholeNumber('requests', values.requests),
    atOnce: wholeNumber('at-once', values['at-once']),
    seed: wholeNumber('seed', values.seed),
    group,
    ratio,
  }
  const runs = ways.map((onBreak) => {
    if (!isOnBreak(onBreak)) throw new TypeError(`--on-break must be restart or continue, got "${onBreak}".`)
    return { ...shared, onBreak }
  })
  return { runs, minutes: wholeNumber('minutes', values.minutes) }
}

async function main(args: string[]): Promise<number> {
  const given = readArgs(args)
  if (given === undefined) {
    process.stdout.write(HELP)
    return 0
  }
  let wrong = 0
  for (const each of given.runs) {
    const progress = new Progress()
    const startedAt = performance.now()
    const options: RunOptions = {
      ...each,
      signal: AbortSignal.timeout(given.minutes * 60_000),
      onAnswer: ({ answers, whole, attempts }) => {
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)
        const way = [each.onBreak].flat().join(', ')
        progress.show(`${seconds} s  ${way}: ${answers} of ${each.requests}, ${whole} whole, ${attempts} attempts`)
      },
    }
    const tally = await run(options)
    progress.end()
    process.stdout.write(`${report(options, tally, performance.now() - startedAt)}\n`)
    if (!tally.isRight) wrong++
  }
  return wrong === 0 ? 0 : 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof TypeError ? error.message : String(error)}\n`)
  process.exitCode = 2
}
