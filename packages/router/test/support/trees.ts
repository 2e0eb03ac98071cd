import { ChatError, type ChatEvent, type ChatRequest, type Clock, type ErrorCode, type Provider } from '@rivulet/core'
import { partsOf, textOfParts } from '@rivulet/core/provider'
import { scriptedProvider, type ScriptedProvider, type ScriptedStep } from '@rivulet/testkit'
import fc from 'fast-check'
import { balance, failover, type GroupOptions, hedge } from '../../src/index.ts'

/** The answer of every member, each in its own pieces. No stretch of it occurs in it twice. */
export const FULL = Array.from(
  { length: 24 },
  (_, index) => `word${index * index} ${index % 5 === 4 ? '\n\n' : ''}`,
).join('')

/** An event that names its answer. */
export type Tagged = ChatEvent & { of: string }

export interface Leaf {
  kind: 'leaf'
  /** Lengths of its pieces. */
  pieces: readonly number[]
  /** Milliseconds before each of its reads. */
  afterMs: readonly number[]
  /** At which read it fails (below 0: from the end), and how; `undefined`: it answers. `'hang'`: it is silent from there on. */
  fault: { at: number; code: ErrorCode | 'hang' } | undefined
  prefill: boolean
  /** What it repeats of the text that it continues. */
  repeats: 'nothing' | 'all' | 'end'
}

export interface Node {
  kind: 'failover' | 'round-robin' | 'weight' | 'random' | 'latency' | 'hedge'
  children: readonly Tree[]
  onBreak: GroupOptions['onBreak']
  totalMs: number | undefined
  attempts: number | undefined
  breaker: boolean
  afterMs: number
}

export type Tree = Leaf | Node

const CODES = ['auth', 'rate-limited', 'overloaded', 'network', 'truncated', 'malformed'] as const

const leaf: fc.Arbitrary<Leaf> = fc.record({
  kind: fc.constant('leaf'),
  pieces: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
  afterMs: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 4 }),
  fault: fc.option(
    fc.record({ at: fc.integer({ min: -2, max: 8 }), code: fc.constantFrom(...CODES, ...CODES, 'hang' as const) }),
    {
      nil: undefined,
      freq: 2,
    },
  ),
  prefill: fc.constantFrom(true, true, false),
  repeats: fc.constantFrom('nothing', 'all', 'end'),
})

const BREAKS = [
  'fail',
  'restart',
  'continue',
  ['continue', 'restart'],
  ['restart', 'continue'],
  ['continue', 'fail'],
] as const

export const trees = fc.letrec<{ tree: Tree; node: Node }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('node')),
  node: fc.record({
    kind: fc.constantFrom('failover', 'round-robin', 'weight', 'random', 'latency', 'hedge'),
    children: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    onBreak: fc.constantFrom(...BREAKS),
    totalMs: fc.option(fc.integer({ min: 200, max: 3000 }), { nil: undefined, freq: 1 }),
    attempts: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 1 }),
    breaker: fc.boolean(),
    afterMs: fc.integer({ min: 1, max: 200 }),
  }),
})).node

/** A tree as providers, and its leaves. */
export function grown(tree: Tree, clock: Clock): { root: Provider; leaves: ScriptedProvider[] } {
  const leaves: ScriptedProvider[] = []
  let groups = 0
  const grow = (part: Tree): Provider => {
    if (part.kind === 'leaf') {
      const made = grownLeaf(`leaf${leaves.length}`, part, clock)
      leaves.push(made)
      return made
    }
    const { kind, onBreak, totalMs, attempts, breaker, afterMs } = part
    const members = part.children.map(grow)
    const options: GroupOptions = {
      clock,
      id: `group${groups++}`,
      ...(onBreak !== undefined && { onBreak }),
      ...(totalMs !== undefined && { totalMs }),
      ...(attempts !== undefined && { attempts }),
      ...(breaker && { breaker: { failures: 1 } }),
    }
    const random = (): number => 0.5
    if (kind === 'failover') return failover(members, options)
    if (kind === 'hedge') return hedge(members, { ...options, afterMs })
    return balance(members, {
      ...options,
      by: kind,
      random,
      ...(kind === 'weight' && { weights: members.map((_, i) => i + 1) }),
    })
  }
  return { root: grow(tree), leaves }
}

function grownLeaf(id: string, { pieces, afterMs, fault, prefill, repeats }: Leaf, clock: Clock): ScriptedProvider {
  return scriptedProvider(
    id,
    clock,
    ({ index, request }) => {
      const of = `${id}:${index}`
      const steps: ScriptedStep[] = []
      const wait = (): number => afterMs[steps.length % afterMs.length] ?? 0
      const say = (event: ChatEvent): void => {
        const tagged: Tagged = { ...event, of }
        steps.push({ afterMs: wait(), events: [tagged] })
      }
      say({ type: 'start', provider: id, model: 'm', id: of })
      const text = said(request, prefill, repeats)
      for (let at = 0, turn = 0; at < text.length; turn++) {
        const length = pieces[turn % pieces.length] ?? 1
        say({ type: 'text', text: text.slice(at, at + length) })
        at += length
      }
      say({ type: 'finish', reason: 'stop', usage: { inputTokens: 1, outputTokens: 1, source: 'reported' } })
      if (fault === undefined || fault.at >= steps.length) return steps
      // The last read but one is the end of the text: a member that breaks after it has left out nothing but its finish.
      const failing = steps.slice(0, fault.at)
      // A member that hangs heeds its signal, and nothing else.
      if (fault.code === 'hang') return failing
      return [
        ...failing,
        { afterMs: wait(), error: new ChatError(fault.code, `${id} says ${fault.code}`, { provider: id }) },
      ]
    },
    { prefill },
  )
}

/** What a member answers: everything, or the rest of the turn that it continues. */
function said({ messages }: ChatRequest, prefill: boolean, repeats: Leaf['repeats']): string {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') return FULL
  if (!prefill) throw new TypeError('a member that does not prefill was asked to continue')
  const begun = textOfParts(partsOf(last))
  if (!FULL.startsWith(begun)) throw new TypeError(`this is not the beginning of the answer: ${JSON.stringify(begun)}`)
  if (begun !== begun.trimEnd()) throw new TypeError('white space at the end of a prefill')
  const from = {
    nothing: begun.length,
    all: begun.length >= 4 ? 0 : begun.length,
    end: Math.max(0, begun.length - 15),
  }
  return FULL.slice(begun.length < 15 && repeats === 'end' ? begun.length : from[repeats])
}
