/** One agent, one task, one ending: with a gateway in between, or straight at the broken endpoint. */

import { gateway, type HoldMode } from '@rivulet/gateway'
import type { DialectSides } from '@rivulet/dialects/dialects'
import { failover } from '@rivulet/router'
import { simulator, type Simulator } from '@rivulet/simulator'
import type { Agent } from './agents.ts'
import { ANSWERS } from './capture.ts'
import { ANSWER, type Ending } from './endings.ts'
import { relay } from './relay.ts'
import { run, type Place } from './start.ts'

/** How an agent reaches the endpoint: through the gateway, by what it holds, or without it. */
export type Through = HoldMode | 'no gateway'

export interface Trial {
  agent: Agent
  program: string
  sides: DialectSides
  /** `undefined`: both members are healthy. */
  ending: Ending | undefined
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
  seconds: number
}

/** What the agent shows: the answer alone; the answer and pieces of others; pieces alone; something else. */
export type Shown = 'right' | 'seam' | 'partial' | 'nothing'

/** An agent that asks more than this is in a loop. */
const MOST = 60

export async function attempt({ agent, program, sides, ending, through, seconds, where }: Trial): Promise<Outcome> {
  await using broken = await simulator({ seed: 1, pace: 'instant' })
  await using healthy = await simulator({ seed: 1, pace: 'instant' })
  const fault = await ending?.fault({ agent, sides, folder: where.folder, sim: broken })
  broken.clear()
  broken.fault(sides.simulated, fault)
  await using target = await open(through, sides, broken, healthy)
  const stop = new AbortController()
  const upstream = (): number => answersOf(broken) + answersOf(healthy)
  await using front = await relay(target.url, () => {
    if (Math.max(front.asked, upstream()) >= MOST) stop.abort()
  })
  const began = performance.now()
  const task = { prompt: 'count to 5', seconds, signal: stop.signal }
  const { code, stdout } = await run(agent, program, front.url, where, task)
  return {
    asked: front.asked,
    upstream: upstream(),
    code,
    shown: shownIn(stdout),
    seconds: (performance.now() - began) / 1000,
  }
}

async function open(
  through: Through,
  sides: DialectSides,
  broken: Simulator,
  healthy: Simulator,
): Promise<AsyncDisposable & { url: string }> {
  if (through === 'no gateway') {
    return { url: `${broken.url}/${sides.simulated}`, [Symbol.asyncDispose]: () => Promise.resolve() }
  }
  const member = (sim: Simulator) =>
    sides.provider({ apiKey: 'key-of-the-check', baseUrl: sim.baseUrl(sides.simulated) })
  const { listen } = gateway(failover([member(broken), member(healthy)]), { hold: through })
  const { url, close } = await listen({ port: 0 })
  return { url, [Symbol.asyncDispose]: () => close({ drainMs: 0 }) }
}

const answersOf = ({ requests }: Simulator): number =>
  requests.filter(({ method, path }) => method === 'POST' && ANSWERS.test(path)).length

function shownIn(stdout: string): Shown {
  const whole = stdout.indexOf(ANSWER)
  const rest = whole < 0 ? stdout : stdout.slice(0, whole) + stdout.slice(whole + ANSWER.length)
  const hasPiece = rest.includes('1, 2')
  if (whole < 0) return hasPiece ? 'partial' : 'nothing'
  return hasPiece ? 'seam' : 'right'
}
