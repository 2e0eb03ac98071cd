import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import {
  byteServer,
  type ByteServer,
  codesOf,
  type Failure,
  failures,
  headOf,
  openPart,
  pieceOf,
  type Script,
  type Subject,
  writing,
} from '@rivulet/testkit'
import { bareServer, nowMs } from './bare-socket.ts'
import type { Finding, Place } from './matrix.ts'
import type { Call, Told } from './one-call.ts'
import { joined } from '../../../scripts/joined.ts'
import type { Proved } from './subjects.ts'

/** A case for a process with one call: a failure, or a way in which the caller leaves. */
export interface Case {
  name: string
  rows: readonly number[]
  manner: Call['manner']
  failure?: Failure
}

/** Every failure of the table, and the two ways in which a caller leaves. */
export const CASES: readonly Case[] = [
  ...failures.map((failure): Case => ({ name: failure.name, rows: failure.rows, manner: 'read', failure })),
  { name: 'the caller aborts', rows: [23], manner: 'abort' },
  { name: 'the caller breaks', rows: [24], manner: 'break' },
]

/** The place and the transport of a call. */
export type Way = Pick<Call, 'transport' | 'grouped'>

const ALONE: readonly Way[] = [
  { transport: 'undici', grouped: false },
  { transport: 'fetch', grouped: false },
]
/** The laws of groups cover their failures. How fast a group closes must be measured. */
const EVERYWHERE: readonly Way[] = [...ALONE, ...ALONE.map((way) => ({ ...way, grouped: true }))]

const half = ({ answers: { text } }: Subject): Script =>
  writing([headOf(text, 'chunked'), pieceOf(openPart(text), 'chunked')])

/** The longest that a close may take to reach the server, in milliseconds. */
const SEEN_MS = 10_000
/** The longest that a process may hang before it is killed, in milliseconds. */
const KILL_MS = 60_000
/** A machine that takes longer than this to close a bare socket has stalled, in milliseconds. */
const STALLED_MS = 10
/** The most measurements of one call. */
const TRIES = 5
/** Processes at a time. Measured ones run alone. */
const AT_ONCE = 2

let oneCall: Promise<string> | undefined

/** Makes one call in a process of its own. Rejects when the process fails, writes to stderr, or does not end by itself. */
async function told(call: Call): Promise<Told> {
  oneCall ??= joined(join(import.meta.dirname, 'one-call.ts'))
  const child = spawn(process.execPath, [await oneCall, JSON.stringify(call)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: KILL_MS,
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (signal !== null) throw new Error('the process did not end by itself')
  if (err !== '') throw new Error(`the process wrote to stderr: ${err}`)
  if (code !== 0) throw new Error(`the process ended with ${code}`)
  // Written by one-call.ts, in its last line.
  return JSON.parse(out) as Told
}

/** The observation of a process. */
export interface Observed {
  observed: string
  /** From the abort or break until the server saw the connection close, in milliseconds. */
  closedMs?: number
  /** The same for a bare socket that the process closes afterwards: the time that the machine itself takes. */
  bareMs?: number
}

/** Tries one case. Rejects with what is wrong. */
export async function tryCase(
  server: ByteServer,
  { id, subject }: Proved,
  { manner, failure }: Case,
  way: Way = { transport: 'undici', grouped: false },
): Promise<Observed> {
  const play = server.play(failure?.script(subject) ?? half(subject))
  const closedAt = play.first.then(async ({ closed }) => {
    await closed
    return nowMs()
  })
  const baseUrl = failure?.unreachable === true ? 'http://127.0.0.1:1' : play.baseUrl
  const call = { id, baseUrl, ...way, manner, silent: failure?.silent === true }
  if (failure === undefined) return leave(call, closedAt)
  const { outcome, code = '' } = await told(call)
  const codes: readonly string[] = codesOf(failure, subject)
  if (outcome !== 'error' || !codes.includes(code)) {
    throw new Error(`expected ${codes.join(' or ')}, got ${outcome} ${code}`)
  }
  if (failure.unreachable !== true) await seen(closedAt)
  return { observed: `${code}; the process ended by itself` }
}

/** Measures again when the bare socket shows that the machine had stalled: then the call was not what was measured. */
async function unstalled(measure: () => Promise<Observed>): Promise<Observed> {
  let found = await measure()
  for (let tries = 1; tries < TRIES && (found.bareMs ?? 0) > STALLED_MS; tries++) found = await measure()
  return found
}

/** A call whose caller leaves, and how long its connection stays open afterwards. */
async function leave(call: Call, closedAt: Promise<number>): Promise<Observed> {
  await using bare = await bareServer()
  const { outcome, code = '', leftAtMs = 0, bareLeftAtMs = 0 } = await told({ ...call, barePort: bare.port })
  const expected = call.manner === 'abort' ? 'aborted' : 'left'
  if (outcome !== expected) throw new Error(`expected ${expected}, got ${outcome} ${code}`)
  const closedMs = Math.max(0, (await seen(closedAt)) - leftAtMs)
  const bareMs = Math.max(0, (await seen(bare.closedAt)) - bareLeftAtMs)
  const observed = `closed at the server after ${closedMs.toFixed(1)} ms (a bare socket: ${bareMs.toFixed(1)} ms); the process ended by itself`
  return { observed, closedMs, bareMs }
}

/** Waits for the server to see the close: a process that has ended has closed its sockets. */
async function seen(closedAt: Promise<number>): Promise<number> {
  const late = new AbortController()
  try {
    return await Promise.race([closedAt, setTimeout(SEEN_MS, NaN, { signal: late.signal }).then(notSeen)])
  } finally {
    late.abort()
  }
}

function notSeen(): never {
  throw new Error('the process has ended, but the server saw no close')
}

interface Job {
  one: Proved
  of: Case
  way: Way
}

/** Every case for every provider, over both transports; with `quick`, over undici only. */
export function jobsOf(proved: readonly Proved[], row?: number, quick = false): Job[] {
  return proved.flatMap((one) =>
    CASES.filter(({ failure }) => failure?.exempts?.(one.subject) === undefined)
      .filter(({ rows }) => row === undefined || rows.includes(row))
      .flatMap((of) => (of.failure === undefined ? EVERYWHERE : ALONE).map((way) => ({ one, of, way })))
      .filter(({ way }) => !quick || way.transport === 'undici'),
  )
}

/** Runs each job in a process of its own. */
export async function* processes(jobs: readonly Job[]): AsyncGenerator<Finding, undefined> {
  await using server = await byteServer()
  const run = async ({ one, of, way }: Job): Promise<Finding> => {
    const about = {
      id: one.id,
      provider: one.subject.name,
      law: `in a process of its own: ${of.name}`,
      rows: of.rows,
      transport: way.transport,
      form: 'streamed',
      place: (way.grouped ? 'in a group' : 'alone') satisfies Place,
    } as const
    try {
      return { ...about, ok: true, ...(await unstalled(() => tryCase(server, one, of, way))) }
    } catch (error) {
      return { ...about, ok: false, observed: error instanceof Error ? error.message : String(error) }
    }
  }
  const measured = jobs.filter(({ of }) => of.failure === undefined)
  const others = jobs.filter(({ of }) => of.failure !== undefined)
  for (let at = 0; at < others.length; at += AT_ONCE) yield* await Promise.all(others.slice(at, at + AT_ONCE).map(run))
  for (const job of measured) yield await run(job)
}
