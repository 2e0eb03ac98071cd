import { expect, test } from 'vitest'
import { collect } from '../../src/reading/collect.ts'
import type { HttpResponse, Transport } from '../../src/transport.ts'
import { acme, hello, rejection } from '../support/providers.ts'

test('a response that a deaf transport gives after an abort is closed', async () => {
  const late = Promise.withResolvers<HttpResponse>()
  const closed = Promise.withResolvers<string>()
  const transport: Transport = () => late.promise
  const controller = new AbortController()
  const stream = acme('http://127.0.0.1', { transport }).stream(hello, { signal: controller.signal })
  const reading = rejection(collect(stream))
  controller.abort('no more')
  expect(await reading).toBe('no more')
  const body: AsyncIterableIterator<Uint8Array> = {
    next: () => new Promise(() => undefined),
    return: () => {
      closed.resolve('closed')
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]: () => body,
  }
  late.resolve({ status: 200, headers: {}, body })
  expect(await closed.promise).toBe('closed')
})
