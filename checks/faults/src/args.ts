import { parseArgs } from 'node:util'
import { rowOf } from './rows.ts'

export interface TruthArgs {
  row: number | undefined
  providers: string[]
  json: boolean
  write: boolean
  quick: boolean
  competitors: boolean
  help: boolean
}

export const HELP = `pnpm truth                  tests the truth table: every row, every provider, both transports, alone and in a group
pnpm truth --row 6          one row, law by law
pnpm truth --provider acme  one provider; may be repeated
pnpm truth --quick          fewer cases of each law
pnpm truth --json           the findings as JSON
pnpm truth --write          writes docs/truth-table.md; with --competitors, docs/competitors.md
pnpm truth --competitors    the same faults, other libraries

The table goes to stdout, the progress to stderr. Exit code 1 when anything is wrong, 2 for a wrong command line.
`

/** @throws TypeError for a wrong command line. */
export function readArgs(args: readonly string[]): TruthArgs {
  const { values } = parseArgs({
    args: [...args],
    options: {
      row: { type: 'string' },
      provider: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      competitors: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { row, provider: providers, ...flags } = values
  if (row !== undefined) rowOf(Number(row))
  const part = row !== undefined || providers.length > 0
  if (flags.write && !flags.competitors && part)
    throw new TypeError('--write writes the whole table: omit --row and --provider.')
  return { row: row === undefined ? undefined : Number(row), providers, ...flags }
}
