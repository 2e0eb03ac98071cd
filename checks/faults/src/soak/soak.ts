import { setTimeout as delay } from 'node:timers/promises'
import type { Deadlines, Provider, ProviderOptions } from '@rivulet/core'
import { undiciTransport } from '@rivulet/core/undici'
import { failover } from '@rivulet/router'
import { subjectOf } from '../subjects.ts'
import { endpointProcess, type EndpointProcess, Killer } from './endpoint-process.ts'
import { type Figures, figures, leftovers } from './figures.ts'
import { gatewayLoad } from './gateway.ts'
import { type Outcomes, streams, WRONG } from './streams.ts'

export interface SoakOptions {
  inTurn: number
  atOnce: number
  probability: number
  seed: number
  show?: (text: string) => void
}

/** One load, and what remained after it. */
export interface Soaked {
  name: string
  streams: number
  outcomes: Outcomes
  /** How often an endpoint was killed while it answered. */
  kills: number
  before: Figures
  after: Figures
  ms: number
  wrong: readonly string[]
}

/** In turn, short deadlines end a silence early; at once, everything is slow, and deadlines must tell silence from that. */
const IN_TURN: Deadlines = { connectMs: 2_000, firstTokenMs: 150, idleMs: 150, totalMs: 1_000 }
const AT_ONCE: Deadlines = { connectMs: 20_000, firstTokenMs: 10_000, idleMs: 10_000, totalMs: 30_000 }
/** Uncounted streams before each load, as a fraction of `inTurn`: what is loaded and compiled once is not a leak. */
const WARM_UP = 0.03
/** Shorter than usual, so that idle connections are closed before the count. */
const KEEP_ALIVE_MS = 1_000
/** The longest wait for what remains to be released, in milliseconds. */
const SETTLE_MS = 15_000

/** Streams with random faults, through lockchat alone and through a group: in turn, and at once. */
export async function* soak(options: SoakOptions): AsyncGenerator<Soaked, undefined> {
  const { inTurn, atOnce, probability, seed, show = () => undefined } = options
  const { urls, close } = await endpointProcess({ probability, seed })
  const [first, second] = [await subjectOf('lockchat'), await subjectOf('gravityengine')]
  const optionsFor = (baseUrl = '', deadlines: Deadlines): ProviderOptions => {
    return { baseUrl, deadlines, transport: undiciTransport({ keepAliveMs: KEEP_ALIVE_MS }) }
  }
  const lockchat = (deadlines: Deadlines): Provider => first.provider(optionsFor(urls.lockchat, deadlines))
  const group = (deadlines: Deadlines): Provider =>
    failover([lockchat(deadlines), second.provider(optionsFor(urls.gravityengine, deadlines))])
  try {
    for (const [name, make] of Object.entries({ 'lockchat alone': lockchat, 'failover of two': group })) {
      const load = async (how: string, deadlines: Deadlines, count: number, width: number): Promise<Soaked> => {
        let done = 0
        const { signal } = new AbortController()
        const onStream = (): void => {
          show(`${name}, ${how}: ${++done} of ${count}`)
        }
        // A model that both members serve.
        const request = { ...first.request, model: 'gpt-4' }
        const run = (): Promise<Outcomes> =>
          streams({ provider: make(deadlines), request, signal, onStream }, count, width)
        return measured(`${name}, ${how}`, signal, count, run)
      }
      await load('warming up', IN_TURN, Math.ceil(inTurn * WARM_UP), 20)
      yield await load('one after another', IN_TURN, inTurn, 1)
      yield await load('at once', AT_ONCE, atOnce, atOnce)
    }
  } finally {
    await close()
  }
}

/** Slow enough that a kill is in the middle of the answers of most requests under way. */
const PACE = { firstTokenMs: 1, tokensPerSecond: 1_000 }
/** Answers from one kill to the next; half as many as there are, if there are few. */
const KILL_EVERY = 500

/**
 * Streams with random faults, through a gateway in front of a group, in every dialect and mode of `hold`. The endpoint of each
 * member is a process that is killed now and then.
 */
export async function* soakGateway(options: SoakOptions): AsyncGenerator<Soaked, undefined> {
  const { inTurn, probability, seed, show = () => undefined } = options
  const start = (): Promise<EndpointProcess> => endpointProcess({ probability, seed, pace: PACE })
  const [first, second] = await Promise.all([start(), start()])
  const load = gatewayLoad({ first: first.urls, second: second.urls, keepAliveMs: KEEP_ALIVE_MS, seed })
  try {
    const { url, close: closeServer } = await load.server.listen({ port: 0 })
    const { signal } = new AbortController()
    const run = (count: number, onAnswer?: () => void): Promise<Outcomes> => {
      let done = 0
      return load.ask(url, count, () => {
        show(`a gateway: ${++done} of ${count}`)
        onAnswer?.()
      })
    }
    await measured('warming up', signal, 0, () => run(Math.ceil(inTurn * WARM_UP)))
    const killer = new Killer([first, second], Math.min(KILL_EVERY, Math.ceil(inTurn / 2)), seed)
    const soaked = await measured('a gateway, its clients and its group', signal, inTurn, async () => {
      const outcomes = await run(inTurn, () => {
        killer.answered()
      })
      await killer.settled()
      return outcomes
    })
    await closeServer()
    yield { ...soaked, kills: killer.kills, wrong: [...soaked.wrong, ...(await load.leaks())] }
  } finally {
    await Promise.all([first.close(), second.close()])
  }
}

async function measured(
  name: string,
  signal: AbortSignal,
  count: number,
  run: () => Promise<Outcomes>,
): Promise<Soaked> {
  await settled(() => figures(signal).sockets <= 1)
  const before = figures(signal)
  const startedAt = performance.now()
  const outcomes = await run()
  const ms = performance.now() - startedAt
  await settled(() => leftovers(before, figures(signal)).length === 0)
  const after = figures(signal)
  const wrong = [...leftovers(before, after), ...[...outcomes.keys()].filter((key) => key.startsWith(WRONG))]
  return { name, streams: count, outcomes, kills: 0, before, after, ms, wrong }
}

/** Waits until the condition holds, at most `SETTLE_MS`. Each look collects garbage: they get rarer. */
async function settled(isSo: () => boolean): Promise<void> {
  for (let waited = 0, ms = 250; waited < SETTLE_MS && !isSo(); waited += ms, ms *= 1.5) await delay(ms)
}
