import { parseArgs } from 'node:util'
import { progress } from './progress.ts'
import { mib } from './soak/figures.ts'
import { soak, type Soaked, soakGateway } from './soak/soak.ts'
import { aligned } from './table.ts'

const HELP = `pnpm soak [gateway|library …] [--in-turn 10000] [--at-once 1000] [--probability 0.5] [--seed 1]
Streams with random faults against the simulator: through Lockchat alone and through a group of two (library), and through a
gateway in front of a group, with clients of four dialects that leave at random and endpoints that are killed while they answer
(gateway). Prints their outcomes and what remains afterwards: sockets, listeners, timers, heap. Exit code 1 when something has not
returned to its level before, when an answer was neither whole nor told to be broken, and when a key was in an answer, the log, the
metrics or a recording.
`

const PARTS = { library: soak, gateway: soakGateway }

function report({ name, streams, outcomes, kills, before, after, ms, wrong }: Soaked): string {
  const counts = [...outcomes].sort(([, a], [, b]) => b - a).map(([outcome, count]) => `${outcome} ${count}`)
  const lines = [
    ['', 'before', 'after'],
    ['sockets', String(before.sockets), String(after.sockets)],
    ['listeners', String(before.listeners), String(after.listeners)],
    ['timers', String(before.timers), String(after.timers)],
    ['heap', mib(before.heapBytes), mib(after.heapBytes)],
  ]
  const verdict = wrong.length === 0 ? 'nothing remains' : `REMAINING: ${wrong.join('; ')}`
  const killed = kills === 0 ? '' : `, an endpoint killed ${kills} times`
  return `${name}: ${streams} streams in ${(ms / 1000).toFixed(1)} s${killed}\n${counts.join(', ')}\n${aligned(lines)}\n${verdict}\n\n`
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'in-turn': { type: 'string', default: '10000' },
      'at-once': { type: 'string', default: '1000' },
      probability: { type: 'string', default: '0.5' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name))
  if (unknown !== undefined) {
    process.stderr.write(`There is no part "${unknown}". The parts are ${Object.keys(PARTS).join(', ')}.\n`)
    return 2
  }
  const line = progress()
  let wrong = 0
  const numbers = {
    inTurn: Number(values['in-turn']),
    atOnce: Number(values['at-once']),
    probability: Number(values.probability),
    seed: Number(values.seed),
  }
  for (const [name, part] of Object.entries(PARTS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    for await (const soaked of part({ ...numbers, show: line.show })) {
      line.end()
      process.stdout.write(report(soaked))
      wrong += soaked.wrong.length
    }
  }
  line.end()
  return wrong === 0 ? 0 : 1
}

process.exitCode = await main()
