import { type CallOptions, type ChatError, type Clock, collect, type Provider } from '@rivulet/core'
import { describe, expect, it } from 'vitest'
import { balance, type BreakerStore, failover, type GroupOptions, hedge, type Policy } from '../src/index.ts'
import { sound } from './support/hostile.ts'
import { failure, member, REQUEST } from './support/members.ts'

type Hostile = () => never

const throwing = (value: unknown): Hostile => {
  return () => {
    throw value
  }
}

/** What a caller's function may do in place of what it is for. vitest fails on a rejection that is not handled. */
const WAYS: Readonly<Record<string, Hostile>> = {
  throws: throwing(new Error('boom')),
  'throws nothing': throwing(undefined),
  'throws a frozen ChatError': throwing(Object.freeze(failure('bad-request'))),
  rejects: (() => Promise.reject(new Error('boom'))) as Hostile,
  hangs: (() => new Promise(() => undefined)) as Hostile,
  'gives a thenable that throws': (() => ({ then: throwing(new Error('boom')) })) as unknown as Hostile,
  'gives NaN': (() => Number.NaN) as Hostile,
  'gives -1': (() => -1) as Hostile,
  'gives 1e308': (() => 1e308) as Hostile,
  'gives Infinity': (() => Infinity) as Hostile,
  'gives text': (() => 'soon') as Hostile,
  'gives null': (() => null) as unknown as Hostile,
  'gives an object': (() => ({})) as Hostile,
}

const down = (): Provider => member('down', [failure('network')])
const members = (): Provider[] => [down(), sound()]
const strategies = (options: GroupOptions, random?: () => number): Provider[] => [
  failover(members(), options),
  hedge(members(), { afterMs: 1, ...options }),
  balance(members(), { by: 'latency', random, ...options }),
  balance(members(), { by: 'random', random, ...options }),
]

async function textsOf(groups: readonly Provider[], options?: CallOptions): Promise<string[]> {
  const answers = groups.map(async (group) => (await collect(group.stream(REQUEST, options))).text)
  const texts = await Promise.all(answers)
  await new Promise(setImmediate)
  return texts
}

describe.each(Object.entries(WAYS))('a hook that %s changes no answer and ends no process', (_, hook) => {
  it('onAttempt, of the group and of the call', async () => {
    const groups = strategies({ onAttempt: hook })
    expect(new Set(await textsOf(groups, { onAttempt: hook }))).toEqual(new Set(['Hello']))
    for (const group of [failover([{ ...down(), embed: async () => ({ vectors: [[1]] }) }], { onAttempt: hook })]) {
      await expect(group.embed?.({ model: 'm', input: ['x'] })).resolves.toEqual({ vectors: [[1]] })
    }
  })

  it('random', async () => {
    expect(new Set(await textsOf(strategies({}, hook)))).toEqual(new Set(['Hello']))
  })

  it('now() and after() of a clock', async () => {
    const now = (): number => performance.now()
    const after: Clock['after'] = (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => {
        clearTimeout(timer)
      }
    }
    const clocks: Clock[] = [
      { now: hook, after },
      { now, after: hook },
      { now: hook, after: hook },
      { now, after: (_ms, run) => (run(), hook()) },
      { now, after: () => hook },
    ]
    for (const clock of clocks) {
      const groups = strategies({ clock, breaker: {}, totalMs: 60_000 })
      expect(new Set(await textsOf(groups))).toEqual(new Set(['Hello']))
    }
  })

  it('get(), record() and lease() of a store', async () => {
    const store: BreakerStore = { get: hook, record: hook, lease: hook }
    for (const each of ['get', 'record', 'lease'] as const) {
      const halfOpen: BreakerStore = {
        get: () => ({ seen: [], trips: 1, openUntil: -1 }),
        record: () => undefined,
        lease: () => true,
      }
      const groups = [store, { ...halfOpen, [each]: hook }].map((broken) =>
        failover([...members(), sound('other')], { breaker: { store: broken } }),
      )
      // A lease that is not granted leaves a breaker open; its failure does not.
      const answered = (await Promise.allSettled(groups.map((group) => collect(group.stream(REQUEST))))).map((answer) =>
        answer.status === 'fulfilled' ? answer.value.text : (answer.reason as ChatError).code,
      )
      expect(answered.every((text) => text === 'Hello' || (each === 'lease' && text === 'exhausted'))).toBe(true)
    }
  })

  it('began(), content(), ended(), waitMs() and mayAskAnother() of a policy', async () => {
    for (const each of ['began', 'content', 'ended'] as const) {
      const by: Policy = { choose: ({ first }) => first, [each]: hook }
      await textsOf([balance([sound()], { by })])
    }
    for (const each of ['waitMs', 'mayAskAnother'] as const) {
      const by: Policy = { choose: ({ first }) => first, waitMs: () => 1, [each]: hook }
      // What it throws is the call's failure, as its documentation says.
      await collect(balance(members(), { by }).stream(REQUEST)).catch((error: unknown) => error)
    }
    await new Promise(setImmediate)
  })

  it('choose() of a policy: it fails the call', async () => {
    const group = balance(members(), { by: { choose: hook } })
    await expect((async () => collect(group.stream(REQUEST)))().catch(() => 'failed')).resolves.toBe('failed')
    await new Promise(setImmediate)
  })
})

it.each(Object.entries(WAYS).filter(([way]) => !/gives (text|-1|1e308|Infinity|null|NaN)/.test(way)))(
  'failoverWhen that %s leaves the decision to the default rule',
  async (_, failoverWhen) => {
    expect(new Set(await textsOf(strategies({ failoverWhen })))).toEqual(new Set(['Hello']))
    const refused = failover([member('strict', [failure('bad-request')]), sound()], { failoverWhen })
    await expect(collect(refused.stream(REQUEST))).rejects.toMatchObject({ code: 'bad-request' })
  },
)

it('random that is no function is a TypeError', () => {
  expect(() => balance(members(), { by: 'random', random: 0.5 as never })).toThrow('random must be a function')
})
