import { pipe, type Provider, retry } from '@rivulet/core'
import { balance, failover, hedge } from '@rivulet/router'
import type { ScriptedProvider } from '@rivulet/testkit'
import type { Scenario, World } from './scenario.ts'

/** A way to make one provider of many. */
export interface Policy {
  name: string
  make(regions: readonly (readonly ScriptedProvider[])[], world: World): Provider
  /** Only where there are several. */
  ofRegions?: boolean
}

const TOTAL_MS = 30_000

const shared = ({ clock }: World) => ({ clock, totalMs: TOTAL_MS })
const spread = (members: readonly Provider[], world: World): Provider =>
  balance(members, { ...shared(world), by: 'latency', random: world.random, breaker: {} })

export const POLICIES: readonly Policy[] = [
  { name: 'one member', make: (regions, world) => failover(regions.flat().slice(0, 1), shared(world)) },
  { name: 'failover', make: (regions, world) => failover(regions.flat(), shared(world)) },
  { name: 'failover, breakers', make: (regions, world) => failover(regions.flat(), { ...shared(world), breaker: {} }) },
  {
    name: 'round-robin, breakers',
    make: (regions, world) => balance(regions.flat(), { ...shared(world), by: 'round-robin', breaker: {} }),
  },
  { name: 'latency, breakers', make: (regions, world) => spread(regions.flat(), world) },
  {
    name: 'hedge p95, breakers',
    make: (regions, world) =>
      hedge(regions.flat(), { ...shared(world), afterPercentile: 95, afterMs: 5000, maxExtraRatio: 0.05, breaker: {} }),
  },
  {
    name: 'hedge p95 of latency',
    make: (regions, world) => {
      const any = spread(regions.flat(), world)
      return hedge([any, any], { ...shared(world), afterPercentile: 95, afterMs: 5000, maxExtraRatio: 0.05 })
    },
  },
  {
    name: 'failover of regions',
    ofRegions: true,
    make: (regions, world) =>
      failover(
        regions.map((members) => spread(members, world)),
        { ...shared(world), breaker: {} },
      ),
  },
]

/** What callers call: the policy, and their own impatience. */
export function madeFor(
  policy: Policy,
  scenario: Scenario,
  regions: readonly (readonly ScriptedProvider[])[],
  world: World,
): Provider {
  const provider = policy.make(regions, world)
  if (scenario.callersRetry !== true) return provider
  return pipe(
    provider,
    retry({ attempts: 3, backoffMs: 200, retryWhen: () => true, clock: world.clock, random: world.random }),
  )
}
