import { ManualClock } from '@rivulet/core/provider'
import type { ScriptedProvider } from '@rivulet/testkit'
import { callOf } from './call.ts'
import { madeFor, type Policy } from './policies.ts'
import { exponential, seeded } from './random.ts'
import type { Scenario, World } from './scenario.ts'

/** The outcome of a policy in a scenario. Times to first content are in milliseconds, of the calls that were answered. */
export interface Outcome {
  policy: string
  calls: number
  answered: number
  p50: number
  p95: number
  p99: number
  /** All requests to the members. */
  requests: number
  /** The same for each member, or for each region. */
  load: ReadonlyMap<string, number>
}

export interface Settings {
  requests: number
  seed: number
  regionSize: number
}

const DURATION_MS = 600_000

/** Runs the router's own code, in virtual time, against scripted members. Equal settings give equal outcomes. */
export async function simulate(scenario: Scenario, policy: Policy, settings: Settings): Promise<Outcome> {
  const { requests, seed, regionSize } = settings
  const clock = new ManualClock(0)
  const world: World = {
    clock,
    random: seeded(seed),
    durationMs: DURATION_MS,
    requestsPerMs: requests / DURATION_MS,
    regionSize,
  }
  const regions = scenario.regions(world)
  const provider = madeFor(policy, scenario, regions, world)
  // Random numbers of their own, so that calls come at the same times whatever the policy draws.
  const arrivals = seeded(seed + 1)
  const times: number[] = []
  let calls = 0
  const arrive = (): void => {
    void callOf(provider, clock).then((ms) => {
      if (ms !== undefined) times.push(ms)
    })
    if (++calls < requests) clock.after(exponential(arrivals, DURATION_MS / requests), arrive)
  }
  clock.after(0, arrive)
  await clock.run()
  return { policy: policy.name, calls, ...summary(times), ...loadOf(regions) }
}

function summary(times: number[]): Pick<Outcome, 'answered' | 'p50' | 'p95' | 'p99'> {
  const sorted = Float64Array.from(times).sort()
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
  return { answered: times.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

function loadOf(regions: readonly (readonly ScriptedProvider[])[]): Pick<Outcome, 'requests' | 'load'> {
  const load = new Map<string, number>()
  let all = 0
  for (const { id, requests } of regions.flat()) {
    const [name = id] = id.split('-')
    load.set(name, (load.get(name) ?? 0) + requests)
    all += requests
  }
  return { requests: all, load }
}
