import { describe, expect, test } from 'vitest'
import { ChatError } from '../../src/errors.ts'
import { recordExchanges } from '../../src/layers/record-exchanges.ts'
import { retry } from '../../src/layers/retry.ts'
import { withModel } from '../../src/layers/with-model.ts'
import { pipe, type Provider } from '../../src/provider.ts'
import { collect } from '../../src/reading/collect.ts'
import { estimateUsage } from '../../src/reading/estimate.ts'
import { toResponse } from '../../src/web/to-response.ts'
import { fetchTransport } from '../../src/transport/fetch.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import { END, text } from '../support/plain.ts'
import { acme, finish, hello, local, rejection, start, textEvent } from '../support/providers.ts'
import { serve } from '../support/servers.ts'

const provider = acme('http://127.0.0.1')
/** Options as a program without types may pass them. */
const wrong = (options: object): never => options as never

describe('is refused at the call, by its name:', () => {
  test.each<[what: string, use: () => unknown, message: RegExp]>([
    [
      'onConnect that is no function',
      () => provider.stream(hello, wrong({ onConnect: 5 })),
      /onConnect must be a func/,
    ],
    [
      'onAttempt that is no function',
      () => provider.stream(hello, wrong({ onAttempt: {} })),
      /onAttempt must be a func/,
    ],
    ['elapsedMs that is no number', () => provider.stream(hello, wrong({ elapsedMs: NaN })), /elapsedMs must be/],
    ['raw that is no boolean', () => provider.stream(hello, wrong({ raw: 'yes' })), /raw must be a boolean/],
    [
      'a Headers',
      () => provider.stream(hello, wrong({ headers: new Headers({ a: 'b' }) })),
      /headers must be an object/,
    ],
    ['a Map of headers', () => acme('http://a.example', wrong({ headers: new Map([['a', 'b']]) })), /headers must be/],
    ['a misspelt option of fetchTransport', () => fetchTransport(wrong({ fech: fetch })), /Did you mean "fetch"/],
    ['fetch that is no function', () => fetchTransport(wrong({ fetch: 5 })), /fetch must be a function/],
    ['a misspelt option of estimateUsage', () => estimateUsage(wrong({ countToken: 1 })), /Did you mean "countTokens"/],
    ['countTokens that is no function', () => estimateUsage(wrong({ countTokens: 5 })), /countTokens must be a func/],
    ['a proxy that is a number', () => undiciTransport(wrong({ proxy: 5 })), /proxy must be a URL/],
    [
      'a proxy that is no URL',
      () => undiciTransport({ proxy: 'http://user:hunter2@' }),
      /^(?!.*hunter2).*proxy must be/,
    ],
    ['a model that is no name', () => withModel(wrong({ best: 5 })), /withModel: best must be a model's name/],
    ['an empty name of a model', () => withModel(''), /must be a model's name/],
    ['a layer that is nothing', () => pipe(provider, wrong([]), retry()), /pipe: a layer must be a function/],
    ['a provider that is nothing', () => pipe(undefined as unknown as Provider, retry()), /pipe: the provider must be/],
  ])('%s', (_what, use, message) => {
    expect(use).toThrow(TypeError)
    expect(use).toThrow(message)
  })
})

test.each<[what: string, options: object, message: RegExp]>([
  ['a misspelt option', { az: 'text' }, /Did you mean "as"/],
  ['an unknown form', { as: 'json' }, /as must be 'events', 'text' or the call/],
  ['a header that is none', { headers: { 'not a name': 'x' } }, /not a header name/],
])('toResponse() refuses %s before it reads the stream', async (_what, options, message) => {
  const server = await serve((response) => response.end(text('all') + END))
  const stream = acme(server.url).stream(hello)
  const error = await rejection(toResponse(stream, options))
  expect(error).toBeInstanceOf(TypeError)
  expect(error).toMatchObject({ message: expect.stringMatching(message) as string })
  expect(server.requests).toHaveLength(0)
})

test('an error of another copy, with a code that is not known here, becomes a 502', async () => {
  const error = Object.assign(new ChatError('overloaded', 'busy'), { code: 'tired' })
  const failing = local(async function* () {
    throw await Promise.resolve(error)
  })
  expect((await toResponse(failing.stream(hello))).status).toBe(502)
})

test('an abort is not held by a recording that is never saved', async () => {
  const server = await serve((response) => response.write(text('all')))
  const never = recordExchanges({ to: () => new Promise(() => undefined) })
  const controller = new AbortController()
  const stream = pipe(acme(server.url), never).stream(hello, { signal: controller.signal })
  const reading = (async () => {
    for await (const event of stream) if (event.type === 'text') controller.abort('no more')
  })()
  expect(await rejection(reading)).toBe('no more')
})

test.each<[what: string, rule: () => unknown]>([
  ['throws', () => JSON.parse('no') as unknown],
  ['gives a promise that rejects', () => Promise.reject(new Error('no'))],
])('a rule of retry() that %s decides nothing: the default rule holds', async (_what, rule) => {
  let calls = 0
  const recovering = local(async function* () {
    if (calls++ === 0) throw new ChatError('overloaded', 'busy')
    yield* await Promise.resolve([start, textEvent('all'), finish])
  })
  const steady = pipe(recovering, retry({ backoffMs: 0, retryWhen: rule as () => boolean }))
  expect(await collect(steady.stream(hello))).toMatchObject({ text: 'all' })
})
