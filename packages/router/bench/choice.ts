/** The choice among thousands of members, by each policy; in a process of its own. Prints JSON. */
import { systemClock } from '@rivulet/core/provider'
import { seeded } from '@rivulet/testkit'
import { Candidates } from '../src/engine/candidates.ts'
import { byLatency } from '../src/strategies/latency.ts'
import { inOrder, type Policy } from '../src/strategies/policy.ts'
import { byChance, byWeight, roundRobin } from '../src/strategies/turns.ts'

const MEMBERS = Number(process.argv[2] ?? 10_000)
const random = seeded(1)

const POLICIES: Readonly<Record<string, Policy>> = {
  'failover, hedge': inOrder,
  'round-robin, keys': roundRobin(),
  weight: byWeight(Array.from({ length: MEMBERS }, (_, index) => 1 + (index % 7))),
  random: byChance(random),
  latency: byLatency(MEMBERS, 10_000, systemClock, random),
}

/** As many choices as make one figure: a single one is shorter than the clock can tell. */
const CHOICES = 5000
const ROUNDS = 60
const WARM_UP_ROUNDS = 20

/** A call: its first choice, what the policy learns of it, and the choice after a failure. */
function microseconds(policy: Policy): number {
  const before = process.cpuUsage()
  for (let call = 0; call < CHOICES; call++) {
    const candidates = new Candidates(MEMBERS)
    for (let ordinal = 0; ordinal < 2; ordinal++) {
      const index = policy.choose(candidates)
      candidates.remove(index)
      policy.began?.(index, ordinal)
      policy.ended?.(
        index,
        { provider: 'm', outcome: ordinal === 0 ? 'failed' : 'answered', startedMs: 0, totalMs: 1 },
        ordinal,
      )
    }
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / CHOICES / 2
}

const figures = new Map<string, number[]>()
for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
  for (const [name, policy] of Object.entries(POLICIES)) {
    const figure = microseconds(policy)
    if (round >= 0) figures.set(name, [...(figures.get(name) ?? []), figure])
  }
}
console.log(JSON.stringify([...figures].map(([name, each]) => ({ name, figures: each }))))
