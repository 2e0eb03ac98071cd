import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The core of each side, on a machine with two. */
const CORES = { source: 1, contender: 0 }

let taskset: boolean | undefined

/**
 * The command that starts a process on one core: a client that happens to move to the sender's core and back costs up to twice as
 * much. Without `taskset` or a second core, the process is not pinned.
 */
export function pinned(side: keyof typeof CORES): { command: string; args: string[] } {
  taskset ??= availableParallelism() > 1 && canPin()
  const node = process.execPath
  return taskset ? { command: 'taskset', args: ['-c', String(CORES[side]), node] } : { command: node, args: [] }
}

function canPin(): boolean {
  try {
    // One by one: taskset accepts a set when this process may use one of its cores.
    for (const core of Object.values(CORES)) execFileSync('taskset', ['-c', String(core), 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
