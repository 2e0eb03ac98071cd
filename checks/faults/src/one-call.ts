/**
 * One call in a process of its own, for `processes.ts`: prints the outcome as one line of JSON, and has nothing more to do. It
 * never calls `process.exit()`: that the process ends is what is tested.
 */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { ChatError, collect, type ProviderOptions } from '@rivulet/core'
import { isContent } from '@rivulet/core/provider'
import { fetchTransport } from '@rivulet/core/fetch'
import { undiciTransport } from '@rivulet/core/undici'
import { failover } from '@rivulet/router'
import { nowMs } from './bare-socket.ts'
import { subjectOf } from './subjects.ts'

/** The call to make, and what its caller does. */
export interface Call {
  id: string
  baseUrl: string
  transport: 'undici' | 'fetch'
  grouped: boolean
  /** At the first content, the caller reads on, breaks or aborts. */
  manner: 'read' | 'break' | 'abort'
  /** Only a deadline ends the call. */
  silent: boolean
  /** The port of a server for a bare socket, which is closed after the caller has left. */
  barePort?: number
}

/** The outcome of a call. */
export interface Told {
  outcome: 'end' | 'error' | 'left' | 'aborted'
  code?: string
  text: string
  /** Milliseconds since 1970, when the caller left. */
  leftAtMs?: number
  /** Milliseconds since 1970, when the bare socket was closed. */
  bareLeftAtMs?: number
}

/** Short, for failures that only a deadline ends. All others have the default deadlines, for a busy machine. */
const DEADLINES = { connectMs: 5_000, firstTokenMs: 600, idleMs: 600, totalMs: 1_200 }
/** A port without a listener. */
const NOWHERE = 'http://127.0.0.1:1'

async function make({ id, baseUrl, transport, grouped, manner, silent }: Call): Promise<Told> {
  const { provider, request } = await subjectOf(id)
  const send = transport === 'fetch' ? fetchTransport() : undiciTransport()
  const at = (options: ProviderOptions) => provider({ transport: send, ...options })
  // On a busy machine, loading modules for the first call may take longer than its deadlines: load them before.
  if (silent) await collect(at({ baseUrl: NOWHERE }).stream(request)).catch(() => undefined)
  const caller = new AbortController()
  const reason = new Error('the caller left')
  let text = ''
  let leftAtMs: number | undefined
  try {
    const alone = at({ baseUrl, ...(silent && { deadlines: DEADLINES }) })
    const asked = grouped ? failover([alone]) : alone
    for await (const event of asked.stream(request, { signal: caller.signal })) {
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

async function bareSocket(port: number | undefined): Promise<Socket | undefined> {
  if (port === undefined) return undefined
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

// Written by processes.ts.
const call = JSON.parse(process.argv[2] ?? '') as Call
const bare = await bareSocket(call.barePort)
const told = await make(call)
const bareLeftAtMs = nowMs()
bare?.destroy()
console.log(JSON.stringify(bare === undefined ? told : { ...told, bareLeftAtMs }))
