import { once } from 'node:events'
import { collect } from '@rivulet/core'
import { expect, test } from 'vitest'
import { steady, TextEndpoint } from '../class-provider.ts'
import { testServer } from './server.ts'

const request = { model: 'any', messages: [{ role: 'user', content: 'Hello' }] } as const

test('its answer is a stream like any other', async () => {
  await using server = await testServer((_, response) => response.end('Hello back'))
  const provider = new TextEndpoint(server.url)
  const events = await Array.fromAsync(provider.stream(request))
  expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'finish'])
  expect(await collect(provider.stream(request))).toMatchObject({
    provider: provider.id,
    text: 'Hello back',
    reason: 'stop',
  })
  expect(server.received.map(({ body }) => body)).toEqual(Array(2).fill(JSON.stringify(request.messages)))
})

test('a busy endpoint is asked twice, then the next one answers', async () => {
  await using busy = await testServer((_, response) => response.writeHead(503).end())
  await using well = await testServer((_, response) => response.end('Hello back'))
  const { text } = await collect(steady([busy.url, well.url]).stream(request))
  expect(text).toBe('Hello back')
  expect([busy.received.length, well.received.length]).toEqual([2, 1])
})

test('an answer that breaks off is an error, which has what had come', async () => {
  await using server = await testServer((_, response) => {
    response.write('Hello', () => response.destroy())
  })
  const error: unknown = await collect(new TextEndpoint(server.url).stream(request)).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'truncated', provider: 'text', partial: { text: 'Hello' } })
})

test('an abort closes the connection, and its reason is what the reader gets', async () => {
  const abort = new AbortController()
  const closed = Promise.withResolvers<undefined>()
  await using server = await testServer((_, response) => {
    response.write('Hello')
    void once(response, 'close').then(() => {
      closed.resolve(undefined)
    })
  })
  const reading = async (): Promise<void> => {
    for await (const { type } of new TextEndpoint(server.url).stream(request, { signal: abort.signal })) {
      if (type === 'text') abort.abort('the reader left')
    }
  }
  await expect(reading()).rejects.toBe('the reader left')
  await closed.promise
})
