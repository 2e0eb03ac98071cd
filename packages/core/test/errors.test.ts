import { describe, expect, test } from 'vitest'
import { ChatError } from '../src/errors.ts'
import { retry } from '../src/layers/retry.ts'
import { pipe } from '../src/provider.ts'
import { toResponse } from '../src/web/to-response.ts'
import { collect } from '../src/reading/collect.ts'
import { finish, hello, local, rejection, start } from './support/providers.ts'

/** Another copy of this package, as a program has it whose packages depend on two versions. */
async function otherCopy(): Promise<typeof ChatError> {
  const file = '../src/errors.ts?another-copy'
  const { ChatError: Other } = (await import(file)) as { ChatError: typeof ChatError }
  return Other
}

describe('an error of another copy of the package', () => {
  test('is a ChatError; other errors are not', async () => {
    const Other = await otherCopy()
    expect(Other).not.toBe(ChatError)
    expect(new Other('overloaded', 'busy')).toBeInstanceOf(ChatError)
    expect(new ChatError('overloaded', 'busy')).toBeInstanceOf(Other)
    for (const value of [new Error('busy'), new TypeError('no'), { code: 'overloaded' }, 'busy', undefined, null]) {
      expect(value instanceof ChatError).toBe(false)
    }
  })

  test('is retried as one of this copy', async () => {
    const Other = await otherCopy()
    let calls = 0
    const provider = local(async function* () {
      if (calls++ === 0) throw new Other('overloaded', 'busy')
      yield start
      yield finish
    })
    await collect(pipe(provider, retry({ backoffMs: 0 })).stream(hello))
    expect(calls).toBe(2)
  })

  test('becomes the status of a web response', async () => {
    const Other = await otherCopy()
    const provider = local(async function* () {
      throw new Other('rate-limited', 'slow down')
    })
    expect((await toResponse(provider.stream(hello))).status).toBe(429)
  })

  test('a class that extends it keeps its own instances', () => {
    class Special extends ChatError {}
    expect(new Special('network', 'down')).toBeInstanceOf(Special)
    expect(new Special('network', 'down')).toBeInstanceOf(ChatError)
    expect(new ChatError('network', 'down')).not.toBeInstanceOf(Special)
  })
})

test('as JSON, for a log, it has its name, code and message', async () => {
  const error = new ChatError('rate-limited', 'acme: slow down', { provider: 'acme', status: 429, retryAfterMs: 7_000 })
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'ChatError',
    code: 'rate-limited',
    message: 'acme: slow down',
    provider: 'acme',
    status: 429,
    retryAfterMs: 7_000,
  })
  expect(await rejection(Promise.reject(error))).toBe(error)
})

test('as JSON, an error inside another object or error has its message too, of whatever copy or class it is', async () => {
  const Other = await otherCopy()
  class Special extends ChatError {}
  const attempts = [new Other('overloaded', 'a: busy'), new Special('auth', 'b: wrong key')]
  const partial = { provider: 'a', model: 'm', content: [], text: 'Hel', toolCalls: [] }
  const cause: { self?: unknown } = {}
  cause.self = cause
  const error = new ChatError('exhausted', 'failover: no member answered.', { attempts, partial, cause })
  expect(JSON.parse(JSON.stringify({ level: 'error', error }))).toEqual({
    level: 'error',
    error: {
      name: 'ChatError',
      code: 'exhausted',
      message: 'failover: no member answered.',
      partial,
      attempts: [
        { name: 'ChatError', code: 'overloaded', message: 'a: busy' },
        { name: 'ChatError', code: 'auth', message: 'b: wrong key' },
      ],
    },
  })
})
