import type { AttemptReport } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedFailure, scriptedProvider } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { balance, type Policy, type ReadonlyCandidates } from '../src/index.ts'
import { call } from './support/call.ts'
import { REQUEST } from './support/members.ts'

/** A balance by a policy; a member with a time below 0 fails after it. */
function setting(by: Policy, firstMs: readonly number[] = [10, 10, 10]) {
  const clock = new ManualClock(0)
  const members = firstMs.map((ms, index) =>
    scriptedProvider(`m${index}`, clock, () =>
      ms < 0 ? scriptedFailure(`m${index}`, 'overloaded', -ms) : scriptedAnswer(`m${index}`, ms, 10),
    ),
  )
  return { clock, members, group: balance(members, { by, clock }) }
}

const boom = new Error('boom')
const fail = (): never => {
  throw boom
}

describe('a policy of your own', () => {
  it('decides which member is asked, first and after a failure', async () => {
    const { clock, group } = setting({ choose: (candidates) => candidates.list().at(-1) ?? 0 }, [10, -10, -10])
    const called = call(group)
    await clock.run()
    expect(called.reports.map(({ provider, outcome }) => `${provider} ${outcome}`)).toEqual([
      'm2 failed',
      'm1 failed',
      'm0 answered',
    ])
  })

  it('may be a class, and is told of each attempt, also of vectors', async () => {
    class Noting implements Policy {
      readonly #told: string[] = []
      get told(): readonly string[] {
        return this.#told
      }
      choose({ first }: ReadonlyCandidates): number {
        return first
      }
      began(index: number, ordinal: number): void {
        this.#told.push(`${ordinal}: ${index} began`)
      }
      content(index: number, ms: number, ordinal: number): void {
        this.#told.push(`${ordinal}: ${index} content after ${ms}`)
      }
      ended(index: number, { outcome }: AttemptReport, ordinal: number): void {
        this.#told.push(`${ordinal}: ${index} ${outcome}`)
      }
    }
    const noting = new Noting()
    const { clock, members, group } = setting(noting, [-10, 20])
    call(group)
    await clock.run()
    const chat = ['0: 0 began', '0: 0 failed', '1: 1 began', '1: 1 content after 20', '1: 1 answered']
    expect(noting.told).toEqual(chat)
    const [first] = members
    const embedding = balance([{ ...first, embed: async () => ({ vectors: [[1]] }) } as never], { by: noting })
    await embedding.embed?.({ model: 'm', input: ['Hello'] })
    expect(noting.told).toEqual([...chat, '0: 0 began', '0: 0 answered'])
  })

  it('may ask another member beside the first', async () => {
    const { clock, group } = setting(
      { choose: ({ first }) => first, waitMs: () => 50, mayAskAnother: () => true },
      [1000, 10],
    )
    const called = call(group)
    await clock.run()
    expect(called.reports.map(({ provider, outcome }) => `${provider} ${outcome}`)).toEqual([
      'm0 superseded',
      'm1 answered',
    ])
  })

  it.each([
    ['a string', 'fastest', /by must be one of round-robin, weight, random, latency, .*got "fastest"/],
    ['an object without choose', { pick: () => 0 }, /or a policy with choose\(\), .*got an object without choose\(\)/],
    ['a function', () => 0, /got function/],
    ['null', null, /got object/],
  ])('that is %s is a TypeError at once', (_, by, words) => {
    const mistake = (): unknown => balance([setting({ choose: () => 0 }).group], { by: by as never })
    expect(mistake).toThrow(TypeError)
    expect(mistake).toThrow(words)
  })

  it('goes without weights and halfLifeMs', () => {
    const by: Policy = { choose: () => 0 }
    const { group } = setting(by)
    expect(() => balance([group], { by, weights: [1] })).toThrow("weights go with by: 'weight', and by is a policy.")
    expect(() => balance([group], { by, halfLifeMs: 1 })).toThrow(/halfLifeMs goes with .* by is a policy/)
  })
})

describe('a policy that fails', () => {
  it.each([7, -1, 0.5, Number.NaN, undefined, '0', Promise.resolve(0)])(
    'by choosing %s, fails the call with a TypeError',
    (index) => {
      const { group } = setting({ choose: () => index as never })
      expect(() => group.stream(REQUEST)).toThrow(TypeError)
      expect(() => group.stream(REQUEST)).toThrow(
        /balance: the policy chose .+, which is not a candidate\. Candidates: 0, 1, 2\./,
      )
    },
  )

  it('by choosing a member that has failed, fails the stream', async () => {
    const { clock, members, group } = setting({ choose: () => 0 }, [-10, 10])
    const called = call(group)
    await clock.run()
    expect(called.error).toBeInstanceOf(TypeError)
    expect((called.error as Error).message).toContain('chose 0, which is not a candidate. Candidates: 1.')
    expect(members.map(({ requests, inFlight }) => [requests, inFlight])).toEqual([
      [1, 0],
      [0, 0],
    ])
    expect(clock.pending).toBe(0)
  })

  it('by throwing in choose, fails the call at once or the stream later, with that error', async () => {
    expect(() => setting({ choose: fail }).group.stream(REQUEST)).toThrow(boom)
    let choices = 0
    const { clock, group } = setting({ choose: ({ first }) => (choices++ === 0 ? first : fail()) }, [-10, 10])
    const called = call(group)
    await clock.run()
    expect(called.error).toBe(boom)
  })

  it('rejects embed() too', async () => {
    const { members } = setting({ choose: () => 0 })
    const [first] = members
    const embedding = { ...first, embed: async () => ({ vectors: [[1]] }) } as never
    const asked = (by: Policy) => balance([embedding], { by }).embed?.({ model: 'm', input: ['Hello'] })
    await expect(asked({ choose: fail })).rejects.toBe(boom)
    await expect(asked({ choose: () => 3 })).rejects.toThrow('which is not a candidate')
  })

  it.each(['began', 'content', 'ended'] as const)(
    'by throwing in %s, does not break the answer: the next choice throws that error, and then it is over',
    async (hook) => {
      let calls = 0
      const by: Policy = {
        choose: ({ first }) => first,
        [hook]: () => {
          if (calls++ === 0) fail()
        },
      }
      const { clock, group } = setting(by)
      const first = call(group)
      await clock.run()
      expect(first.text).toBe('Hello, world')
      expect(() => group.stream(REQUEST)).toThrow(boom)
      const third = call(group)
      await clock.run()
      expect(third.text).toBe('Hello, world')
    },
  )

  it.each(['waitMs', 'mayAskAnother', 'choose'] as const)(
    'by throwing in %s while a member is silent, fails the stream, closes the member, and leaves the process alone',
    async (hook) => {
      let choices = 0
      const by: Policy = {
        choose: ({ first }) => (hook === 'choose' && choices++ > 0 ? fail() : first),
        waitMs: () => (hook === 'waitMs' ? fail() : 50),
        mayAskAnother: () => (hook === 'mayAskAnother' ? fail() : true),
      }
      const { clock, members, group } = setting(by, [Infinity, 10])
      const called = call(group)
      await clock.run()
      expect(called.error).toBe(boom)
      expect(members.map(({ inFlight }) => inFlight)).toEqual([0, 0])
      expect(clock.pending).toBe(0)
    },
  )
})
