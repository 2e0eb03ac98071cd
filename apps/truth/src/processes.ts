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
import type { Finding } from './matrix.ts'
import type { Manner, Told } from './one-call.ts'
import type { Proved } from './subjects.ts'

/** What is proved of a process with one call: how the world fails it, or how its caller leaves. */
interface Case {
  name: string
  rows: readonly number[]
  manner: Manner
  failure?: Failure
}

/** Every failure of the table, and the two ways in which a caller leaves. */
export const CASES: readonly Case[] = [
  ...failures.map((failure): Case => ({ name: failure.name, rows: failure.rows, manner: 'read', failure })),
  { name: 'the caller aborts', rows: [23], manner: 'abort' },
  { name: 'the caller breaks', rows: [24], manner: 'break' },
]

const half = ({ answers: { text } }: Subject): Script =>
  writing([headOf(text, 'chunked'), pieceOf(openPart(text), 'chunked')])

/** How long a close may be on its way, in milliseconds. */
const SEEN_MS = 10_000

/** How long a process may hang before it is killed, in milliseconds. */
const KILL_MS = 60_000

/** Runs one call in a process of its own. Rejects when the process fails, says something, or does not end by itself. */
async function runCall(id: string, baseUrl: string, { manner, failure }: Case): Promise<Told> {
  const file = join(import.meta.dirname, 'one-call.ts')
  const args = [id, baseUrl, manner, failure?.silent === true ? 'silent' : '']
  const child = spawn(process.execPath, ['--conditions=@rivulet/source', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: KILL_MS,
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (signal !== null) throw new Error('the process did not end by itself')
  if (err !== '') throw new Error(`the process said on stderr: ${err}`)
  if (code !== 0) throw new Error(`the process ended with ${code}`)
  // Written by one-call.ts, in its last line.
  return JSON.parse(out) as Told
}

/** Tries one case. Resolves with what was observed; rejects with what is wrong. */
export async function tryCase(server: ByteServer, { id, subject }: Proved, one: Case): Promise<string> {
  const play = server.play(one.failure?.script(subject) ?? half(subject))
  const closedAt = play.first.then(async ({ closed }) => {
    await closed
    return performance.timeOrigin + performance.now()
  })
  const baseUrl = one.failure?.unreachable === true ? 'http://127.0.0.1:1' : play.baseUrl
  const told = await runCall(id, baseUrl, one)
  const { outcome, code = '' } = told
  if (one.failure !== undefined) {
    const codes: readonly string[] = codesOf(one.failure, subject)
    if (outcome !== 'error' || !codes.includes(code)) {
      throw new Error(`expected ${codes.join(' or ')}, got ${outcome} ${code}`)
    }
    if (one.failure.unreachable !== true) await seen(closedAt)
    return `${code}; the process ended by itself`
  }
  const expected = one.manner === 'abort' ? 'aborted' : 'left'
  if (outcome !== expected) throw new Error(`expected ${expected}, got ${outcome} ${code}`)
  const ms = Math.max(0, (await seen(closedAt)) - (told.leftAtMs ?? 0)).toFixed(1)
  return `closed at the server after ${ms} ms; the process ended by itself`
}

/** A process that has ended has closed its sockets: the close is on its way to the server. */
async function seen(closedAt: Promise<number>): Promise<number> {
  const late = new AbortController()
  try {
    return await Promise.race([closedAt, setTimeout(SEEN_MS, NaN, { signal: late.signal }).then(notSeen)])
  } finally {
    late.abort()
  }
}

function notSeen(): never {
  throw new Error('the process has ended, and the server saw no close')
}

const isExempt = ({ failure }: Case, subject: Subject): boolean => failure?.exempts?.(subject) !== undefined

/** Every case for every provider, each in a process of its own, two at a time. */
export async function* processes(proved: readonly Proved[], row?: number): AsyncGenerator<Finding, undefined> {
  await using server = await byteServer()
  const jobs = proved.flatMap((one) =>
    CASES.filter((of) => !isExempt(of, one.subject) && (row === undefined || of.rows.includes(row))).map((of) => ({
      one,
      of,
    })),
  )
  const run = async ({ one, of }: (typeof jobs)[number]): Promise<Finding> => {
    const about = {
      id: one.id,
      provider: one.subject.name,
      law: `in a process of its own: ${of.name}`,
      rows: of.rows,
      transport: 'undici',
      form: 'streamed',
      place: 'alone',
    } as const
    try {
      return { ...about, ok: true, observed: await tryCase(server, one, of) }
    } catch (error) {
      return { ...about, ok: false, observed: error instanceof Error ? error.message : String(error) }
    }
  }
  for (let at = 0; at < jobs.length; at += 2) yield* await Promise.all(jobs.slice(at, at + 2).map(run))
}
