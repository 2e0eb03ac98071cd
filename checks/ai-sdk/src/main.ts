/** `pnpm ai-sdk`: what a user of the AI SDK sees under every fault, and how many requests are made. */

import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { page } from './page.ts'
import { rows } from './rows.ts'
import { linesOf } from './run.ts'

const HELP = `Usage: pnpm ai-sdk [--write]

Calls streamText, generateText and a tool loop of ai under every fault, all on this machine: on the AI SDK's own provider, on one
of ours, and on a failover of two. Prints what the user sees, and how many requests are made.

  --write  writes docs/ai-sdk.md
  --help   this text
`

const { values } = parseArgs({ options: { write: { type: 'boolean' }, help: { type: 'boolean' } } })
if (values.help === true) process.stdout.write(HELP)
else {
  const text = page(await linesOf(rows))
  process.stdout.write(text)
  if (values.write === true) await writeFile(new URL('../../../docs/ai-sdk.md', import.meta.url), text)
}
