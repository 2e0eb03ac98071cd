import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fromResponse, type Snapshot } from '@rivulet/core'
import { lockchat } from '@rivulet/provider-lockchat'
import { simulator } from '@rivulet/simulator'
import { expect, test } from 'vitest'
import { conversation } from '../page-reader.ts'
import { chatRoute } from '../server-route.ts'
import { type TestServer, testServer } from './server.ts'

/** The route on a server, which gives a `Request` and sends a `Response`, as a framework does. */
const served = (route: (incoming: Request) => Promise<Response>): Promise<TestServer> =>
  testServer(({ path, body }, outgoing) => {
    void route(new Request(`http://page.example${path}`, { method: 'POST', body })).then(async (response) => {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      if (response.body === null) outgoing.end()
      else await pipeline(Readable.fromWeb(response.body), outgoing)
    })
  })

/** A route over a simulated provider, and the page's conversation with it. */
async function both(sim: Awaited<ReturnType<typeof simulator>>) {
  const server = await served(chatRoute(lockchat({ baseUrl: sim.baseUrl('lockchat') }), ['gpt-4']))
  const drawn: Snapshot[] = []
  return { server, drawn, ask: conversation(`${server.url}/api/chat`, (answer) => drawn.push(answer)) }
}

test('the page draws an answer as it grows, and goes on with the conversation', async () => {
  await using sim = await simulator({ pace: 'instant' })
  const { server, drawn, ask } = await both(sim)
  await using _ = server
  await ask('count to 3')
  expect(drawn.at(-1)).toMatchObject({ provider: 'lockchat', model: 'gpt-4', reason: 'stop' })
  expect(drawn.at(-1)?.text).toContain('1, 2, 3')
  await ask('count to 4')
  expect(sim.requests[1]?.body).toMatchObject({
    messages: [{ content: 'count to 3' }, { role: 'assistant' }, { content: 'count to 4' }],
  })
})

test('an answer that breaks off is asked for again, and the page draws the whole one', async () => {
  await using sim = await simulator({ pace: 'instant' })
  const { server, drawn, ask } = await both(sim)
  await using _ = server
  sim.fault('lockchat', { kind: 'truncate', times: 1 })
  await ask('count to 3')
  expect(drawn.at(-1)?.text).toContain('1, 2, 3')
  expect(server.received).toHaveLength(2)
})

test('a body that the page may not send is refused by name, and reaches no provider', async () => {
  await using sim = await simulator({ pace: 'instant' })
  const { server } = await both(sim)
  await using _ = server
  const ask = (body: object): Promise<Response> => fetch(server.url, { method: 'POST', body: JSON.stringify(body) })
  const messages = [{ role: 'user', content: 'hello' }]
  for (const [body, words] of [
    [{ messages, extra: {} }, 'unknown field "extra"'],
    [{ messages, model: 'gpt-5' }, 'model must be one of gpt-4'],
  ] as const) {
    const response = await ask(body)
    expect(response.status).toBe(400)
    await expect(Array.fromAsync(fromResponse(response))).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(words) as string,
    })
  }
  expect(sim.requests).toHaveLength(0)
})
