import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { median } from '../figures.ts'
import { Load, opened } from './load.ts'
import { Running } from './running.ts'
import type { Server } from './servers.ts'

/** What a measurement needs of a run. */
export interface Scale {
  readonly upstream: string
  readonly execArgv: readonly string[]
  readonly quick: boolean
}

const REQUEST = 'whole-8'
const CONNECTIONS = 16

/** CPU of the server for one short answer, in µs. A round; the first of a server are not counted. */
export async function requestUs(running: Running, { quick }: Scale): Promise<number> {
  const times = quick ? 1_000 : 2_000
  const load = Load.of(running, CONNECTIONS)
  try {
    const before = running.cpuUs
    await load.askAll(REQUEST, times, CONNECTIONS)
    return (running.cpuUs - before) / times
  } finally {
    await load.close()
  }
}

const STREAMS = 50

/** CPU of the server for one chunk of 50 streams at 100 chunks a second each, in µs: its core idles between them. */
export async function chunkUs(running: Running, { quick }: Scale): Promise<number> {
  const seconds = quick ? 2 : 5
  // Half of it warms up: what is measured is the second.
  const model = `paced-${2 * seconds * 100}`
  const load = Load.of(running, STREAMS)
  let chunks = 0
  const count = (more: number): void => {
    chunks += more
  }
  try {
    const all = Array.from({ length: STREAMS }, () => load.ask(model, count))
    await delay(seconds * 1000)
    const [cpu, seen] = [running.cpuUs, chunks]
    await delay(seconds * 1000 * 0.9)
    const figure = (running.cpuUs - cpu) / (chunks - seen)
    await Promise.all(all)
    return figure
  } finally {
    await load.close()
  }
}

/** How much later the first byte of an answer comes than without the server, in ms: the median of many, asked in turn. */
export async function addedMs(running: Running, { upstream, quick }: Scale): Promise<number> {
  const direct = new Load(Number(new URL(upstream).port), {}, 1)
  const through = Load.of(running, 1)
  const [without, within]: [number[], number[]] = [[], []]
  try {
    for (let time = 0; time < (quick ? 100 : 400); time++) {
      without.push((await direct.ask('whole-1')).firstMs)
      within.push((await through.ask('whole-1')).firstMs)
    }
  } finally {
    await direct.close()
    await through.close()
  }
  return median(within) - median(without)
}

/** At a time: a server must not be judged by its backlog. */
const OPENINGS = 50

/** Memory of one stream whose model is slow, in KB, beyond that of a warm server without any. */
export async function streamKb(server: Server, count: number, { upstream, execArgv }: Scale): Promise<number> {
  const running = await Running.start(server, upstream, execArgv)
  const sockets: Socket[] = []
  try {
    const load = Load.of(running, CONNECTIONS)
    await load.askAll(REQUEST, 500, CONNECTIONS)
    await load.close()
    const before = running.rssKb
    while (sockets.length < count) {
      const batch = Array.from({ length: Math.min(OPENINGS, count - sockets.length) }, () => opened(running))
      sockets.push(...(await Promise.all(batch)))
    }
    return (running.rssKb - before) / count
  } finally {
    for (const socket of sockets) socket.removeAllListeners('close').destroy()
    await running.stop()
  }
}

/** From the start of the process to its first answer, in ms. */
export async function startMs(server: Server, { upstream, execArgv }: Scale): Promise<number> {
  const running = await Running.start(server, upstream, execArgv)
  await running.stop()
  return running.startMs
}
