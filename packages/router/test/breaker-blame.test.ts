import { ChatError, collect, deadlines, pipe, type Provider } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { scriptedAnswer, scriptedProvider } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { circuitBreaker, failover } from '../src/index.ts'
import { breakerSetting } from './support/breaker.ts'
import { call, codeOf } from './support/call.ts'
import { REQUEST } from './support/members.ts'

describe('a breaker knows what its member did', () => {
  it.each([
    ["a deadline of the caller's", (clock: ManualClock) => ({ layer: deadlines({ totalMs: 100, clock }) })],
    [
      'an abort whose reason is a ChatError',
      (clock: ManualClock) => {
        const abort = new AbortController()
        clock.after(100, () => {
          abort.abort(new ChatError('timeout', 'too slow', { provider: 'm' }))
        })
        return { signal: abort.signal }
      },
    ],
  ])('does not count %s: the member was lively, or had no time', async (_, limit) => {
    for (const [firstMs, eachMs] of [
      [10, 10_000],
      [10, 95],
      [500, 10],
    ] as const) {
      const { clock, raw, provider } = breakerSetting(() => scriptedAnswer('m', firstMs, eachMs), { failures: 1 })
      const codes: unknown[] = []
      for (let count = 0; count < 4; count++) {
        const { layer, signal } = { layer: undefined, signal: undefined, ...limit(clock) }
        const group = failover([provider], { clock })
        const called = call(layer === undefined ? group : pipe(group, layer), REQUEST, { signal })
        await clock.run(clock.now() + 200)
        codes.push(codeOf(called))
      }
      expect([raw.requests, codes]).toEqual([4, ['timeout', 'timeout', 'timeout', 'timeout']])
    }
  })

  it('counts a deadline that was set for the member alone, when it was silent, and not when its answer was long', async () => {
    const asked = async (firstMs: number): Promise<number> => {
      const { clock, raw, provider } = breakerSetting(() => scriptedAnswer('m', firstMs, 10_000), { failures: 1 })
      for (let count = 0; count < 3; count++) {
        call(pipe(provider, deadlines({ totalMs: 100, clock })))
        await clock.run(clock.now() + 200)
      }
      return raw.requests
    }
    expect([await asked(500), await asked(10)]).toEqual([1, 3])
  })

  it('counts whatever error comes out of a stream, and no refusal of a request', async () => {
    const clock = new ManualClock(0)
    const asked = { fails: 0, refuses: 0 }
    const info = scriptedProvider('m', clock, () => []).info
    const fails: Provider = {
      id: 'fails',
      info,
      async *stream() {
        asked.fails++
        throw new TypeError('fetch failed')
      },
    }
    const refuses: Provider = {
      id: 'refuses',
      info,
      stream: () => {
        asked.refuses++
        throw new TypeError('no tools')
      },
    }
    const answerOf = async (group: Provider) => collect(group.stream(REQUEST))
    const groups = [fails, refuses].map((each) => pipe(each, circuitBreaker({ failures: 1, clock })))
    for (let count = 0; count < 3; count++) {
      for (const group of groups) await expect(answerOf(failover([group], { clock }))).rejects.toThrow()
    }
    expect(asked).toEqual({ fails: 1, refuses: 3 })
  })
})
