import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The core of each side, where there are two. */
const CORES = { source: 1, contender: 0 }

let taskset: boolean | undefined

/**
 * How a process is started that stays on one core: a client that moves to the core of the sender and back costs up to twice as
 * much, by luck. Where there is no `taskset`, or no second core, as it is.
 */
export function pinned(side: keyof typeof CORES): { command: string; args: string[] } {
  taskset ??= availableParallelism() > 1 && canPin()
  const node = process.execPath
  return taskset ? { command: 'taskset', args: ['-c', String(CORES[side]), node] } : { command: node, args: [] }
}

function canPin(): boolean {
  try {
    // One by one: of a set, it is enough for it that this process may use one.
    for (const core of Object.values(CORES)) execFileSync('taskset', ['-c', String(core), 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
