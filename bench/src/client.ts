/**
 * One contender in a process of its own, so that none pays for, or profits from, what another has left behind in the
 * engine. For each task it answers with its CPU time; a folder in place of a task begins a profile, and `null` ends it.
 *
 * Nothing here calls `gc()`: a forced collection throws optimised code away, and what is measured after it is another
 * program.
 */
import type { Task } from './contender.ts'
import { contenders } from './contenders.ts'
import { type Recording, recordCpu } from './profile/record.ts'

export interface Figure {
  /** CPU time, user and system, in µs. */
  cpu: number
  /** What came out: the same for every contender of a race. */
  proof: string
  /** The most memory that the process has held so far, in MB. */
  peakMb: number
  /** What it holds now, in MB. */
  rssMb: number
}

/** From the parent: something to do, a profile to begin (its file), or the profile's end. */
export type Order = { task: Task } | { profile: string } | { profile: null }

export type Reply = Figure | { done: true } | { failed: string }

const entry = contenders[process.argv[2] ?? '']
if (entry === undefined) throw new Error(`no contender ${process.argv[2] ?? ''}`)
const work = await entry.load()
let recording: Recording | undefined

process.on('message', (order: Order) => {
  obey(order).then(
    (reply) => process.send?.(reply),
    (error: unknown) =>
      process.send?.({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})

async function obey(order: Order): Promise<Reply> {
  if ('task' in order) return measure(order.task)
  if (order.profile === null) await recording?.stop()
  else recording = await recordCpu(order.profile)
  return { done: true }
}

async function measure(task: Task): Promise<Figure> {
  const before = process.cpuUsage()
  const proof = await work(task)
  const { user, system } = process.cpuUsage(before)
  const { peakMb, rssMb } = memory()
  return { cpu: user + system, proof: proof(), peakMb, rssMb }
}

function memory(): { peakMb: number; rssMb: number } {
  return { peakMb: process.resourceUsage().maxRSS / 1024, rssMb: process.memoryUsage.rss() / 1024 ** 2 }
}
