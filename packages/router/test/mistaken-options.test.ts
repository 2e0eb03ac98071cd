import { expect, test } from 'vitest'
import { balance, circuitBreaker, failover, hedge } from '../src/index.ts'
import { sound } from './support/hostile.ts'

/** Options as a program without types may pass them. */
const wrong = (options: object): never => options as never

test.each<[what: string, use: () => unknown, message: RegExp]>([
  ['a breaker that is no object', () => failover([sound()], wrong({ breaker: true })), /breaker must be/],
  ['a breaker that is null', () => failover([sound()], wrong({ breaker: null })), /breaker must be/],
  ['an id that is no string', () => failover([sound()], wrong({ id: 5 })), /id must be/],
  ['a ratio in quotes', () => circuitBreaker(wrong({ ratio: '0.5' })), /ratio must be/],
  ['an allowance in quotes', () => hedge([sound()], wrong({ afterMs: 1, allowance: '5' })), /allowance must be/],
  [
    'a weight that is not given',
    () => balance([sound(), sound()], wrong({ by: 'weight', weights: [1, undefined] })),
    /weights\[1\] must be/,
  ],
])('%s is refused when the group is made', (_what, use, message) => {
  expect(use).toThrow(TypeError)
  expect(use).toThrow(message)
})
