import { progress } from '../progress.ts'
import { DIALECTS } from './dialects/index.ts'
import { report } from './report.ts'
import { lies } from './run.ts'

export interface LiesArgs {
  runs: number
  seed: number
  /** The id of one. @default all */
  dialect?: string | undefined
}

/** `pnpm fuzz --lies`. Resolves with the exit code: 1 when a stream was read wrongly. */
export async function liesCommand({ runs, seed, dialect }: LiesArgs): Promise<number> {
  const dialects = DIALECTS.filter(({ id }) => dialect === undefined || id === dialect)
  const line = progress()
  const startedAt = performance.now()
  const onRun = (done: number, wrong: number): void => {
    if (done % 500 === 0) line.show(`${done} of ${runs} streams, ${wrong} wrong`)
  }
  const found = await lies({ runs, seed, dialects, onRun })
  line.end()
  const seconds = (performance.now() - startedAt) / 1000
  process.stdout.write(`seed ${seed}, ${seconds.toFixed(1)} s, ${(runs / seconds).toFixed(0)} streams a second\n\n`)
  process.stdout.write(report(found))
  return found.wrong > 0 ? 1 : 0
}
