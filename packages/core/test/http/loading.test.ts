import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { collect } from '../../src/reading/collect.ts'
import { batchesOf } from '../../src/stream.ts'
import { settled } from '../support/clock.ts'
import { END, plain, text } from '../support/plain.ts'
import { acme, failure, hello, info, rejection, transports } from '../support/providers.ts'
import { closed, serve, signalled } from '../support/servers.ts'

const answer = text('Hello') + END

describe.each(transports)('the half of a dialect that is loaded later, over %s', (_name, open) => {
  /** A provider whose dialect is loaded when the test says so. */
  const loading = (url: string, load: () => Promise<unknown>) =>
    acme(url, { transport: open() }, { protocol: { ...plain, load }, models: { path: '/models', read: () => [] } })

  test('is asked for when the first request goes out, and that does not wait for it', async () => {
    const asked = signalled()
    const server = await serve((response) => {
      asked.resolve()
      response.end(answer)
    })
    let loads = 0
    const load = signalled()
    const provider = loading(server.url, () => {
      loads++
      return load.promise
    })
    const stream = provider.stream(hello)
    expect(loads).toBe(0)
    const reading = collect(stream)
    await asked.promise
    expect(loads).toBe(1)
    load.resolve()
    await expect(reading).resolves.toMatchObject({ text: 'Hello' })
    await collect(provider.stream(hello))
    expect([loads, server.requests.length]).toEqual([1, 2])
  })

  test('an abort while it is loaded rejects with its reason and closes the connection', async () => {
    const asked = signalled()
    const server = await serve((response) => {
      response.write(text('Hel'), () => {
        asked.resolve()
      })
    })
    const controller = new AbortController()
    const reason = { why: 'no more' }
    const stream = loading(server.url, () => new Promise(() => undefined)).stream(hello, { signal: controller.signal })
    const reading = rejection(collect(stream))
    await asked.promise
    controller.abort(reason)
    expect(await reading).toBe(reason)
    await closed(server.sockets[0])
  })

  test('leaving while it is loaded closes the connection, and ends the read that waits', async () => {
    const asked = signalled()
    const server = await serve((response) => {
      response.write(text('Hel'), () => {
        asked.resolve()
      })
    })
    const batches = batchesOf(loading(server.url, () => new Promise(() => undefined)).stream(hello))
    const reading = batches.next()
    await asked.promise
    batches.close()
    expect(await reading).toEqual({ done: true, value: undefined })
    await closed(server.sockets[0])
  })

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('leaving %i steps after it has come ends the read too', async (steps) => {
    const asked = signalled()
    const server = await serve((response) => {
      response.write(': ping\n\n', () => {
        asked.resolve()
      })
    })
    const load = signalled()
    const batches = batchesOf(loading(server.url, () => load.promise).stream(hello))
    const reading = batches.next()
    await asked.promise
    load.resolve()
    for (let step = 0; step < steps; step++) await Promise.resolve()
    batches.close()
    expect(await reading).toEqual({ done: true, value: undefined })
    await closed(server.sockets[0])
  })

  test('what can not be loaded is a network failure, and the next call tries again', async () => {
    const server = await serve((response) => response.end(answer))
    const missing = new TypeError('Failed to fetch dynamically imported module')
    let loads = 0
    const provider = loading(server.url, () => (loads++ === 0 ? Promise.reject(missing) : Promise.resolve()))
    const batches = batchesOf(provider.stream(hello))
    const error = await failure(batches.next(), 'network')
    expect(error).toMatchObject({ provider: 'acme', cause: missing, retryable: true })
    expect(error.message).toBe('acme: a part of this program could not be loaded. Ask again, or load the page anew')
    // The stream is over, and nothing is asked again behind the reader's back.
    expect(await batches.next()).toEqual({ done: true, value: undefined })
    await expect(collect(provider.stream(hello))).resolves.toMatchObject({ text: 'Hello' })
    expect(server.requests.length).toBeLessThanOrEqual(2)
  })

  test('models() waits for it too, and fails as a stream does', async () => {
    const server = await serve((response) => response.end('{}'))
    const missing = new TypeError('Failed to fetch dynamically imported module')
    await expect(loading(server.url, () => Promise.resolve()).models?.()).resolves.toEqual([])
    await failure(Promise.resolve(loading(server.url, () => Promise.reject(missing)).models?.()), 'network')
    expect(server.requests).toHaveLength(1)
  })

  test('an abort ends models() while it is loaded, and leaves no listener', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const reason = { why: 'no more' }
    const load = signalled()
    const provider = loading('http://127.0.0.1:1', () => load.promise)
    const asking = rejection(Promise.resolve(provider.models?.({ signal })))
    controller.abort(reason)
    expect(await asking).toBe(reason)
    load.resolve()
    await settled()
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('a failure of the request while it is loaded is the request’s', async () => {
    const server = await serve((response) => response.destroy())
    const load = signalled()
    const reading = failure(collect(loading(server.url, () => load.promise).stream(hello)), 'network')
    while (server.requests.length === 0) await settled()
    await closed(server.sockets[0])
    load.resolve()
    await reading
  })
})

test('a first request that is not sent fails as any other, with no half loaded', async () => {
  const provider = acme('http://127.0.0.1:1', {}, { info: { ...info, auth: 'required' } })
  const first = await failure(collect(provider.stream(hello)), 'auth')
  const second = await failure(collect(provider.stream(hello)), 'auth')
  expect(first.message).toBe('acme: no credential. Give the apiKey option.')
  expect(second.message).toBe(first.message)
})
