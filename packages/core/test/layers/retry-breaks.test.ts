import { describe, expect, test } from 'vitest'
import { ChatError } from '../../src/errors.ts'
import { decidedAtFirstRead } from '../../src/layers/on-break.ts'
import { ownAttempts } from '../../src/layers/own-attempts.ts'
import { retry } from '../../src/layers/retry.ts'
import type { CallOptions } from '../../src/provider.ts'
import { collect } from '../../src/reading/collect.ts'
import { finish, hello, local, rejection, start, textEvent } from '../support/providers.ts'

type OnBreak = CallOptions['onBreak']

/** Breaks in the middle of its first answer; the next ones are whole. Checks nothing of a call. */
function breaking() {
  let asked = 0
  const provider = local(async function* () {
    asked++
    yield start
    yield textEvent(`answer ${asked}`)
    if (asked === 1) throw new ChatError('truncated', 'it broke')
    yield finish
  })
  return { provider, asked: () => asked }
}

describe('an answer that breaks after its first content', () => {
  test.each<[options: OnBreak, call: OnBreak, restarts: boolean]>([
    [undefined, undefined, false],
    ['fail', undefined, false],
    ['continue', undefined, false],
    ['restart', undefined, true],
    [['continue', 'restart'], undefined, true],
    [undefined, 'restart', true],
    ['fail', 'restart', true],
    ['restart', 'fail', false],
    ['restart', 'continue', false],
  ])('retry() was told %j and the call %j: it starts over: %s', async (options, onBreak, restarts) => {
    const { provider, asked } = breaking()
    const reading = collect(retry({ onBreak: options, backoffMs: 0 })(provider).stream(hello, { onBreak }))
    if (restarts) expect((await reading).text).toBe('answer 2')
    else expect(await rejection(reading)).toMatchObject({ code: 'truncated', partial: { text: 'answer 1' } })
    expect(asked()).toBe(restarts ? 2 : 1)
  })

  test('what retry() was told is known to those who add attempts of their own', () => {
    const { provider } = breaking()
    expect(ownAttempts(retry({ onBreak: 'restart' })(provider))).toEqual({ onBreak: 'restart' })
    expect(ownAttempts(provider)).toBeUndefined()
  })
})

describe('a mistake about breaks names retry()', () => {
  const unknown = 'again' as string as 'restart'
  const words = `retry: onBreak must be 'fail', 'restart' or 'continue', or a list such as ['continue', 'restart'], got "again".`

  test('in its options, at once', () => {
    expect(() => retry({ onBreak: unknown })).toThrow(new TypeError(words))
  })

  test('in a call, before the provider is called', () => {
    let called = 0
    const eager = { ...breaking().provider, stream: () => (called++, breaking().provider.stream(hello)) }
    expect(() => retry()(eager).stream(hello, { onBreak: unknown })).toThrow(new TypeError(words))
    expect(called).toBe(0)
  })

  test('in what is decided at the first read, there', async () => {
    const call = decidedAtFirstRead({}, () => unknown)
    expect(await rejection(collect(retry()(breaking().provider).stream(hello, call)))).toEqual(new TypeError(words))
  })
})

test('a mistaken option of a call is named also where the provider checks nothing', () => {
  const patient = retry()(breaking().provider)
  expect(() => patient.stream(hello, { elapsedMs: -1 })).toThrow('local: elapsedMs must be a number of milliseconds')
  expect(() => patient.stream(hello, { timeout: 1 } as CallOptions)).toThrow(
    'local: stream(): unknown option "timeout"',
  )
})
