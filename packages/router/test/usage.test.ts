import {
  type AttemptReport,
  ChatError,
  type ChatEvent,
  type ChatResult,
  collect,
  partialOf,
  type Provider,
  type Usage,
} from '@rivulet/core'
import { keepPartial, ManualClock } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedProvider } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { failover, type GroupOptions, hedge } from '../src/index.ts'
import { call } from './support/call.ts'
import { failure, finish, type Member, member, REQUEST, text } from './support/members.ts'

const used = (inputTokens: number, outputTokens: number, more: Partial<Usage> = {}): Usage => ({
  inputTokens,
  outputTokens,
  source: 'reported',
  ...more,
})
const finishing = (usage: Usage): ChatEvent => ({ ...(finish as Extract<ChatEvent, { type: 'finish' }>), usage })
const partial = (usage: Usage): ChatResult => ({
  provider: 'a',
  model: 'm',
  content: [],
  text: 'Hel',
  toolCalls: [],
  usage,
})
const prefilling = (made: Member): Member => ({ ...made, info: { ...made.info, prefill: true } })

/** Breaks after its first content; its usage is known if it is given. */
const broken = (usage?: Usage, id = 'broken'): Member =>
  member(id, [
    text('Hel'),
    usage === undefined ? failure('truncated') : new ChatError('truncated', 'cut', { partial: partial(usage) }),
  ])
const whole = (usage?: Usage, id = 'whole'): Member =>
  prefilling(member(id, [text('lo'), usage === undefined ? finish : finishing(usage)]))

const usageOf = async (members: readonly Provider[], options: GroupOptions): Promise<Usage | undefined> =>
  (await collect(failover(members, options).stream(REQUEST))).usage

describe.each(['restart', 'continue'] as const)("the usage of an answer with a break, onBreak '%s'", (onBreak) => {
  it('is that of all members that had a part in it', async () => {
    const members = [broken(used(3, 1, { cachedTokens: 2 })), broken(used(10, 5), 'too'), whole(used(4, 1))]
    const able = members.map((each) => prefilling(each))
    expect(await usageOf(able, { onBreak })).toEqual(used(17, 7, { cachedTokens: 2 }))
  })

  it('is an estimate where one of them did not tell', async () => {
    expect(await usageOf([broken(), whole(used(4, 1))], { onBreak })).toEqual(used(4, 1, { source: 'estimated' }))
    expect(await usageOf([broken(used(3, 1)), whole()], { onBreak })).toEqual(used(3, 1, { source: 'estimated' }))
    expect(await usageOf([broken(), whole()], { onBreak })).toBeUndefined()
  })

  it('has the cost of all, and none where it is not known of one', async () => {
    const cost = (usd: number): Partial<Usage> => ({ cost: { usd, source: 'reported' } })
    const members = [broken(used(3, 1, cost(0.25))), whole(used(4, 1, cost(0.5)))]
    expect(await usageOf(members, { onBreak })).toEqual(used(7, 2, cost(0.75)))
    expect(await usageOf([broken(), whole(used(4, 1, cost(0.5)))], { onBreak })).not.toHaveProperty('cost')
  })
})

describe('the usage of an answer', () => {
  const priced = (made: Member, input: number): Member => ({
    ...made,
    info: { ...made.info, models: [{ id: REQUEST.model, price: { input, output: 0 } }] },
  })

  it('has the cost of members with different prices, where they report none', async () => {
    const members = [priced(broken(used(3_000_000, 1)), 1), priced(whole(used(2_000_000, 1)), 5)]
    expect((await usageOf(members, { onBreak: 'restart' }))?.cost).toEqual({ usd: 13, source: 'computed' })
  })

  it('has no cost where the price of one member is not known', async () => {
    const members = [priced(broken(used(3, 1)), 1), whole(used(2, 1))]
    expect(await usageOf(members, { onBreak: 'restart' })).not.toHaveProperty('cost')
  })

  it('is that of its member, where others failed before they gave anything', async () => {
    const usage = used(4, 1)
    expect(await usageOf([member('down', [failure('overloaded')]), whole(usage)], {})).toBe(usage)
  })

  it('has that of an empty answer that told it', async () => {
    expect(await usageOf([member('empty', [finishing(used(3, 0))]), whole(used(4, 1))], {})).toEqual(used(7, 1))
  })

  it('has that of members which had nothing to add to a turn that the caller has begun, once', async () => {
    const silent = (): Member => prefilling(member('silent', [finishing(used(3, 0))]))
    const begun = { ...REQUEST, messages: [...REQUEST.messages, { role: 'assistant' as const, content: 'Hel' }] }
    const group = failover([silent(), whole(used(4, 1))])
    expect((await collect(group.stream(begun))).usage).toEqual(used(7, 1))
    expect((await collect(failover([silent(), silent()]).stream(begun))).usage).toEqual(used(6, 0))
    expect((await collect(failover([silent()]).stream(begun))).usage).toEqual(used(3, 0))
  })

  it('is counted once in groups of groups', async () => {
    const inner = failover([broken(used(3, 1)), whole(used(4, 1))], { onBreak: 'restart' })
    expect(await usageOf([member('down', [failure('network')]), failover([inner])], {})).toEqual(used(7, 2))
    const breaking = failover([broken(used(3, 1)), broken(used(10, 5))], { onBreak: 'restart' })
    expect(await usageOf([breaking, whole(used(4, 1))], { onBreak: 'restart' })).toEqual(used(17, 7))
  })

  it('is an estimate after a hedge: the request that lost was at work', async () => {
    const clock = new ManualClock(0)
    const ends = (usage: Usage) => [
      {
        afterMs: 30,
        events: [{ type: 'start', provider: 'b', model: 'm' }, text('x'), finishing(usage)] as ChatEvent[],
      },
    ]
    const slow = scriptedProvider('slow', clock, () => scriptedAnswer('slow', 500, 1))
    const quick = scriptedProvider('quick', clock, () => ends(used(4, 1, { cost: { usd: 1, source: 'reported' } })))
    const called = call(hedge([slow, quick], { afterMs: 100, clock }), REQUEST)
    await clock.run(1000)
    expect(called.events.at(-1)).toEqual(finishing(used(4, 1, { source: 'estimated' })))
    expect(called.reports.map(({ outcome, usage }) => [outcome, usage?.source])).toEqual([
      ['answered', 'reported'],
      ['superseded', undefined],
    ])
    const alone = call(hedge([quick, slow], { afterMs: 100, clock }), REQUEST)
    await clock.run(2000)
    expect(alone.events.at(-1)).toMatchObject({ usage: { source: 'reported', cost: { usd: 1 } } })
  })
})

describe('the usage of a part of an answer', () => {
  it('that is thrown is that of all members which broke', async () => {
    const members = [broken(used(3, 1)), broken(used(10, 5), 'too')]
    for (const onBreak of ['restart', 'continue'] as const) {
      const read = collect(failover(members.map(prefilling), { onBreak }).stream({ ...REQUEST, session: onBreak }))
      await expect(read).rejects.toMatchObject({ partial: { usage: used(13, 6) } })
    }
    const after = failover([broken(used(3, 1)), member('down', [failure('network')])], { onBreak: 'restart' })
    await expect(collect(after.stream(REQUEST))).rejects.toMatchObject({ partial: { usage: used(3, 1) } })
    const unknown = failover([broken(used(3, 1)), broken(undefined, 'too')], { onBreak: 'restart' })
    await expect(collect(unknown.stream(REQUEST))).rejects.toMatchObject({
      partial: { usage: used(3, 1, { source: 'estimated' }) },
    })
  })

  it('of one member is its own, in its own error', async () => {
    const error = new ChatError('truncated', 'cut', { partial: partial(used(3, 1)) })
    const group = failover([member('a', [text('Hel'), error]), whole()])
    await expect(collect(group.stream(REQUEST))).rejects.toBe(error)
  })

  it.each([
    ['restart', 'lo'],
    ['continue', 'Hello'],
  ] as const)('that an abort leaves is that of all members, onBreak %j', async (onBreak, kept) => {
    const controller = new AbortController()
    const reason = new Error('enough')
    // As a provider does over HTTP.
    const next: Provider = {
      ...prefilling(member('next')),
      async *stream(_, options) {
        yield { type: 'start', provider: 'next', model: 'm' }
        yield text('lo')
        keepPartial(options?.signal?.reason, { ...partial(used(4, 1)), provider: 'next', text: 'lo' })
        options?.signal?.throwIfAborted()
      },
    }
    const group = failover([broken(used(3, 1)), next], { onBreak })
    const read = async (): Promise<void> => {
      for await (const event of group.stream(REQUEST, { signal: controller.signal })) {
        if (event.type === 'text' && event.text === 'lo') controller.abort(reason)
      }
    }
    await expect(read()).rejects.toBe(reason)
    expect(partialOf(reason)).toMatchObject({ provider: 'next', text: kept, usage: used(7, 2) })
  })
})

it('an abort of two calls leaves what the one had, when the other had nothing', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const { signal } = controller
  const silent = scriptedProvider('silent', new ManualClock(0), () => [])
  const waiting = collect(failover([silent]).stream(REQUEST, { signal }))
  keepPartial(reason, partial(used(4, 1)))
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  expect(partialOf(reason)?.usage).toEqual(used(4, 1))
})

describe('the report of an attempt', () => {
  it('has its own usage, also when it broke', async () => {
    const reports: AttemptReport[] = []
    const members = [broken(used(3, 1)), broken(undefined, 'untold'), whole(used(4, 1))]
    const group = failover(members, { onBreak: 'restart', onAttempt: (report) => void reports.push(report) })
    await collect(group.stream(REQUEST))
    expect(reports.map(({ usage }) => usage)).toEqual([used(3, 1), undefined, used(4, 1)])
    expect(reports[1]).not.toHaveProperty('usage')
  })

  it('for vectors has the tokens of the input', async () => {
    const reports: AttemptReport[] = []
    const embedding: Provider = {
      ...member('a'),
      embed: () => Promise.resolve({ vectors: [[1]], inputTokens: 7 }),
    }
    const group = failover([embedding], { onAttempt: (report) => void reports.push(report) })
    await group.embed?.({ model: 'm', input: ['x'] })
    expect(reports).toMatchObject([{ usage: used(7, 0) }])
  })
})
