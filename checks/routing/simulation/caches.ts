import { type ChatEvent, type Layer, pipe, type Provider } from '@rivulet/core'
import { ManualClock, wrap } from '@rivulet/core/provider'
import { balance, type GroupOptions, hedge } from '@rivulet/router'
import { scriptedFailure, scriptedProvider, type ScriptedStep } from '@rivulet/testkit'
import { exponential, logNormal, type Random, seeded } from './random.ts'

/** Conversations, and members that each keep a conversation in a cache of their own. Times are in virtual milliseconds. */

/** How long a member keeps a conversation after its last request: the default of vendors. */
const CACHED_MS = 300_000
/** To first content, at the median, with the conversation in the cache and without. */
const HIT_MS = 300
const MISS_MS = 1200
const REST_MS = 2000
/** Between an answer and the next request of its conversation, on average. */
const PAUSE_MS = 40_000
const TURNS = 12
/** In which conversations begin. */
const DURATION_MS = 1_800_000
const OUTAGE_FROM_MS = 900_000
const MEMBERS = ['a', 'b', 'c', 'd']

export type CacheGroup = (members: readonly Provider[], options: GroupOptions, world: CacheWorld) => Provider

interface CacheWorld {
  random: Random
  /** For the members of a group that keeps conversations at home: counts to how many of them each is sent. */
  atHome: Layer
}

export const CACHE_GROUPS: Readonly<Record<string, CacheGroup>> = {
  'in turn': (members, options) => balance(members, { ...options, by: 'round-robin' }),
  'by latency': (members, options, { random }) => balance(members, { ...options, by: 'latency', random }),
  'by affinity': (members, options) => balance(members, { ...options, by: 'affinity' }),
  'by affinity, hedged': (members, options, { random, atHome }) => {
    const home = members.map((member) => pipe(member, atHome))
    const copies = balance(members, { ...options, by: 'random', random, id: 'copies' })
    return hedge([balance(home, { ...options, by: 'affinity' }), copies], { clock: options.clock, afterMs: 1500 })
  },
}

/** Keeps the members that each session was sent to. */
const recording =
  (homes: Map<string, Set<string>>): Layer =>
  (next) =>
    wrap(next, {
      stream(request, call) {
        const { session = '' } = request
        homes.set(session, (homes.get(session) ?? new Set<string>()).add(next.id))
        return next.stream(request, call)
      },
    })

export interface CacheOutcome {
  calls: number
  answered: number
  /** Calls after the first of their conversation, and how many of them found it in the cache of the member that answered. */
  later: number
  hits: number
  /** Of the time to first content. */
  p50: number
  p95: number
  requests: number
  /** The most members that a conversation was sent to as to its home; 0 where that is not recorded. */
  homes: number
}

export interface CacheRun {
  group: CacheGroup
  sessions: number
  /** How long the first member is down. */
  outageMs: number
  seed: number
}

/** Runs conversations through a group. Equal settings give equal outcomes. */
export async function conversations({ group, sessions, outageMs, seed }: CacheRun): Promise<CacheOutcome> {
  const homes = new Map<string, Set<string>>()
  const clock = new ManualClock(0)
  const random = seeded(seed)
  const isDown = (id: string, now: number): boolean =>
    id === MEMBERS[0] && now >= OUTAGE_FROM_MS && now < OUTAGE_FROM_MS + outageMs
  const members = MEMBERS.map((id) => {
    const cachedUntil = new Map<string, number>()
    return scriptedProvider(id, clock, ({ now, request: { session = '' } }) => {
      if (isDown(id, now)) return scriptedFailure(id, 'overloaded', 20)
      const isHit = (cachedUntil.get(session) ?? 0) > now
      cachedUntil.set(session, now + CACHED_MS)
      return answer(id, isHit, logNormal(random, isHit ? HIT_MS : MISS_MS, 0.35))
    })
  })
  const provider = group(members, { clock, breaker: {} }, { random: seeded(seed + 2), atHome: recording(homes) })
  // Random numbers of their own, so that conversations begin at the same times whatever the group draws.
  const arrivals = seeded(seed + 1)
  const times: number[] = []
  let [calls, later, hits] = [0, 0, 0]
  const turn = (session: string, left: number, pause: () => number): void => {
    calls++
    void ask(provider, session, clock).then((read) => {
      if (read !== undefined) times.push(read.firstMs)
      if (left < TURNS) {
        later++
        if (read?.isHit === true) hits++
      }
      if (left > 1)
        clock.after(pause(), () => {
          turn(session, left - 1, pause)
        })
    })
  }
  for (let index = 0; index < sessions; index++) {
    const pauses = seeded(seed + 1000 + index)
    clock.after(arrivals() * DURATION_MS, () => {
      turn(`session-${index}`, TURNS, () => exponential(pauses, PAUSE_MS))
    })
  }
  await clock.run()
  times.sort((one, other) => one - other)
  return {
    calls,
    answered: times.length,
    later,
    hits,
    p50: times[Math.floor(times.length * 0.5)] ?? 0,
    p95: times[Math.floor(times.length * 0.95)] ?? 0,
    requests: members.reduce((sum, { requests }) => sum + requests, 0),
    homes: Math.max(0, ...[...homes.values()].map(({ size }) => size)),
  }
}

/** The model of the answer says whether the conversation was in the cache. */
const answer = (id: string, isHit: boolean, firstMs: number): readonly ScriptedStep[] => [
  {
    afterMs: firstMs,
    events: [
      { type: 'start', provider: id, model: isHit ? 'hit' : 'miss' },
      { type: 'text', text: 'Hello' },
    ],
  },
  { afterMs: REST_MS, events: [{ type: 'finish', reason: 'stop' }] },
]

async function ask(
  provider: Provider,
  session: string,
  clock: ManualClock,
): Promise<{ firstMs: number; isHit: boolean } | undefined> {
  const begun = clock.now()
  const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello' }], session }
  let start: Extract<ChatEvent, { type: 'start' }> | undefined
  let firstMs = 0
  try {
    for await (const event of provider.stream(request)) {
      if (event.type === 'start') start = event
      if (event.type === 'text') firstMs = clock.now() - begun
    }
    return { firstMs, isHit: start?.model === 'hit' }
  } catch {
    return undefined
  }
}
