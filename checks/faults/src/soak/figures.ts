import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** The resources that a process holds. */
export interface Figures {
  sockets: number
  timers: number
  listeners: number
  heapBytes: number
}

setFlagsFromString('--expose-gc')
// Only a new context has the function that the flag adds.
const gc = runInNewContext('gc') as () => void

export function figures(signal: AbortSignal): Figures {
  gc()
  const resources = process.getActiveResourcesInfo()
  const count = (pattern: RegExp): number => resources.filter((name) => pattern.test(name)).length
  return {
    sockets: count(/^(TCPSocketWrap|TLSSocketWrap|TCPConnectWrap)$/),
    timers: count(/^Timeout$/),
    listeners: process
      .eventNames()
      .reduce((sum, name) => sum + process.listenerCount(name), getEventListeners(signal, 'abort').length),
    heapBytes: process.memoryUsage().heapUsed,
  }
}

/** The growth that a heap may have in one run: the engine's caches and newly compiled code. */
const HEAP_SLACK_BYTES = 12 * 1024 * 1024

/** The figures that have not returned to their level before. */
export function leftovers(before: Figures, after: Figures): string[] {
  const found: string[] = []
  for (const name of ['sockets', 'timers', 'listeners'] as const) {
    if (after[name] > before[name]) found.push(`${name}: ${before[name]} before, ${after[name]} after`)
  }
  if (after.heapBytes > before.heapBytes + HEAP_SLACK_BYTES) {
    found.push(`heap: ${mib(before.heapBytes)} before, ${mib(after.heapBytes)} after`)
  }
  return found
}

export const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
