/**
 * What today's coding agents make of an endpoint whose answers end badly: straight at it, and through the gateway over it and a
 * healthy one, by what the gateway holds. Fails when a law does not hold.
 *
 *   pnpm agents --gateway                            prints the table
 *   pnpm agents --gateway --agent codex --row reset  some of it
 *   pnpm agents --gateway --write                    writes docs/agents.md as well
 *   pnpm agents --gateway --minutes 20 --at-once 2   longer than 10 minutes; two agents beside each other
 */

import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { DIALECTS } from '@rivulet/dialects/dialects'
import { AGENTS, type Agent } from './agents.ts'
import { ENDINGS } from './endings.ts'
import { broken, type Healthy, type Tried } from './laws.ts'
import { page, table } from './page.ts'
import { inTurns } from './in-turns.ts'
import { place, programOf } from './start.ts'
import { attempt, type Through } from './trial.ts'

/** The most important first: what is not run in time is missing in the table. */
const WAYS: readonly Through[] = ['answer', 'none', 'no gateway', 'calls']
const SECONDS = 40
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

// Another model of an agent adds nothing here.
const agents = AGENTS.filter(({ name }) => name !== 'codex-5' && asked(values.agent, name)).flatMap((agent) => {
  const program = programOf(agent)
  if (program === undefined) process.stderr.write(`${agent.name} is not installed on this platform.\n`)
  const sides = DIALECTS.find(({ name }) => name === agent.dialect)
  return program === undefined || sides === undefined ? [] : [{ agent: asItComes(agent), program, sides }]
})
const endings = ENDINGS.filter(({ name }) => asked(values.row, name))
if (agents.length === 0 || endings.length === 0) {
  const names = `${AGENTS.map(({ name }) => name).join(', ')}. The rows:\n${ENDINGS.map(({ name }) => name).join('\n')}\n`
  process.stderr.write(`No agent or no row has this name. The agents: ${names}`)
  process.exit(2)
}

const until = performance.now() + Number(values.minutes) * 60_000
const settled = await Promise.all(agents.map(async (each) => ({ ...each, where: await place() })))
const healthy: Healthy[] = []
const tried: Tried[] = []

const first = settled.map((each) => ({ ...each, ending: undefined, through: 'answer' as const }))
const trials = WAYS.flatMap((through) =>
  endings.flatMap((ending) => settled.map((each) => ({ ...each, ending, through }))),
)
await inTurns([...first, ...trials], Number(values['at-once']), async (trial) => {
  // The first trial of an agent sets up its home.
  const seconds = trial.ending === undefined ? 3 * SECONDS : SECONDS
  // One that is ended because the whole time is over would say nothing of the agent.
  if (performance.now() + SECONDS * 1000 > until) return
  const outcome = await attempt({ ...trial, seconds })
  const { agent, ending, through } = trial
  if (ending === undefined) healthy.push({ agent: agent.name, outcome })
  else tried.push({ agent: agent.name, ending, through, outcome })
  const { asked: own, upstream, code, shown } = outcome
  const what = `${agent.name}, ${ending?.name ?? 'healthy'}, ${through}`
  process.stderr.write(`${what}: ${own} asked, ${upstream} upstream, exit ${code ?? 'ended'}, ${shown}\n`)
})

await Promise.all(settled.map(({ where }) => where[Symbol.asyncDispose]()))

const missing = trials.length - tried.length
const summary = `${tried.length} trials${missing > 0 ? `; ${missing} were not run in ${values.minutes} minutes` : ''}`
const faults = broken(tried, healthy)
process.stdout.write(`${table(tried, healthy, WAYS)}\n\n${[summary, ...faults].join('\n')}\n`)
if (values.write) await writeFile(PAGE, page(tried, healthy, WAYS, { summary, faults, versions: await versions() }))
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
