/**
 * What a stream costs, side by side. How it avoids fooling itself: the source and every contender run in processes of
 * their own; the figure is a contender's CPU time and not the clock; contenders take turns, so that a slow minute of the
 * machine meets all; warm-up rounds are not counted; each round is checked to have read the same text; medians are
 * printed with their spread, and everything as a ratio to the floor of the same run.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import type { Figure, Task } from './client.ts'
import { contenders } from './contenders.ts'
import { benchDecoder } from './decoder.ts'
import { median } from './figures.ts'

const HELP = `pnpm bench [--quick] [--rounds 15]

CPU time of reading a streamed answer over loopback, as a ratio to the plainest loop that can read it.
`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit()
}
const rounds = values.quick ? 7 : Number(values.rounds)
const WARM_UP_ROUNDS = 10

const source = spawn(process.execPath, [new URL('source.ts', import.meta.url).pathname], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const [port] = (await once(source.stdout, 'data')) as [Buffer]
const origin = `http://127.0.0.1:${port.toString().trim()}`

await compare('Backlogged: 20,000 chunks, a read brings up to 64 KB', `${origin}/backlogged/20000`, 20_000)
await compare('Paced: 2,000 chunks, a read brings one', `${origin}/paced/2000`, 2_000)
await compare('Short: a stream of 50 chunks, all in', `${origin}/backlogged/50`, 50, 100)
source.stdin.end()
benchDecoder()

async function compare(title: string, url: string, chunks: number, streams = 1): Promise<void> {
  process.stdout.write(`\n${title}\n${''.padEnd(50)}  µs/chunk   (min – max)       × floor\n`)
  const clients = new Map<string, ChildProcess>()
  const costs = new Map<string, number[]>()
  for (const name of Object.keys(contenders)) {
    clients.set(name, fork(new URL('client.ts', import.meta.url), [name], { execArgv: process.execArgv }))
    costs.set(name, [])
  }
  let expected: number | undefined
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const [name, client] of clients) {
      const task: Task = { url, streams }
      client.send(task)
      const [figure] = (await once(client, 'message')) as [Figure]
      expected ??= figure.characters
      if (figure.characters !== expected) throw new Error(`${name} read ${figure.characters} characters of ${expected}`)
      if (round >= 0) costs.get(name)?.push(figure.cpu / chunks / streams)
    }
  }
  for (const client of clients.values()) client.disconnect()
  const base = median(costs.values().next().value ?? [])
  for (const [name, figures] of costs) {
    const cost = median(figures)
    const spread = `(${Math.min(...figures).toFixed(2)} – ${Math.max(...figures).toFixed(2)})`
    const label = (contenders[name]?.name ?? name).padEnd(50)
    const columns = [label, cost.toFixed(2).padStart(8), ` ${spread.padEnd(16)}`, (cost / base).toFixed(2).padStart(7)]
    process.stdout.write(`${columns.join('  ')}\n`)
  }
}
