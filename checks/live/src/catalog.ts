/**
 * `pnpm catalog:update`: merges the model lists of the live endpoints whose keys are in the environment into the catalogs of their
 * packages.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { simulator } from '@rivulet/simulator'
import { type Merged, merge } from './catalog/merge.ts'
import { type Place, PLACES } from './catalog/places.ts'
import { liveSubjects, simulatedSubjects, type Subject, VARIABLES } from './subject.ts'

const HELP = `pnpm catalog:update [--dry-run] [--root <folder>] [--simulator]

Requests the models of every provider whose key is in the environment, and merges them into packages/provider-*/src/models.ts:
new ids are added with the endpoint's facts, models no longer listed are reported and stay, dates become today's.

  --dry-run         changes nothing
  --root <folder>   the workspace whose catalogs are changed (default: this one)
  --simulator       a rehearsal with the simulator's models; changes nothing without --root
`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean' },
      root: { type: 'string' },
      simulator: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) {
    process.stdout.write(HELP)
    return 0
  }
  await using sim = values.simulator === true ? await simulator() : undefined
  const subjects = sim === undefined ? await liveSubjects() : simulatedSubjects(sim)
  if (subjects.length === 0) {
    process.stdout.write(`No key is set, so no endpoint is called. Set one of ${VARIABLES.join(', ')}.\n`)
    return 0
  }
  const root = values.root ?? fileURLToPath(new URL('../../../', import.meta.url))
  const writes = values['dry-run'] !== true && (sim === undefined || values.root !== undefined)
  let failed = false
  for (const place of PLACES) {
    // The simulator serves OpenAI's models for all others: they do not belong into their catalogs.
    if (sim !== undefined && !PLAYED.has(place.id)) continue
    const subject = subjects.find(({ provider }) => provider.id === place.id)
    if (subject === undefined) continue
    try {
      process.stdout.write(summaryOf(place, await update(subject, place, { root, writes })))
    } catch (error) {
      failed = true
      process.stderr.write(`${place.id}: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  if (!writes) process.stdout.write('Nothing was changed.\n')
  return failed ? 1 : 0
}

/** The providers whose own model lists the simulator has. */
const PLAYED = new Set(['openai', 'anthropic', 'google'])

async function update(
  { provider }: Subject,
  { file, notChat }: Place,
  { root, writes }: { root: string; writes: boolean },
): Promise<Merged> {
  const served = (await provider.models?.()) ?? []
  if (served.length === 0) throw new Error('the endpoint lists no model, so nothing is merged')
  const path = join(root, file)
  const today = new Date().toISOString().slice(0, 10)
  const source = await readFile(path, 'utf8')
  const merged = merge({ source, known: provider.info.models, listed: served, notChat, today })
  if (writes && merged.source !== source) await writeFile(path, merged.source)
  return merged
}

function summaryOf({ file }: Place, { added, vanished, otherwise, diff }: Merged): string {
  const notes = [
    `${added.length} new`,
    ...vanished.map((id) => `no longer listed, or renamed: ${id}`),
    ...otherwise.map((words) => `differs: ${words}`),
  ]
  return `${[file, ...notes.map((note) => `  ${note}`), ...diff].join('\n')}\n\n`
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`catalog:update: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
