import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What a process holds. */
export interface Figures {
  sockets: number
  timers: number
  listeners: number
  heapBytes: number
}

setFlagsFromString('--expose-gc')
// The function that the flag brings exists in new contexts only.
const gc = runInNewContext('gc') as () => void

export function figures(signal: AbortSignal): Figures {
  gc()
  const resources = process.getActiveResourcesInfo()
  const count = (pattern: RegExp): number => resources.filter((name) => pattern.test(name)).length
  return {
    sockets: count(/^(TCPSocketWrap|TLSSocketWrap|TCPConnectWrap)$/),
    timers: count(/^Timeout$/),
    listeners: getEventListeners(signal, 'abort').length,
    heapBytes: process.memoryUsage().heapUsed,
  }
}

/** What a heap may have grown by in a run: caches of the engine, and what it has compiled meanwhile. */
const HEAP_SLACK_BYTES = 12 * 1024 * 1024

/** What has not returned to where it was. */
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
