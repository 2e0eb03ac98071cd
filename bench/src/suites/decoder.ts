import type { Bench } from '../bench.ts'
import { Child } from '../child.ts'
import type { Task } from '../contender.ts'
import { median, timesFloor } from '../figures.ts'
import type { Race, Row } from '../result.ts'
import { LONG_EVENTS } from '../works/decoder.ts'

/** The length of one event. The limit is 16 MB; from 8 MB on, most of the cost is the kernel's allocation of memory. */
const LONG_EVENT_MB = 2

const PIECES = [
  { label: 'in pieces of 1 byte', what: 'events', size: 1 },
  { label: 'in pieces of 7 bytes', what: 'events', size: 7 },
  { label: 'in pieces of 1 KB', what: 'events', size: 1024 },
  { label: 'in pieces of 64 KB', what: 'events', size: 64 * 1024 },
  { label: `events of ${LONG_EVENT_MB} MB, in pieces of 1 KB`, what: 'long-event', size: 1024 },
] as const

const MB = 1024 * 1024

/**
 * Whether the decoder is linear: the cost of reading twice as much, as a ratio. Beside it the cost per byte, which is that of a
 * piece, shared among its bytes.
 */
export async function decoder(bench: Bench): Promise<Race> {
  const rows: Row[] = []
  for (const { label, what, size } of PIECES) {
    bench.progress(`The decoder  ${label}`)
    const long = what === 'long-event'
    // Single bytes cost a hundred times as much as a large piece.
    const megabytes = long ? LONG_EVENT_MB : bench.quick && size < 1024 ? 16 : 64
    const { halves, wholes } = await figuresOf(bench, { url: what, size, times: megabytes, atOnce: false })
    const bytes = megabytes * MB * (long ? LONG_EVENTS : 1)
    const perByte = (cpu: number): number => (cpu * 1000) / bytes
    rows.push({
      label,
      kind: 'ours',
      isFloor: false,
      median: perByte(median(wholes)),
      min: perByte(Math.min(...wholes)),
      max: perByte(Math.max(...wholes)),
      ratio: timesFloor(wholes, halves),
      target: { ratio: 2.2 },
    })
  }
  return {
    kind: 'race',
    suite: 'decoder',
    id: 'decoder',
    title: 'The decoder of server-sent events',
    about: 'Up to 64 MB of events, however they are cut. Twice as much may cost at most twice as much.',
    unit: 'ns/byte',
    versus: `× half as much`,
    rows,
  }
}

/** CPU time in µs of the task and of half of it, in a process without the pieces of other rows. */
async function figuresOf(bench: Bench, task: Task): Promise<{ halves: number[]; wholes: number[] }> {
  const child = new Child('decoder', bench.execArgv)
  const half = { ...task, times: task.times / 2 }
  const halves: number[] = []
  const wholes: number[] = []
  try {
    await child.measure(half)
    for (let round = 0; round < (bench.quick ? 3 : 5); round++) {
      halves.push((await child.measure(half)).cpu)
      wholes.push((await child.measure(task)).cpu)
    }
  } finally {
    child.end()
  }
  return { halves, wholes }
}
