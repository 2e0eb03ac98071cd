/** One agent, one row, one way: with a gateway in between, or straight at the endpoint. */

import { gateway } from '@rivulet/gateway'
import type { DialectSides } from '@rivulet/dialects/dialects'
import { failover } from '@rivulet/router'
import type { Agent } from './agents.ts'
import { relay } from './relay.ts'
import type { Row, Through } from './rows.ts'
import { run, type Place } from './start.ts'
import { halvesIn, missingIn, type Task } from './tasks.ts'
import type { Upstream } from './upstream.ts'

export interface Trial {
  agent: Agent
  program: string
  sides: DialectSides
  row: Row
  through: Through
  /** After this long the agent is ended. */
  seconds: number
  /** One for all trials of an agent: some take longest to set up an empty home. */
  where: Place
}

export interface Outcome {
  /** Requests for an answer that the agent sent. */
  asked: number
  /** Of them and of the gateway's attempts, those that reached an endpoint. */
  upstream: number
  /** `null` when the agent was ended. */
  code: number | null
  shown: Shown
  /** What of the task's calls did not come back to the endpoint. */
  missing: readonly string[]
  /** Calls that came back though no answer had them whole. */
  halves: number
  /** Requests that reached an endpoint though the strict simulator refuses them. */
  refused: number
  seconds: number
}

/** What the agent shows: the answer alone; the answer and pieces of others; pieces alone; something else. */
export type Shown = 'right' | 'seam' | 'partial' | 'nothing'

/** An agent that asks more than this is in a loop. */
const MOST = 60

export async function attempt(trial: Trial): Promise<Outcome> {
  const { agent, program, sides, row, through, where } = trial
  const { task } = row
  await using upstream = await row.open({ agent, sides, folder: where.folder })
  await using target = await open(through, sides, upstream)
  const stop = new AbortController()
  await using front = await relay(target.url, () => {
    if (Math.max(front.asked, upstream.asked) >= MOST) stop.abort()
  })
  const began = performance.now()
  const ended = await run(agent, program, front.url, where, {
    prompt: task.prompt,
    seconds: trial.seconds,
    signal: stop.signal,
  })
  const seconds = (performance.now() - began) / 1000
  const requests = upstream.requests()
  return {
    asked: front.asked,
    upstream: upstream.asked,
    code: ended.code,
    shown: shownIn(ended.stdout, task),
    missing: missingIn(requests, task.turns(agent)),
    halves: halvesIn(requests, task.turns(agent), where.folder),
    refused: await upstream.refused(),
    seconds,
  }
}

async function open(
  through: Through,
  sides: DialectSides,
  { url, members }: Upstream,
): Promise<AsyncDisposable & { url: string }> {
  if (through === 'no gateway') return { url, [Symbol.asyncDispose]: () => Promise.resolve() }
  const providers = members.map((baseUrl) => sides.provider({ apiKey: 'key-of-the-check', baseUrl }))
  const { listen } = gateway(failover(providers), { hold: through })
  const server = await listen({ port: 0 })
  return { url: server.url, [Symbol.asyncDispose]: () => server.close({ drainMs: 0 }) }
}

function shownIn(stdout: string, { answer, piece }: Task): Shown {
  const whole = stdout.indexOf(answer)
  const rest = whole < 0 ? stdout : stdout.slice(0, whole) + stdout.slice(whole + answer.length)
  const hasPiece = rest.includes(piece)
  if (whole < 0) return hasPiece ? 'partial' : 'nothing'
  return hasPiece ? 'seam' : 'right'
}
