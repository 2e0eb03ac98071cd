import type { Clock, Provider } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { balance, failover, type GroupOptions, hedge } from '@rivulet/router'
import {
  scriptedAnswer,
  scriptedFailure,
  scriptedProvider,
  type ScriptedProvider,
  type ScriptedStep,
} from '@rivulet/testkit'
import { callOf } from './call.ts'
import { exponential, logNormal, pareto, seeded } from './random.ts'

/** What a group never does, in the worst case. Times are in virtual milliseconds. */

type Group = (members: readonly Provider[], options: GroupOptions) => Provider

export const DOWN_GROUPS: Readonly<Record<string, Group>> = {
  failover: (members, options) => failover(members, options),
  'balance by latency': (members, options) => balance(members, { ...options, by: 'latency', random: seeded(3) }),
  hedge: (members, options) => hedge(members, { ...options, afterMs: 100 }),
}

/** Three members that answer alike. */
const three = (clock: Clock, answer: (id: string) => readonly ScriptedStep[]): ScriptedProvider[] =>
  ['a', 'b', 'c'].map((id) => scriptedProvider(id, clock, () => answer(id)))

const requestsOf = (members: readonly ScriptedProvider[]): number =>
  members.reduce((sum, { requests }) => sum + requests, 0)

export interface Down {
  calls: number
  /** All requests to the members. */
  requests: number
  /** Of these, how many in a minute, once the first ten minutes are over. */
  perMinute: number
}

const DOWN_MS = 1_200_000

/** Three members that are all down for twenty minutes, and a call every so often. */
export async function allDown(group: Group, options: GroupOptions, everyMs: number): Promise<Down> {
  const clock = new ManualClock(0)
  const members = three(clock, (id) => scriptedFailure(id, 'overloaded', 20))
  const provider = group(members, { ...options, clock })
  let calls = 0
  const arrive = (): void => {
    calls++
    void callOf(provider, clock)
    if (clock.now() + everyMs < DOWN_MS) clock.after(everyMs, arrive)
  }
  clock.after(0, arrive)
  await clock.run(DOWN_MS / 2)
  const early = requestsOf(members)
  await clock.run()
  const requests = requestsOf(members)
  return { calls, requests, perMinute: (requests - early) / (DOWN_MS / 2 / 60_000) }
}

export interface Hedged {
  calls: number
  answered: number
  requests: number
  /** Of the time to first content. */
  p99: number
}

/** Three members, of whose requests three in a hundred get stuck for 8 s or much longer. */
export async function heavyTail(group: Group, calls: number): Promise<Hedged> {
  const random = seeded(7)
  const stuck = (): number => (random() < 0.03 ? pareto(random, 8000, 1.5) : logNormal(random, 400, 0.4))
  return hedged(
    group,
    calls,
    () => stuck(),
    () => exponential(random, 30),
  )
}

/** Three members that all take 30 s, and 200 calls a second. */
export const allSlow = (group: Group, calls: number): Promise<Hedged> =>
  hedged(
    group,
    calls,
    () => 30_000,
    () => 5,
  )

async function hedged(group: Group, calls: number, firstMs: () => number, everyMs: () => number): Promise<Hedged> {
  const clock = new ManualClock(0)
  const members = three(clock, (id) => scriptedAnswer(id, firstMs(), 1000))
  const provider = group(members, { clock })
  const times: number[] = []
  let begun = 0
  const arrive = (): void => {
    void callOf(provider, clock).then((ms) => {
      if (ms !== undefined) times.push(ms)
    })
    if (++begun < calls) clock.after(everyMs(), arrive)
  }
  clock.after(0, arrive)
  await clock.run()
  times.sort((one, other) => one - other)
  return {
    calls,
    answered: times.length,
    requests: requestsOf(members),
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
  }
}

export const HEDGE_RATIO = 0.05
const CALLS = 20_000

/** All of it, for a terminal. */
export async function bounds(): Promise<string> {
  const lines = ['\nBounds: what a group never does, in the worst case. Three members, in virtual time.']
  const say = (name: string, words: string): void => void lines.push(`  ${name.padEnd(46)}  ${words}`)
  const bare = await allDown(failover, { attempts: 2 }, 200)
  say('all down, failover of 2 attempts', `${(bare.requests / bare.calls).toFixed(2)} requests for a call`)
  for (const [name, group] of Object.entries(DOWN_GROUPS)) {
    const found: string[] = []
    for (const everyMs of [2000, 200, 20]) {
      const { requests, calls, perMinute } = await allDown(group, { breaker: {} }, everyMs)
      found.push(
        `${perMinute.toFixed(1)} a minute at ${1000 / everyMs} calls/s (${(requests / calls).toFixed(4)} a call)`,
      )
    }
    say(`all down, ${name}, breakers: probes`, found.join(', '))
  }
  const options = { maxExtraRatio: HEDGE_RATIO, allowance: 0 }
  const alone = await heavyTail(failover, CALLS)
  const tail = await heavyTail((members, more) => hedge(members, { ...more, ...options, afterPercentile: 95 }), CALLS)
  const extra = (tail.requests / tail.calls - 1) * 100
  say(
    'heavy tail: p99 without and with a hedge',
    `${(alone.p99 / 1000).toFixed(2)} s, ${(tail.p99 / 1000).toFixed(2)} s: 1/${(alone.p99 / tail.p99).toFixed(1)}`,
  )
  say('  extra requests, of 5 % allowed', `${extra.toFixed(2)} %`)
  const storm = await allSlow((members, more) => hedge(members, { ...more, ...options, afterMs: 500 }), CALLS)
  say('all slow: extra requests, of 5 % allowed', `${((storm.requests / storm.calls - 1) * 100).toFixed(2)} %`)
  return lines.join('\n')
}
