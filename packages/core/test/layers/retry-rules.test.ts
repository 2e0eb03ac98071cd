import { describe, expect, test, vi } from 'vitest'
import { ChatError } from '../../src/errors.ts'
import { retry, type RetryOptions } from '../../src/layers/retry.ts'
import type { CallOptions, EmbedRequest, Provider } from '../../src/provider.ts'
import { trustedStream, DONE } from '../../src/stream.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { eventsOf, hello, info, local, rejection } from '../support/providers.ts'

const request: EmbedRequest = { model: 'm1', input: ['Hello'] }
const busy = new ChatError('overloaded', 'busy')
const refused = new ChatError('auth', 'no key')

const noStream = (): never => {
  throw new Error('not used')
}

/** Fails so many times before it embeds, and keeps what it was called with. */
function embedding(
  failures: number,
  error = busy,
): { provider: Provider; calls: [EmbedRequest, CallOptions | undefined][] } {
  const calls: [EmbedRequest, CallOptions | undefined][] = []
  const embed: Provider['embed'] = (asked, call) => {
    calls.push([asked, call])
    return calls.length > failures ? Promise.resolve({ vectors: [[1]] }) : Promise.reject(error)
  }
  return { provider: { id: 'local', info, stream: noStream, embed }, calls }
}

const retried = (provider: Provider, options: RetryOptions = {}): Provider =>
  retry({ backoffMs: 0, ...options })(provider)

describe('embed()', () => {
  test('is tried again, with the same request and the options of the call', async () => {
    const { provider, calls } = embedding(2)
    const { signal } = new AbortController()
    expect(await retried(provider).embed?.(request, { signal })).toEqual({ vectors: [[1]] })
    expect(calls).toHaveLength(3)
    for (const [asked, call] of calls) {
      expect(asked).toEqual(request)
      expect(call?.signal).toBe(signal)
    }
  })

  test('fails with the last error when there is no attempt left', async () => {
    const { provider, calls } = embedding(9)
    expect(await rejection(retried(provider, { attempts: 2 }).embed?.(request) ?? Promise.resolve())).toBe(busy)
    expect(calls).toHaveLength(2)
  })

  test('is absent where the provider has none, and so is models()', () => {
    const provider = retried(local(noStream))
    expect(provider.embed?.(request)).toBeUndefined()
    expect(provider.models?.()).toBeUndefined()
  })
})

describe('a rule of the caller that does not say yes or no', () => {
  const attemptsWith = async (said: unknown, error: ChatError): Promise<number> => {
    const { provider, calls } = embedding(9, error)
    const retryWhen = (() => said) as () => boolean
    await rejection(retried(provider, { attempts: 2, retryWhen }).embed?.(request) ?? Promise.resolve())
    return calls.length
  }

  test.each([[{}], [[]], [Promise.resolve(true)], [Promise.resolve(false)]])(
    'leaves it to the default rule: %o',
    async (said) => {
      expect([await attemptsWith(said, busy), await attemptsWith(said, refused)]).toEqual([2, 1])
    },
  )

  test.each([
    [1, 2],
    ['yes', 2],
    [0, 1],
    ['', 1],
    [null, 1],
    [undefined, 1],
  ])('is taken for what JavaScript takes it for: %j', async (said, attempts) => {
    expect([await attemptsWith(said, busy), await attemptsWith(said, refused)]).toEqual([attempts, attempts])
  })

  test('may fail later: its failure is received, and changes nothing', async () => {
    const then = vi.fn((_resolve: unknown, reject: (reason: Error) => void) => {
      reject(new Error('late'))
    })
    expect(await attemptsWith({ then }, busy)).toBe(2)
    await eventLoopTurn()
    expect(then).toHaveBeenCalled()
  })
})

test('a stream of a layer that ends without an event ends, and is not asked for again', async () => {
  let asked = 0
  const stream = (): ReturnType<Provider['stream']> => {
    asked++
    return trustedStream(undefined, () => ({ next: () => Promise.resolve(DONE), close: () => undefined }))
  }
  const provider: Provider = { id: 'local', info, stream }
  expect(await eventsOf(retried(provider).stream(hello))).toEqual([])
  expect(asked).toBe(1)
})
