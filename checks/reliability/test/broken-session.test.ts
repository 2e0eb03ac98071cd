import { type ChatRequest, collect } from '@rivulet/core'
import { balance, failover, hedge } from '@rivulet/router'
import { type Fault, simulator } from '@rivulet/simulator'
import { describe, expect, it } from 'vitest'
import { DIALECTS, PREFILLING } from './support/dialects.ts'

/** The answer of every dialect and model. */
const WORDS = 'The river runs to the sea, and all of its stones are numbered: 1, 2, 3, 4, 5, 6, 7, 8, 9 and 10.'
const REQUEST: ChatRequest = { model: 'any', messages: [{ role: 'user', content: `echo ${WORDS}` }] }

/** Whole answers and broken ones, of so many calls in a row, as a caller makes that asks again. */
async function ask(group: ReturnType<typeof failover>, calls: number, request: ChatRequest): Promise<string[]> {
  const outcomes: string[] = []
  for (let call = 0; call < calls; call++) {
    const read = collect(group.stream(request))
    outcomes.push(
      await read.then(
        ({ text }) => (text === WORDS ? 'whole' : 'wrong'),
        () => 'broken',
      ),
    )
  }
  return outcomes
}

const ONE_BROKEN = ['broken', 'whole', 'whole', 'whole', 'whole', 'whole']
const STREAMED = DIALECTS.filter(({ variant }) => variant !== 'json')
const FAULTS: Fault[] = [
  { kind: 'error-mid-stream', afterEvents: 5 },
  { kind: 'truncate', afterEvents: 5 },
]

describe.each(STREAMED)('$name: failover([cuts mid-answer, healthy])', (spoken) => {
  it.each(FAULTS)('$kind: of six calls of a session, one is broken and five are whole', async (fault) => {
    await using cutting = await simulator()
    await using healthy = await simulator()
    cutting.fault(spoken.dialect, fault)
    if (spoken.variant !== undefined) for (const sim of [cutting, healthy]) sim.variant('gravityengine', spoken.variant)
    const group = failover([spoken.member(cutting), spoken.member(healthy)])
    expect(await ask(group, 6, { ...REQUEST, session: 'one' })).toEqual(ONE_BROKEN)
    expect(cutting.requests).toHaveLength(1)
    expect(healthy.requests).toHaveLength(5)
    // Another session has its own first call, and the same end.
    expect(await ask(group, 2, { ...REQUEST, session: 'two' })).toEqual(['broken', 'whole'])
  })
})

it.each([
  ['balance in turn', (members: Parameters<typeof failover>[0]) => balance(members, { by: 'round-robin' })],
  ['balance by affinity', (members: Parameters<typeof failover>[0]) => balance(members, { by: 'affinity' })],
  ['hedge', (members: Parameters<typeof failover>[0]) => hedge(members, { afterMs: 60_000 })],
] as const)('%s: of six calls of a conversation without a session, at most one is broken', async (_, make) => {
  await using cutting = await simulator()
  await using healthy = await simulator()
  cutting.fault('openai', { kind: 'error-mid-stream', afterEvents: 5 })
  const outcomes = await ask(make([PREFILLING.member(cutting), PREFILLING.member(healthy)]), 6, REQUEST)
  expect(outcomes.filter((each) => each === 'whole').length).toBeGreaterThanOrEqual(5)
  expect(outcomes).not.toContain('wrong')
})
