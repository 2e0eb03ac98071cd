import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { affinity } from './affinity.ts'
import { bounds } from './bounds.ts'
import { plot } from './plot.ts'
import { POLICIES } from './policies.ts'
import { SCENARIOS } from './scenarios.ts'
import { type Outcome, simulate } from './simulate.ts'
import { table } from './table.ts'

const HELP = `Runs the router against scripted members in virtual time, and draws the outcomes.

  node --conditions=@rivulet/source checks/routing/simulation/run.ts [options]

  --requests N     calls for each scenario and policy (20000)
  --seed N         of all chance; equal seeds give equal figures (1)
  --scenario NAME  only this one: ${[...SCENARIOS.map(({ name }) => name), 'bounds', 'affinity'].join(', ')}
  --members N      members of each region, where there are regions (20)
  --out FOLDER     where the pictures go; 'none' draws none (docs/guides/routing)
  --help           this
`

const OUT = join(import.meta.dirname, '../../../docs/guides/routing')

/** A whole number above 0. */
function count(name: string, value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1)
    throw new TypeError(`--${name} must be a whole number above 0, got "${value}".`)
  return number
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      scenario: { type: 'string' },
      members: { type: 'string', default: '20' },
      out: { type: 'string', default: OUT },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return
  }
  const settings = {
    requests: count('requests', values.requests),
    seed: count('seed', values.seed),
    regionSize: count('members', values.members),
  }
  const chosen = SCENARIOS.filter(({ name }) => values.scenario === undefined || name === values.scenario)
  const wantsBounds = values.scenario === undefined || values.scenario === 'bounds'
  const wantsAffinity = values.scenario === undefined || values.scenario === 'affinity'
  if (chosen.length === 0 && !wantsBounds && !wantsAffinity)
    throw new TypeError(`--scenario: no scenario "${values.scenario ?? ''}". See --help.`)
  for (const scenario of chosen) {
    const outcomes: Outcome[] = []
    const policies = POLICIES.filter(({ ofRegions }) => ofRegions !== true || scenario.name === 'region-gone')
    for (const policy of policies) outcomes.push(await simulate(scenario, policy, settings))
    console.log(table(scenario, outcomes))
    if (values.out === 'none') continue
    mkdirSync(values.out, { recursive: true })
    writeFileSync(join(values.out, `${scenario.name}.svg`), plot(scenario, outcomes))
  }
  if (wantsBounds) console.log(await bounds())
  if (wantsAffinity) console.log(await affinity(settings.seed))
}

await main().catch((error: unknown) => {
  console.error(error instanceof TypeError ? error.message : error)
  process.exitCode = 1
})
