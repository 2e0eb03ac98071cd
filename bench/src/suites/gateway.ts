import { readFileSync } from 'node:fs'
import type { Bench } from '../bench.ts'
import { median, timesFloor } from '../figures.ts'
import { addedMs, chunkUs, requestUs, type Scale, startMs, streamKb } from '../gateway/measures.ts'
import { openUpstream } from '../gateway/open-upstream.ts'
import { Running } from '../gateway/running.ts'
import { type Server, servers } from '../gateway/servers.ts'
import { GATEWAY_SUITE } from '../report/page.ts'
import type { Race, Target } from '../result.ts'

interface Measure {
  readonly id: string
  readonly title: string
  readonly about: string
  readonly unit: string
  readonly target: Target
  readonly rounds: number
  /** Rounds that are not counted. */
  readonly warmUp: number
}

/**
 * A server between clients and an endpoint: CPU and memory of its process alone. Needs Linux, whose `/proc` counts them for
 * processes of any kind.
 */
export async function* gateways(bench: Bench): AsyncGenerator<Race, undefined> {
  if (process.platform !== 'linux') throw new Error('The suite gateway reads /proc, which this system does not have.')
  const { quick, execArgv, competitors } = bench
  const { servers: all, missing } = servers(competitors)
  const upstream = await openUpstream()
  const scale: Scale = { upstream: upstream.origin, quick, execArgv }
  const without = missing.length === 0 ? '' : ` Not installed here: ${missing.join(', ')}.`
  const slow = Math.min(quick ? 1_000 : 5_000, slowStreams())
  try {
    const running: Running[] = []
    for (const server of all) running.push(await Running.start(server, upstream.origin, execArgv))
    try {
      for (const [measure, figure] of STANDING) {
        const rounds = quick ? 1 : measure.rounds
        yield await raceOf({ ...measure, rounds, about: measure.about + without }, bench, all, (_server, at) => {
          const one = running[at]
          if (one === undefined) throw new Error('the server does not run')
          return figure(one, scale)
        })
      }
    } finally {
      for (const one of running) await one.stop()
    }
    yield await raceOf(
      {
        id: 'gateway-memory',
        title: 'A gateway: memory of a slow stream',
        about: `Each of ${slow.toLocaleString('en-US')} open streams whose models are silent, in a new process.${without}`,
        unit: 'KB',
        target: { value: 80 },
        rounds: 1,
        warmUp: 0,
      },
      bench,
      all,
      (server) => streamKb(server, slow, scale),
    )
    yield await raceOf(
      {
        id: 'gateway-start',
        title: 'A gateway: its start',
        about: `From the start of the process to its first answer, by the clock.${without}`,
        unit: 'ms',
        target: { value: 300 },
        rounds: quick ? 3 : 5,
        warmUp: 1,
      },
      bench,
      all,
      (server) => startMs(server, scale),
    )
  } finally {
    upstream.close()
  }
}

const STANDING: readonly [measure: Measure, figure: (running: Running, scale: Scale) => Promise<number>][] = [
  [
    {
      id: 'gateway-request',
      title: 'A gateway: a short answer',
      about: 'CPU of the server for a request whose answer is a stream of 8 chunks in one write, 16 at a time.',
      unit: 'µs/request',
      target: { ratio: 1.6 },
      rounds: 3,
      warmUp: 2,
    },
    requestUs,
  ],
  [
    {
      id: 'gateway-paced',
      title: 'A gateway: a chunk',
      about: 'CPU of the server for a chunk of 50 streams at 100 chunks a second each: its core idles between them.',
      unit: 'µs/chunk',
      target: { ratio: 1.2 },
      rounds: 2,
      warmUp: 0,
    },
    chunkUs,
  ],
  [
    {
      id: 'gateway-first',
      title: 'A gateway: the first byte',
      about: 'How much later it comes than without the server, by the clock, for requests in turn.',
      unit: 'ms',
      target: { value: 0.5 },
      rounds: 3,
      warmUp: 0,
    },
    addedMs,
  ],
]

/** Servers take turns, so that a slow minute of the machine affects all. */
async function raceOf(
  { id, title, about, unit, target, rounds, warmUp }: Measure,
  bench: Bench,
  all: readonly Server[],
  figure: (server: Server, at: number) => Promise<number>,
): Promise<Race> {
  const figures = all.map((): number[] => [])
  for (let round = -warmUp; round < rounds; round++) {
    for (const [at, server] of all.entries()) {
      bench.progress(`${title}  round ${round + 1} of ${rounds}  ${server.label}`)
      const value = await figure(server, at)
      if (round >= 0) figures[at]?.push(value)
    }
  }
  const floor = figures[all.findIndex(({ isFloor }) => isFloor === true)] ?? []
  return {
    kind: 'race',
    suite: GATEWAY_SUITE,
    id,
    title,
    about,
    unit,
    rows: all.map(({ label, kind, isFloor = false }, at) => {
      const of = figures[at] ?? []
      return {
        label,
        kind,
        isFloor,
        median: median(of),
        min: Math.min(...of),
        max: Math.max(...of),
        ratio: timesFloor(of, floor),
        ...(kind === 'ours' && { target }),
      }
    }),
  }
}

/** As many as the limit of open files allows: a server has two for each. */
function slowStreams(): number {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  return Math.floor((Number(limit) - 200) / 2)
}
