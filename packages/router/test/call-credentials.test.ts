import { type CallOptions, type ErrorCode, pipe, type Provider } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedFailure, scriptedProvider } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { balance, circuitBreaker, failover, type Policy } from '../src/index.ts'
import { call, codeOf } from './support/call.ts'
import { REQUEST } from './support/members.ts'

const brought: CallOptions = { credentials: { a: 'key-of-the-caller' } }

/** A member that fails for callers who bring a credential, or for all others. */
function member(clock: ManualClock, code: ErrorCode, failsFor: 'callers' | 'others', retryAfterMs?: number) {
  const asked: CallOptions['credentials'][] = []
  const works = scriptedProvider('a', clock, () => scriptedAnswer('a', 1, 1))
  const fails = scriptedProvider('a', clock, () => scriptedFailure('a', code, 1, retryAfterMs))
  const provider: Provider = {
    ...works,
    stream(request, options) {
      asked.push(options?.credentials)
      const isCaller = options?.credentials?.a !== undefined
      return (isCaller === (failsFor === 'callers') ? fails : works).stream(request, options)
    },
  }
  return { provider, asked, sent: () => works.requests + fails.requests }
}

async function asked(clock: ManualClock, provider: Provider, options: CallOptions = {}) {
  const called = call(provider, REQUEST, options)
  await clock.run(clock.now() + 100)
  return called
}

describe("an account of the caller's", () => {
  test('that is refused is told to the caller, and nobody takes the place of the member', async () => {
    const clock = new ManualClock()
    const { provider } = member(clock, 'auth', 'callers')
    const other = scriptedProvider('b', clock, () => scriptedAnswer('b', 1, 1))
    for (const group of [
      failover([provider, other], { clock }),
      failover([failover([provider], { clock }), other], { clock }),
    ]) {
      expect(codeOf(await asked(clock, group, brought))).toBe('auth')
    }
    expect(other.requests).toBe(0)
  })

  test.each<ErrorCode>(['quota', 'rate-limited', 'overloaded'])(
    'that has "%s" is no reason to give up: the next member is asked',
    async (code) => {
      const clock = new ManualClock()
      const { provider } = member(clock, code, 'callers')
      const other = scriptedProvider('b', clock, () => scriptedAnswer('b', 1, 1))
      expect((await asked(clock, failover([provider, other], { clock }), brought)).starts.at(-1)).toBe('b')
    },
  )

  test.each<[ErrorCode, number | undefined]>([
    ['auth', undefined],
    ['quota', undefined],
    ['rate-limited', 60_000],
  ])('that fails with "%s" opens no breaker, for nobody', async (code, retryAfterMs) => {
    const clock = new ManualClock()
    const { provider, sent } = member(clock, code, 'callers', retryAfterMs)
    const guarded = pipe(provider, circuitBreaker({ clock, failures: 1 }))
    for (let count = 0; count < 3; count++) await asked(clock, guarded, brought)
    expect(codeOf(await asked(clock, guarded))).toBeUndefined()
    expect(sent()).toBe(4)
  })

  test('is asked though the breaker is open for the account of the member, and closes nothing', async () => {
    const clock = new ManualClock()
    const { provider, sent } = member(clock, 'auth', 'others')
    const guarded = pipe(provider, circuitBreaker({ clock }))
    expect(codeOf(await asked(clock, guarded))).toBe('auth')
    expect(codeOf(await asked(clock, guarded, brought))).toBeUndefined()
    expect((await asked(clock, guarded)).error).toMatchObject({
      message: expect.stringContaining('circuit open') as string,
    })
    expect(sent()).toBe(2)
  })

  test('has the breaker of its calls: an endpoint that is down is left alone by them too', async () => {
    const clock = new ManualClock()
    const { provider, sent } = member(clock, 'overloaded', 'callers')
    const guarded = pipe(provider, circuitBreaker({ clock, failures: 2 }))
    for (let count = 0; count < 4; count++) await asked(clock, guarded, brought)
    expect(sent()).toBe(2)
  })

  test('teaches a policy nothing of the member', async () => {
    const clock = new ManualClock()
    const { provider } = member(clock, 'quota', 'callers')
    const outcomes: string[] = []
    const by: Policy = { choose: ({ first }) => first, ended: (_, { outcome }) => void outcomes.push(outcome) }
    await asked(clock, balance([provider], { by, clock }), brought)
    expect(outcomes).toEqual(['cancelled'])
  })
})

test('every member of a group gets the credentials of the call, to take what is its own', async () => {
  const clock = new ManualClock()
  const { provider, asked: calls } = member(clock, 'overloaded', 'others')
  const { provider: second, asked: secondCalls } = member(clock, 'overloaded', 'callers')
  const credentials = { b: 'for another' }
  await asked(clock, failover([provider, second], { clock }), { credentials })
  expect([...calls, ...secondCalls]).toEqual([credentials, credentials])
})
