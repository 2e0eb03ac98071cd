import { getEventListeners } from 'node:events'
import { type ChatRequest, ChatError, type Provider } from '@rivulet/core'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { balance, failover, hedge } from '@rivulet/router'
import { type Fault, simulator, type Simulator } from '@rivulet/simulator'
import fc from 'fast-check'
import { expect, it } from 'vitest'

interface Leaf {
  fault: Fault | undefined
}
interface Node {
  kind: 'failover' | 'balance' | 'hedge'
  onBreak: 'fail' | 'restart' | 'continue'
  children: (Leaf | Node)[]
}

/** The faults of a member: nearly all of them last until the client disconnects. */
const faults = fc.constantFrom<Fault | undefined>(
  undefined,
  { kind: 'stall-before-headers' },
  { kind: 'stall-before-first-token' },
  { kind: 'stall-mid-stream', afterEvents: 2 },
  { kind: 'trickle', everyMs: 2 },
  { kind: 'pings-forever', everyMs: 2 },
  { kind: 'truncate', afterEvents: 2 },
  { kind: 'error-first' },
  { kind: 'endless-error' },
)

const trees = fc.letrec<{ leaf: Leaf; node: Node; child: Leaf | Node }>((tie) => ({
  leaf: fc.record({ fault: faults }),
  child: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('node')),
  node: fc.record({
    kind: fc.constantFrom('failover', 'balance', 'hedge'),
    onBreak: fc.constantFrom('fail', 'restart', 'continue'),
    children: fc.array(tie('child'), { minLength: 1, maxLength: 3 }),
  }),
})).node

/** The tree as providers. A header of each leaf names its fault to the simulator. */
function grown(part: Leaf | Node, sim: Simulator): Provider {
  if (!('children' in part)) {
    const headers = part.fault && { headers: { 'x-simulate': JSON.stringify(part.fault) } }
    return openaiCompatible({ baseUrl: sim.baseUrl('openai'), apiKey: 'demo', quirks: { prefix: true }, ...headers })
  }
  const { kind, onBreak } = part
  const members = part.children.map((child) => grown(child, sim))
  if (kind === 'failover') return failover(members, { onBreak })
  if (kind === 'balance') return balance(members, { onBreak, by: 'round-robin' })
  return hedge(members, { onBreak, afterMs: 3 })
}

const REQUEST: ChatRequest = { model: 'gpt-6-luna', messages: [{ role: 'user', content: 'count to 40' }] }

it('an abort at any time, in any tree of groups, closes every socket and rejects with its reason', async () => {
  await using sim = await simulator({ lenient: true })
  let aborted = 0
  await fc.assert(
    fc.asyncProperty(trees, fc.integer({ min: 0, max: 30 }), async (tree, atMs) => {
      sim.clear()
      const controller = new AbortController()
      const reason = new Error('enough')
      const provider = grown(tree, sim)
      const timer = setTimeout(() => {
        controller.abort(reason)
      }, atMs)
      try {
        for await (const event of provider.stream(REQUEST, { signal: controller.signal })) expect(event).toBeDefined()
      } catch (error) {
        if (error === reason) aborted++
        else expect(error).toBeInstanceOf(ChatError)
      }
      clearTimeout(timer)
      // A stalled request settles `done` only after its client has closed: an open socket would hang here.
      await Promise.all(sim.requests.map(({ done }) => done))
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    }),
    { numRuns: 60, seed: 4 },
  )
  expect(aborted, 'aborts that came in time').toBeGreaterThan(15)
})
