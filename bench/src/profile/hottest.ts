import { basename } from 'node:path'
import type { Hot } from '../result.ts'

/** The part of a `.cpuprofile` that is read. Line numbers count from 0. */
export interface CpuProfile {
  nodes: {
    id: number
    callFrame: { functionName: string; url: string; lineNumber: number }
    /** Ids of its callees. */
    children?: number[]
  }[]
  samples: number[]
}

/** The process waited. */
const IDLE = new Set(['(idle)', '(root)'])

/**
 * The functions with the most samples of their own, and their share of all samples in which code ran. Samples are counted instead of
 * their times: when the machine gives the core to another process, one sample lasts as long as a hundred.
 */
export function hottest({ nodes, samples }: CpuProfile, count: number): Hot[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const seen = new Map<string, Hot>()
  let busy = 0
  for (const id of samples) {
    const frame = frames.get(id)
    if (frame === undefined || IDLE.has(frame.functionName)) continue
    busy++
    const { functionName, url, lineNumber } = frame
    const place = url === '' ? '' : `${placeOf(url)}:${lineNumber + 1}`
    const key = `${functionName} ${place}`
    const hot = seen.get(key) ?? { name: functionName === '' ? '(anonymous)' : functionName, place, share: 0 }
    hot.share++
    seen.set(key, hot)
  }
  return [...seen.values()]
    .sort((a, b) => b.share - a.share)
    .slice(0, count)
    .map((hot) => ({ ...hot, share: hot.share / Math.max(1, busy) }))
}

/** Files of Node whose cost belongs to their caller. */
const SERVANTS = /^node:(internal\/)?(buffer|encoding)/

export interface Share {
  room: string
  share: number
}

/**
 * Shares by owner of the code: a package of ours, undici, Node. The work of the engine and of Node's buffers counts for the calling
 * function, except for garbage collection, which serves all.
 */
export function rooms({ nodes, samples }: CpuProfile): Share[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const roomOf = (id: number | undefined): string => {
    const frame = id === undefined ? undefined : byId.get(id)?.callFrame
    if (frame === undefined || frame.functionName === '(program)') return 'the engine'
    if (frame.functionName === '(garbage collector)') return 'garbage'
    if (frame.url === '' || SERVANTS.test(frame.url)) return roomOf(id === undefined ? undefined : callers.get(id))
    if (frame.url.startsWith('node:')) return 'node'
    // undici's HTTP parser.
    if (frame.url.startsWith('wasm:')) return 'undici'
    const place = placeOf(frame.url)
    return place.includes('/') ? (place.split('/', 1)[0] ?? place) : 'bench'
  }
  const counts = new Map<string, number>()
  let busy = 0
  for (const id of samples) {
    if (IDLE.has(byId.get(id)?.callFrame.functionName ?? '')) continue
    busy++
    const room = roomOf(id)
    counts.set(room, (counts.get(room) ?? 0) + 1)
  }
  return [...counts]
    .map(([room, count]) => ({ room, share: count / Math.max(1, busy) }))
    .sort((a, b) => b.share - a.share)
}

/** `core/src/stream.ts` for our files, `undici/…/readable.js` for a package's, `node:…` for Node's. */
function placeOf(url: string): string {
  const ours = /\/packages\/(.+)$/.exec(url)?.[1]
  if (ours !== undefined) return ours
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(url)
  if (installed !== null) return `${installed[1] ?? ''}/…/${basename(installed[2] ?? '')}`
  return url.startsWith('file:') ? basename(url) : url
}
