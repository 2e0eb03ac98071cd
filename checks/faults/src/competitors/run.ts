import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { COMPETITORS_FOLDER } from '@rivulet/bench/competitors'
import { byteServer } from '@rivulet/testkit'
import type { CompetitorCase } from './cases.ts'
import { competitorSubject } from './dialects.ts'
import type { Competitor } from './competitors.ts'
import type { Facts } from './verdict.ts'

/** The longest that a competitor may take from its request to its end, and from there to the close, in milliseconds. */
export const LIMITS = { settleMs: 8_000, closeMs: 2_000, startMs: 60_000 }
/** After so many milliseconds all sent bytes have arrived, so that the abort comes in the middle of a wait. */
const CALM_MS = 250

/** The most attempts to get a request from a competitor. */
const TRIES = 5

interface Run {
  facts: Facts
  /** The whole text of the answer. */
  text: string
}

/** One competitor under one fault, in a process of its own. */
export async function runCompetitor(competitor: Competitor, one: CompetitorCase): Promise<Run> {
  for (let tries = 0; tries < TRIES; tries++) {
    const run = await attempt(competitor, one)
    if (run !== undefined) return run
  }
  throw new Error(`${competitor.name} sent no request in ${TRIES} attempts`)
}

/** `undefined` when no request came: on a busy machine, a deadline may end the call before the fault. */
async function attempt({ file, dialect }: Competitor, one: CompetitorCase): Promise<Run | undefined> {
  await using server = await byteServer()
  await using other = await byteServer()
  const subject = await competitorSubject(dialect)
  const { text } = subject.answers
  const elsewhere = other.play((exchange) => {
    exchange.fin()
  })
  const play = server.play(one.script(subject, elsewhere.baseUrl))
  const args = [file, play.baseUrl, one.manner === 'break' ? 'break' : 'read']
  const execArgv = ['--conditions=@rivulet/source']
  const child = fork(`${COMPETITORS_FOLDER}faults/read.js`, args, {
    execArgv,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  try {
    const told = messagesOf(child)
    await atMost(LIMITS.startMs, told.next())
    const answer = told.next()
    // A competitor that loads slowly does not hang: its time starts with its request.
    const requested = play.first.then(() => true)
    if ((await atMost(LIMITS.startMs, Promise.race([requested, answer.then(() => false)]))) !== true) return undefined
    if (one.manner === 'abort') await delay(CALM_MS).then(() => child.send('abort'))
    const settled = await atMost(LIMITS.settleMs, answer)
    const exchange = play.exchanges[0]
    const closing = settled !== undefined && one.closes === true ? exchange?.closed.then(() => true) : undefined
    const closed = closing !== undefined && (await atMost(LIMITS.closeMs, closing))
    const { outcome = 'hangs', text: read = '', error, unhandled = 0 } = settled ?? {}
    const keyElsewhere = elsewhere.exchanges.some(({ request }) =>
      JSON.stringify(request.headers).includes('sk-competitor'),
    )
    const facts: Facts = {
      outcome,
      text: read,
      ...(error !== undefined && { error }),
      unhandled,
      closed: closed === true,
      bytesTaken: exchange?.bytesSent ?? 0,
      elsewhere: elsewhere.exchanges.length,
      keyElsewhere,
    }
    return { facts, text: text.text ?? '' }
  } finally {
    child.kill('SIGKILL')
  }
}

type Told = Partial<Pick<Facts, 'outcome' | 'text' | 'error' | 'unhandled'>>

/** The messages of a process, one after the other; an error when it has ended. */
function messagesOf(child: ChildProcess): { next: () => Promise<Told> } {
  const came: Told[] = []
  let waiting: ((told: Told) => void) | undefined
  const take = (told: Told): void => {
    if (waiting === undefined) came.push(told)
    else waiting(told)
    waiting = undefined
  }
  child.on('message', (message) => {
    // Sent by read.js.
    take(message as Told)
  })
  child.on('exit', () => {
    take({ outcome: 'error', error: 'the process ended', unhandled: 1 })
  })
  return {
    next: () => {
      const first = came.shift()
      if (first !== undefined) return Promise.resolve(first)
      return new Promise((resolve) => (waiting = resolve))
    },
  }
}

async function atMost<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const over = new AbortController()
  const timer = delay(ms, undefined, { signal: over.signal }).catch(() => undefined)
  try {
    return await Promise.race([promise, timer])
  } finally {
    over.abort()
  }
}
