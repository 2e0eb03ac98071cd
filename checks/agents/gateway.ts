/**
 * What today's coding agents make of an endpoint whose answers end badly: straight at it, and through the gateway over it and a
 * healthy one, by what the gateway holds. Fails when a law does not hold.
 *
 *   pnpm agents --gateway                            prints the table
 *   pnpm agents --gateway --agent codex --row reset  some of it
 *   pnpm agents --gateway --write                    writes docs/agents.md as well
 *   pnpm agents --gateway --minutes 40 --at-once 2   longer than 10 minutes; two agents beside each other
 */

import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { DIALECTS } from '@rivulet/dialects/dialects'
import { AGENTS, type Agent } from './agents.ts'
import { inTurns } from './in-turns.ts'
import { brokenLaws, type Tried } from './laws.ts'
import { cell, page, table } from './page.ts'
import { type Row, STAGES, takesPart, WAYS } from './rows.ts'
import { place, programOf } from './start.ts'
import { attempt } from './trial.ts'

/** The first trial of an agent sets up its home as well. */
const FIRST_SECONDS = 120
const PAGE = new URL('../../docs/agents.md', import.meta.url)

const { values } = parseArgs({
  options: {
    gateway: { type: 'boolean' },
    agent: { type: 'string', multiple: true },
    row: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '10' },
    'at-once': { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
})
const asked = (names: readonly string[] | undefined, name: string): boolean =>
  names === undefined || names.some((part) => name.includes(part))

const agents = AGENTS.filter(({ name }) => asked(values.agent, name)).flatMap((agent) => {
  const program = programOf(agent)
  if (program === undefined) process.stderr.write(`${agent.name} is not installed on this platform.\n`)
  const sides = DIALECTS.find(({ name }) => name === agent.dialect)
  return program === undefined || sides === undefined ? [] : [{ agent: asItComes(agent), program, sides }]
})
const isAsked = ({ name }: Row): boolean => asked(values.row, name)
if (agents.length === 0 || !STAGES.flat().some(isAsked)) {
  const rows = STAGES.flat().map(({ name }) => name)
  const names = `${AGENTS.map(({ name }) => name).join(', ')}. The rows:\n${rows.join('\n')}\n`
  process.stderr.write(`No agent or no row has this name. The agents: ${names}`)
  process.exit(2)
}

const until = performance.now() + Number(values.minutes) * 60_000
const settled = await Promise.all(agents.map(async (each) => ({ ...each, where: await place() })))
const tried: Tried[] = []

// The first stage says what is usual for a task.
const isWanted = (row: Row, stage: number): boolean =>
  isAsked(row) || (stage === 0 && STAGES.flat().some((each) => isAsked(each) && each.task === row.task))
const trials = STAGES.flatMap((rows, stage) =>
  WAYS.flatMap((through) =>
    rows
      .filter((row) => row.ways.includes(through) && isWanted(row, stage))
      .flatMap((row) => settled.flatMap((each) => (takesPart(each.agent, row) ? [{ ...each, row, through }] : []))),
  ),
)
const begun = new Set<Agent>()
await inTurns(trials, Number(values['at-once']), async (trial) => {
  const { agent, row, through } = trial
  const seconds = begun.has(agent) ? row.seconds : Math.max(FIRST_SECONDS, row.seconds)
  begun.add(agent)
  // One that is ended because the whole time is over would say nothing of the agent.
  if (performance.now() + row.seconds * 1000 > until) return
  const outcome = await attempt({ ...trial, seconds })
  tried.push({ agent, row, through, outcome })
  process.stderr.write(`${agent.name}, ${row.name}, ${through}: ${cell(outcome)}\n`)
})

await Promise.all(settled.map(({ where }) => where[Symbol.asyncDispose]()))

const missing = trials.length - tried.length
const summary = `${tried.length} trials${missing > 0 ? `; ${missing} were not run in ${values.minutes} minutes` : ''}`
const faults = brokenLaws(tried)
process.stdout.write(`${table(tried)}\n\n${[summary, ...faults].join('\n')}\n`)
if (values.write) await writeFile(PAGE, page(tried, { summary, faults, versions: await versions() }))
if (faults.length > 0 || tried.length === 0) process.exitCode = 1

/** The agent with its own number of retries. */
function asItComes(agent: Agent): Agent {
  const files: Agent['files'] = (url, model) =>
    Object.fromEntries(
      Object.entries(agent.files(url, model)).map(([path, text]) => [
        path,
        text.replaceAll(/^\w+_max_retries = 0$/gm, ''),
      ]),
    )
  return { ...agent, files }
}

async function versions(): Promise<Readonly<Record<string, string>>> {
  const { devDependencies, optionalDependencies } = JSON.parse(
    await readFile(new URL('package.json', import.meta.url), 'utf8'),
  ) as Record<'devDependencies' | 'optionalDependencies', Record<string, string>>
  return { ...devDependencies, ...optionalDependencies }
}
