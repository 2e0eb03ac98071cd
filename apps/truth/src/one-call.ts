/**
 * One call in a process of its own, for `processes.ts`: asks, says in one line of JSON what came of it, and has nothing more
 * to do. It never calls `process.exit()`: that it ends is what is proved.
 */

import { ChatError, collect, isContent } from '@rivulet/core'
import { subjectOf } from './subjects.ts'

export type Manner = 'read' | 'break' | 'abort'

/** What a call came to. */
export interface Told {
  outcome: 'end' | 'error' | 'left' | 'aborted'
  code?: string
  text: string
  /** Milliseconds since 1970, when the caller left. */
  leftAtMs?: number
}

/** Short, for failures that only a deadline ends: the others have theirs in full, however busy the machine is. */
const DEADLINES = { connectMs: 5_000, firstTokenMs: 600, idleMs: 600, totalMs: 1_200 }
/** Nobody listens on this port. */
const NOWHERE = 'http://127.0.0.1:1'
const nowMs = (): number => performance.timeOrigin + performance.now()

async function call(id: string, baseUrl: string, manner: Manner, silent: boolean): Promise<Told> {
  const { provider, request } = await subjectOf(id)
  // What a first call loads may take longer than its deadlines, on a busy machine: it is loaded before.
  if (silent) await collect(provider({ baseUrl: NOWHERE }).stream(request)).catch(() => undefined)
  const caller = new AbortController()
  const reason = new Error('the caller left')
  let text = ''
  let leftAtMs: number | undefined
  try {
    const stream = provider({ baseUrl, ...(silent && { deadlines: DEADLINES }) }).stream(request, {
      signal: caller.signal,
    })
    for await (const event of stream) {
      if (event.type === 'text') text += event.text
      if (!isContent(event) || manner === 'read') continue
      leftAtMs = nowMs()
      if (manner === 'break') break
      caller.abort(reason)
    }
  } catch (error) {
    if (error === reason) return { outcome: 'aborted', text, ...(leftAtMs !== undefined && { leftAtMs }) }
    return { outcome: 'error', text, code: error instanceof ChatError ? error.code : String(error) }
  }
  return leftAtMs === undefined ? { outcome: 'end', text } : { outcome: 'left', text, leftAtMs }
}

const [id = '', baseUrl = '', manner = 'read', silence] = process.argv.slice(2)
const told = await call(id, baseUrl, manner === 'break' || manner === 'abort' ? manner : 'read', silence === 'silent')
console.log(JSON.stringify(told))
