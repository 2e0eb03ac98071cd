/**
 * `pnpm live`: small scenarios against every provider whose key is in the environment. It costs cents. The tests run the same
 * scenarios against the simulator.
 */

import { parseArgs } from 'node:util'
import { simulator } from '@rivulet/simulator'
import { check } from './check.ts'
import { liveSubjects, simulatedSubjects, type Subject, VARIABLES } from './subject.ts'
import { spent, table } from './table.ts'

const HELP = `pnpm live [--only <provider>] [--simulator]

Runs a text, a tool, a structured answer, an abort and an error on every provider whose key is in the environment.

  --only <provider>   only this provider, such as anthropic
  --simulator         every provider, simulated: no key, no network, no cost

It looks for ${VARIABLES.join(', ')}.
`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, simulator: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help === true) {
    process.stdout.write(HELP)
    return 0
  }
  await using sim = values.simulator === true ? await simulator() : undefined
  const all = sim === undefined ? await liveSubjects() : simulatedSubjects(sim)
  if (all.length === 0) {
    process.stdout.write(
      `No key is set, so no endpoint is called. Set one of ${VARIABLES.join(', ')}; or try --simulator.\n`,
    )
    return 0
  }
  const subjects = all.filter(({ provider: { id } }) => values.only === undefined || values.only === id)
  if (subjects.length === 0) {
    process.stderr.write(`"${values.only ?? ''}" is not one of ${namesOf(all)}.\n`)
    return 2
  }
  const abort = new AbortController()
  process.once('SIGINT', () => {
    abort.abort(new Error('Interrupted.'))
  })
  const reports = await Promise.all(subjects.map((subject) => check(subject, abort.signal)))
  process.stdout.write(table(reports))
  if (sim === undefined) process.stdout.write(`\n${spent(reports)}\n`)
  return reports.some(({ outcomes }) => outcomes.some(({ state }) => state === 'wrong')) ? 1 : 0
}

const namesOf = (subjects: readonly Subject[]): string =>
  [...new Set(subjects.map(({ provider: { id } }) => id))].join(', ')

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`live: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
