import { deadlines, type Layer, observe, pipe, type Provider, recordExchanges, retry, withModel } from '@rivulet/core'
import { estimateUsage } from '@rivulet/core/estimate'
import { classProvider, lostMembers } from '@rivulet/testkit'
import { expect, it } from 'vitest'
import { balance, circuitBreaker, failover, hedge, keys, route } from '../src/index.ts'

const LAYERS: Readonly<Record<string, Layer>> = {
  circuitBreaker: circuitBreaker(),
  deadlines: deadlines(),
  retry: retry(),
  withModel: withModel('m'),
  observe: observe({}),
  recordExchanges: recordExchanges({ to: () => undefined }),
  estimateUsage: estimateUsage({ countTokens: (text) => text.length }),
}

const GROUPS: Readonly<Record<string, Layer>> = {
  failover: (member) => failover([member]),
  'failover with breakers and a deadline': (member) => failover([member], { breaker: {}, totalMs: 60_000 }),
  'balance by latency': (member) => balance([member, classProvider()], { by: 'latency' }),
  'balance by a policy': (member) => balance([member], { by: { choose: ({ first }) => first } }),
  hedge: (member) => hedge([member, classProvider()], { afterMs: 60_000 }),
  route: (member) => route({ m: member }, { breaker: {} }),
  keys: (member) => keys(['one'], () => member),
}

const ALL = Object.entries({ ...LAYERS, ...GROUPS })

it.each(ALL)('a provider that is a class keeps every member through %s', async (_, around) => {
  expect(await lostMembers(around(classProvider()))).toEqual([])
})

it('and through every pair of them, in either order', async () => {
  for (const [outer, around] of ALL) {
    for (const [inner, within] of ALL) {
      expect(await lostMembers(around(within(classProvider()))), `${outer} around ${inner}`).toEqual([])
    }
  }
})

it('this law fails on a layer that spreads, alone and inside a group', async () => {
  const spreading: Layer = (next) => ({ ...next })
  expect(await lostMembers(spreading(classProvider()))).toEqual(['id', 'info', 'stream', 'models', 'embed'])
  expect(() => failover([pipe(classProvider(), spreading)])).toThrow('member 0 is not a provider')
})

it('and on one that keeps the stream only', async () => {
  const partial: Layer = (next): Provider => ({ id: next.id, info: next.info, stream: next.stream.bind(next) })
  expect(await lostMembers(failover([partial(classProvider())]))).toEqual(['models', 'embed'])
})
