import { type ChatRequest, collect, type Message, type Provider } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { describe, expect, it } from 'vitest'
import { RecentBreaks } from '../src/engine/recent-breaks.ts'
import { balance, failover, type GroupOptions, hedge, keys, route } from '../src/index.ts'
import { failure, finish, type Member, member, REQUEST, text } from './support/members.ts'

const cutting = (id = 'cutting'): Member => member(id, [text('Hel'), failure('truncated')])
const healthy = (id = 'healthy'): Member => member(id, [text('Hello'), finish])

type Make = (members: readonly Provider[], options: GroupOptions) => Provider

const GROUPS: [string, Make][] = [
  ['failover', failover],
  ['hedge', (members, options) => hedge(members, { ...options, afterMs: 60_000 })],
  ['route', (members, options) => route({ m: members }, options)],
  [
    'a group of groups',
    (members, options) =>
      failover(
        members.map((each) => failover([each])),
        options,
      ),
  ],
  ['balance in turn', (members, options) => balance(members, { ...options, by: 'round-robin' })],
  ['balance by weight', (members, options) => balance(members, { ...options, by: 'weight', weights: [9, 1] })],
  ['balance by chance', (members, options) => balance(members, { ...options, by: 'random', random: () => 0 })],
  ['balance by latency', (members, options) => balance(members, { ...options, by: 'latency', random: () => 0 })],
  ['balance by affinity', (members, options) => balance(members, { ...options, by: 'affinity' })],
  ['a policy', (members, options) => balance(members, { ...options, by: { choose: ({ first }) => first } })],
  ['keys', (members, options) => keys(['0', '1'], (key) => members[Number(key)] ?? cutting(), options)],
]

/** Calls one after another. Gives what each of them read, `'broken'` for one that failed. */
async function ask(group: Provider, requests: readonly ChatRequest[]): Promise<string[]> {
  const seen: string[] = []
  for (const request of requests) {
    seen.push(
      await collect(group.stream(request)).then(
        (result) => result.text,
        () => 'broken',
      ),
    )
  }
  return seen
}

/** A conversation that grows with each request. */
const growing = (count: number, session?: string): ChatRequest[] =>
  Array.from({ length: count }, (_, turns) => ({
    ...REQUEST,
    ...(session !== undefined && { session }),
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      ...Array.from({ length: turns }, (): Message[] => [
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'Again' },
      ]).flat(),
    ],
  }))

describe('a member that cuts its answers costs a conversation one broken answer', () => {
  it.each(GROUPS)('at most, of six calls, in %s', async (_, make) => {
    for (const session of ['a', undefined]) {
      const seen = await ask(make([cutting(), healthy()], {}), growing(6, session))
      expect(seen.filter((each) => each === 'broken').length).toBeLessThanOrEqual(1)
      expect(seen.slice(1)).toEqual(Array(5).fill('Hello'))
    }
  })

  it('and exactly one in a failover that asks it first', async () => {
    const members = [cutting(), healthy()]
    expect(await ask(failover(members), growing(6))).toEqual(['broken', ...Array<string>(5).fill('Hello')])
    expect(members.map(({ requests }) => requests.length)).toEqual([1, 5])
  })

  it('and none where the answer restarts, whose member is asked first after the break', async () => {
    const members = [cutting(), healthy()]
    expect(await ask(failover(members, { onBreak: 'restart' }), growing(6))).toEqual(Array(6).fill('Hello'))
    expect(members.map(({ requests }) => requests.length)).toEqual([1, 6])
  })

  it('for each such member, and not again after all of them', async () => {
    const members = [cutting('one'), cutting('two'), cutting('three'), healthy()]
    const seen = await ask(failover(members), growing(8))
    expect(seen).toEqual([...Array<string>(3).fill('broken'), ...Array<string>(5).fill('Hello')])
  })
})

describe('a member that broke', () => {
  it('is asked last, and not left out', async () => {
    const down = member('down', [failure('network')])
    const back = member('back', [text('Hel'), failure('truncated')], [text('Hello'), finish])
    const group = failover([back, down])
    expect(await ask(group, growing(2))).toEqual(['broken', 'Hello'])
    expect(down.requests).toHaveLength(1)
  })

  it('is asked first by other conversations', async () => {
    const members = [member('a', [text('Hel'), failure('truncated')], [text('Hello'), finish]), healthy()]
    const group = failover(members)
    expect(await ask(group, growing(1, 'one'))).toEqual(['broken'])
    expect(await ask(group, growing(1, 'two'))).toEqual(['Hello'])
    expect(members[0]?.requests).toHaveLength(2)
  })

  it('is asked first again after a minute', async () => {
    const clock = new ManualClock(0)
    const members = [cutting(), healthy()]
    const group = failover(members, { clock })
    const [request = REQUEST] = growing(1)
    expect(await ask(group, [request])).toEqual(['broken'])
    await clock.run(59_999)
    expect(await ask(group, [request])).toEqual(['Hello'])
    await clock.run(60_000)
    expect(await ask(group, [request])).toEqual(['broken'])
  })

  it('is not to blame for a failure that is the request’s, nor when its caller has aborted', async () => {
    const refusing = member('refusing', [text('Hel'), failure('content-filter')])
    const group = failover([refusing, healthy()])
    expect(await ask(group, growing(3))).toEqual(Array(3).fill('broken'))
    const controller = new AbortController()
    const aborted = healthy('aborted')
    const steady = failover([aborted, healthy()])
    for await (const event of steady.stream(REQUEST, { signal: controller.signal })) {
      if (event.type === 'text') break
    }
    await collect(steady.stream(REQUEST))
    expect(aborted.requests).toHaveLength(2)
  })
})

describe('the memory of breaks', () => {
  it('is bounded by conversations and by members of each', () => {
    const breaks = new RecentBreaks(new ManualClock(0))
    for (let key = 0; key <= 10_000; key++) breaks.add(key, 1)
    expect(breaks.of(() => 0)).toEqual([])
    expect(breaks.of(() => 1)).toEqual([1])
    for (let index = 0; index < 20; index++) breaks.add(5, index)
    expect(breaks.of(() => 5)).toEqual([12, 13, 14, 15, 16, 17, 18, 19])
  })

  it('keeps a conversation whose member broke again', () => {
    const breaks = new RecentBreaks(new ManualClock(0))
    breaks.add(-1, 1)
    for (let key = 0; key < 9_999; key++) breaks.add(key, 1)
    breaks.add(-1, 2)
    breaks.add(10_000, 1)
    expect(breaks.of(() => -1)).toEqual([1, 2])
    expect(breaks.of(() => 0)).toEqual([])
  })

  it('costs a call nothing while no member has broken lately', async () => {
    const clock = new ManualClock(0)
    const breaks = new RecentBreaks(clock)
    let asked = 0
    const key = (): number => asked++
    breaks.of(key)
    breaks.add(7, 0)
    await clock.run(60_000)
    breaks.of(key)
    expect(asked).toBe(0)
  })
})
