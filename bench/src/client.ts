/**
 * One contender in a process of its own, so that no contender is affected by what another has left in the engine. It answers each
 * task with its CPU time; a file instead of a task begins a profile, `null` ends it.
 *
 * Nothing here calls `gc()`: a forced collection discards optimised code, so that the measurement would be of another program.
 */
import type { Task } from './contender.ts'
import { contenders } from './contenders.ts'
import { type Recording, recordCpu } from './profile/record.ts'

export interface Figure {
  /** CPU time, user and system, in µs. */
  cpu: number
  /** A checksum of the result: equal for every contender of a race. */
  proof: string
  /** Peak memory of the process so far, in MB. */
  peakMb: number
  /** Memory now, in MB. */
  rssMb: number
}

/** From the parent: a task, the beginning of a profile (its file), or its end. */
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
