/**
 * What a group costs, beside the member alone. How it avoids fooling itself: each contender runs in a process of its own, and
 * so does the endpoint; the figure is CPU time and not the clock; contenders take turns, so that a slow minute of the machine
 * affects all; the first rounds are not counted; each round's ratio is to the member alone in the same round, and the median of
 * these is printed with its middle half; all must have read the same text; no timed process forces garbage
 * collection, because that throws compiled code away.
 */
import { type ChildProcess, execFile, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs, promisify } from 'node:util'
import type { Figure, Task } from './client.ts'
import { CONTENDERS } from './contenders.ts'
import { type Spread, spreadOf } from './figures.ts'

const HELP = `What a group costs for each event, as a ratio to its member alone, in CPU time.

  pnpm overhead [options]

  --rounds N        counted for each figure (15)
  --only WORD       contenders with this word in their names, beside the member alone
  --part NAME       cpu, choice or bytes (all)
  --help            this
`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    only: { type: 'string', default: '' },
    part: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit()
}

const WARM_UP_ROUNDS = 6
const BASE = Object.keys(CONTENDERS)[0] ?? ''
const names = Object.keys(CONTENDERS).filter((name) => name === BASE || name.includes(values.only))
const file = (name: string): URL => new URL(name, import.meta.url)

async function ask(client: ChildProcess, task: Task): Promise<Figure> {
  client.send(task)
  client.once('exit', failed)
  // A client answers each task with one figure.
  const [figure] = (await once(client, 'message')) as [Figure]
  client.off('exit', failed)
  return figure
}

/** A client that exits has printed why. The endpoint exits with this process. */
function failed(): void {
  process.exit(1)
}

function started(more: readonly string[] = []): Map<string, ChildProcess> {
  const execArgv = [...process.execArgv, ...more]
  return new Map(names.map((name) => [name, fork(file('client.ts'), [name], { execArgv })]))
}

async function compare(title: string, task: Task): Promise<void> {
  process.stdout.write(`\n${title}\n`)
  const clients = started()
  const ratios = new Map<string, number[]>()
  const base: number[] = []
  for (let round = -WARM_UP_ROUNDS; round < Number(values.rounds); round++) {
    let alone: Figure | undefined
    for (const [name, client] of clients) {
      const figure = await ask(client, task)
      alone ??= figure
      if (figure.characters !== alone.characters) throw new Error(`${name} read another text`)
      if (round < 0) continue
      if (name === BASE) base.push(figure.cost / task.streams / task.events)
      else ratios.set(name, [...(ratios.get(name) ?? []), figure.cost / alone.cost])
    }
  }
  for (const client of clients.values()) client.disconnect()
  const { median, low, high } = spreadOf(base)
  line(BASE, `${median.toFixed(3)} µs for an event (${low.toFixed(3)} – ${high.toFixed(3)})`)
  for (const [name, all] of ratios) line(name, `× ${shown(spreadOf(all), 3)}`)
}

async function weigh(): Promise<void> {
  process.stdout.write(
    '\nBytes by the event: allocated for one, and kept by one stream at its end, of 5,000 and of 20,000 events\n',
  )
  const clients = started(['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'])
  for (const [name, client] of clients) {
    const of = async (events: number): Promise<Figure> =>
      ask(client, { events, perRead: 8, reading: 'by the event', streams: 1, bytes: true })
    const [short, long] = [await of(5000), await of(20_000)]
    const each = [short.cost / 5000, long.cost / 20_000].map((bytes) => bytes.toFixed(0).padStart(4)).join(', ')
    const kept = [short.kept, long.kept].map((bytes) => `${(bytes / 1024).toFixed(0).padStart(4)} KiB`).join(', ')
    line(name, `allocated ${each}   kept ${kept}`)
    client.disconnect()
  }
}

async function choices(): Promise<void> {
  process.stdout.write('\nThe choice among 10,000 members, in µs of CPU time\n')
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...process.execArgv,
    file('../../../packages/router/bench/choice.ts').pathname,
    '10000',
  ])
  // What choice.ts prints.
  for (const { name, figures } of JSON.parse(stdout) as { name: string; figures: number[] }[]) {
    line(name, shown(spreadOf(figures), 3))
  }
}

const line = (name: string, words: string): void => void process.stdout.write(`  ${name.padEnd(34)}  ${words}\n`)
const shown = ({ median, low, high }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${low.toFixed(digits)} – ${high.toFixed(digits)})`

async function main(): Promise<void> {
  const wants = (part: string): boolean => values.part === undefined || values.part === part
  if (wants('choice')) await choices()
  if (wants('bytes')) await weigh()
  if (!wants('cpu')) return
  const endpoint = spawn(process.execPath, [...process.execArgv, file('endpoint.ts').pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [port] = (await once(endpoint.stdout, 'data')) as [Buffer]
  const origin = `http://127.0.0.1:${port.toString().trim()}`
  for (const reading of ['by the event', 'by the batch'] as const) {
    await compare(`Over a socket, one event a read, read ${reading}`, {
      origin,
      events: 2000,
      perRead: 1,
      reading,
      streams: 6,
    })
    await compare(`Over a socket, 64 events a read, read ${reading}`, {
      origin,
      events: 20_000,
      perRead: 64,
      reading,
      streams: 1,
    })
    await compare(`In this process, one event a read, read ${reading}`, {
      events: 20_000,
      perRead: 1,
      reading,
      streams: 5,
    })
    await compare(`In this process, 64 events a read, read ${reading}`, {
      events: 20_000,
      perRead: 64,
      reading,
      streams: 10,
    })
  }
  endpoint.stdin.end()
}

await main()
