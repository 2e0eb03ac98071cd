import { scriptedAnswer, scriptedFailure, scriptedProvider, type ScriptedProvider } from '@rivulet/testkit'
import { exponential, logNormal, pareto } from './random.ts'
import { isPart, type Scenario, type World } from './scenario.ts'

const MEDIAN_MS = 400
const REST_MS = 2000
/** After this a member that says nothing is given up by its own deadline. */
const SILENCE_MS = 20_000

const well = ({ random }: World, id: string, factor = 1) =>
  scriptedAnswer(id, logNormal(random, MEDIAN_MS * factor, 0.35), REST_MS)
/** Of the rate limits. */
const WINDOW_MS = 10_000

const silent = (id: string) => scriptedFailure(id, 'timeout', SILENCE_MS)

/** Four members, of which `answer` says what the first does. */
function withFirst(
  world: World,
  answer: (now: number) => ReturnType<typeof scriptedAnswer>,
): readonly (readonly ScriptedProvider[])[] {
  const rest = ['b', 'c', 'd'].map((id) => scriptedProvider(id, world.clock, () => well(world, id)))
  return [[scriptedProvider('a', world.clock, ({ now }) => answer(now)), ...rest]]
}

/** How many requests there were in the last second, this one included. */
function perSecond(): (now: number) => number {
  const recent: number[] = []
  let first = 0
  return (now) => {
    recent.push(now)
    while ((recent[first] ?? now) <= now - 1000) first++
    if (first > 10_000) {
      recent.splice(0, first)
      first = 0
    }
    return recent.length - first
  }
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'outage',
    title: 'An outage',
    story: 'Member a takes requests and says nothing for the middle third of the time.',
    regions: (world) => withFirst(world, (now) => (isPart(world, now, 1 / 3, 2 / 3) ? silent('a') : well(world, 'a'))),
  },
  {
    name: 'brown-out',
    title: 'A brown-out',
    story:
      'For half of the time, member a fails every other request after 0.8 s and is three times slower for the rest.',
    regions: (world) =>
      withFirst(world, (now) => {
        if (!isPart(world, now, 1 / 4, 3 / 4)) return well(world, 'a')
        return world.random() < 0.5 ? scriptedFailure('a', 'overloaded', 800) : well(world, 'a', 3)
      }),
  },
  {
    name: 'slow-member',
    title: 'A slow member',
    story: 'Member a takes five times as long as the others, always.',
    regions: (world) => withFirst(world, () => well(world, 'a', 5)),
  },
  {
    name: 'heavy-tail',
    title: 'A heavy tail',
    story: 'Three in a hundred requests get stuck for 8 s or much longer, at every member, at random.',
    regions: (world) => [
      ['a', 'b', 'c', 'd'].map((id) =>
        scriptedProvider(id, world.clock, () =>
          world.random() < 0.03
            ? scriptedAnswer(id, Math.min(120_000, pareto(world.random, 8000, 1.5)), REST_MS)
            : well(world, id),
        ),
      ),
    ],
  },
  {
    name: 'correlated',
    title: 'Failing together',
    story:
      'Members a and b share a backend that fails for ten seconds of every minute or so; c and d are slower by three quarters.',
    regions: (world) => {
      const episodes: number[] = []
      for (let at = 0; at < world.durationMs; at += 10_000 + exponential(world.random, 50_000)) episodes.push(at)
      const isDown = (now: number): boolean => episodes.some((from) => now >= from && now < from + 10_000)
      const backend = (id: string) =>
        scriptedProvider(id, world.clock, ({ now }) =>
          isDown(now) ? scriptedFailure(id, 'overloaded', 2000) : well(world, id),
        )
      const slower = (id: string) => scriptedProvider(id, world.clock, () => well(world, id, 1.75))
      return [[backend('a'), backend('b'), slower('c'), slower('d')]]
    },
  },
  {
    name: 'rate-limits',
    title: 'Rate limits',
    story:
      'Each member takes 40 % of the traffic: what is above that in ten seconds has a 429, with a Retry-After to their end.',
    regions: (world) => [
      ['a', 'b', 'c', 'd'].map((id) => {
        const limit = Math.max(2, world.requestsPerMs * WINDOW_MS * 0.4)
        let [from, taken] = [0, 0]
        return scriptedProvider(id, world.clock, ({ now }) => {
          if (now >= from + WINDOW_MS) [from, taken] = [now - (now % WINDOW_MS), 0]
          return taken++ < limit ? well(world, id) : scriptedFailure(id, 'rate-limited', 30, from + WINDOW_MS - now)
        })
      }),
    ],
  },
  {
    name: 'retry-storm',
    title: 'A retry storm',
    story:
      'All members are down for a twelfth of the time; callers ask up to three times; a member that has more than 1.6 times all of the usual traffic answers none of it.',
    callersRetry: true,
    regions: (world) => [
      ['a', 'b', 'c', 'd'].map((id) => {
        const rate = perSecond()
        const limit = Math.max(4, world.requestsPerMs * 1000 * 1.6)
        return scriptedProvider(id, world.clock, ({ now }) =>
          rate(now) > limit || isPart(world, now, 1 / 3, 5 / 12)
            ? scriptedFailure(id, 'overloaded', 50)
            : well(world, id),
        )
      }),
    ],
  },
  {
    name: 'region-gone',
    title: 'A region gone',
    story: 'Three regions of many members each; all of the first fall silent for the middle third of the time.',
    regions: (world) =>
      ['east', 'west', 'south'].map((region, index) =>
        Array.from({ length: world.regionSize }, (_, number) => {
          const id = `${region}-${number}`
          return scriptedProvider(id, world.clock, ({ now }) =>
            index === 0 && isPart(world, now, 1 / 3, 2 / 3) ? silent(id) : well(world, id, 1 + index / 4),
          )
        }),
      ),
  },
]
