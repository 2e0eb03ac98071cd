import { parseArgs } from 'node:util'
import { fuzz } from './fuzz/run.ts'
import { liesCommand } from './lies/command.ts'
import { DIALECTS } from './lies/dialects/index.ts'
import { progress } from './progress.ts'
import { subjects } from './subjects.ts'

const HELP = `pnpm fuzz [--runs 100000] [--seed 1]
Sends random and mutated streams through every framing of core and every provider. Every exception must be a ChatError, every
stream must end once, the work must be bounded by the bytes, and every frame by its limit. A failure prints the smallest
stream that causes it, and its seed.

pnpm fuzz --lies [--runs 100000] [--seed 1] [--dialect chat]
Reads answers of servers that lie, whole and cut, odd in every way seen in the field, from writers that share no code with
the decoders. A whole answer must be read as it was meant, and a cut one must never be a success. Exit code 1 when a stream
is read wrongly; \`--runs 1\` and the seed of a finding repeat it.
`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      lies: { type: 'boolean', default: false },
      dialect: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const [runs, seed] = [Number(values.runs), Number(values.seed)]
  if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
    process.stderr.write(`--runs and --seed must be whole numbers.\n\n${HELP}`)
    return 2
  }
  if (values.lies) {
    if (values.dialect === undefined || DIALECTS.some(({ id }) => id === values.dialect)) {
      return liesCommand({ runs, seed, dialect: values.dialect })
    }
    process.stderr.write(`--dialect must be one of ${DIALECTS.map(({ id }) => id).join(', ')}.\n\n${HELP}`)
    return 2
  }
  const line = progress()
  const startedAt = performance.now()
  const onRun = (done: number): void => {
    if (done % 500 === 0) line.show(`${done} of ${runs} streams`)
  }
  try {
    const { targets, bytes, peakBytes } = await fuzz(await subjects(), { runs, seed, onRun })
    line.end()
    const seconds = (performance.now() - startedAt) / 1000
    const mib = (of: number): string => `${(of / 1024 / 1024).toFixed(1)} MiB`
    process.stdout.write(`targets  ${targets.join(', ')}\n`)
    process.stdout.write(`${runs} streams of ${mib(bytes)} in ${seconds.toFixed(1)} s, seed ${seed}: nothing found\n`)
    process.stdout.write(`peak memory ${mib(peakBytes)}\n`)
    return 0
  } catch (error) {
    line.end()
    const cause =
      error instanceof Error && error.cause instanceof Error ? `\n${error.cause.stack ?? error.cause.message}` : ''
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}${cause}\n`)
    return 1
  }
}

// When a stream hangs, nothing keeps Node alive: it exits with code 13 and reports that this await never settled.
process.exitCode = await main()
