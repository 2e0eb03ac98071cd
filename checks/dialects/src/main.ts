/** `pnpm dialects`: sends every field of a request between every two dialects, and says what became of it. */

import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { simulator } from '@rivulet/simulator'
import { page } from './page.ts'
import { allWays } from './table.ts'

const HELP = `Usage: pnpm dialects [--write]

Sends every field of a request from a client of each dialect to an endpoint of each, all of them on this machine, and says
what became of it.

  --write  writes docs/dialects.md
  --help   this text
`

const { values } = parseArgs({ options: { write: { type: 'boolean' }, help: { type: 'boolean' } } })
if (values.help === true) process.stdout.write(HELP)
else {
  await using sim = await simulator({ seed: 1, pace: 'instant' })
  const ways = await allWays(sim)
  const lost = ways.filter(({ outcome }) => outcome.kind === 'lost')
  for (const { field, from, to, outcome } of lost) {
    process.stdout.write(`${field}, from ${from} to ${to}: ${'message' in outcome ? outcome.message : ''}\n`)
  }
  const counts = Object.entries(Object.groupBy(ways, ({ outcome }) => outcome.kind)).map(
    ([kind, list]) => `${list.length} ${kind}`,
  )
  process.stdout.write(`${ways.length} ways: ${counts.join(', ')}\n`)
  if (values.write === true) {
    await writeFile(new URL('../../../docs/dialects.md', import.meta.url), page(ways))
    process.stdout.write('wrote docs/dialects.md\n')
  }
  process.exitCode = lost.length > 0 ? 1 : 0
}
