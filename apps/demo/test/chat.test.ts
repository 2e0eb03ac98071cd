import type { ChatEvent } from '@rivulet/core'
import { expect, test } from 'vitest'
import { demo, JSON_TYPE, post, question, raw, serverSentEvents } from './harness.ts'

async function eventsOf(response: Response): Promise<{ type: string; event: ChatEvent }[]> {
  const events = []
  if (response.body === null) throw new Error('no body')
  for await (const { type, data } of serverSentEvents(response.body)) {
    events.push({ type, event: JSON.parse(data) as ChatEvent })
  }
  return events
}

test('/api/models lists the models, their providers and what each provider supports', async () => {
  const { server } = await demo()
  const response = await fetch(`${server.url}/api/models`)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.json()).toMatchObject({
    models: expect.arrayContaining([
      expect.objectContaining({ id: 'gpt-6.1-sol', providers: ['openai', 'openai-responses'] }),
      expect.objectContaining({ id: 'gpt-4', providers: ['lockchat', 'liaobots'] }),
    ]) as unknown,
    providers: [
      { id: 'openai', name: 'OpenAI', simulated: true },
      { id: 'openai-responses', name: 'OpenAI Responses' },
      { id: 'anthropic' },
      { id: 'google' },
      { id: 'ollama' },
      {
        id: 'lockchat',
        name: 'Lockchat',
        supports: 'Lockchat supports: (model: string, messages: Message[], stream: boolean, temperature: number = 0.7)',
        models: [{ id: 'gpt-4' }, { id: 'gpt-3.5-turbo' }],
      },
      { id: 'liaobots' },
      { id: 'gravityengine' },
    ],
  })
})

test.each([undefined, 'lockchat', 'liaobots'])('an answer streams as events, from %s', async (provider) => {
  const { server, backend } = await demo()
  const response = await post(server, question('Answer in Japanese', { provider, temperature: 0.5 }))
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const events = (await eventsOf(response)).map(({ event }) => event)
  expect(events[0]).toMatchObject({ type: 'start', provider: provider ?? 'lockchat', model: 'gpt-4' })
  expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('')
  expect(text).toBe(backend.simulator.requests[0]?.answer)
  expect(text).not.toBe('')
})

test('failover to the next provider is invisible', async () => {
  const { server, backend } = await demo()
  backend.simulator.fault('lockchat', { kind: 'status', status: 503 })
  const [start] = await eventsOf(await post(server, question('hello')))
  expect(start?.event).toMatchObject({ type: 'start', provider: 'liaobots' })
})

test('an error before the first content has a status and a code', async () => {
  const { server, backend } = await demo()
  backend.simulator.fault('lockchat', { kind: 'status', status: 429 })
  const response = await post(server, question('hello', { provider: 'lockchat' }))
  expect(response.status).toBe(429)
  expect(await response.json()).toMatchObject({ error: { code: 'rate-limited' } })
})

test('an error in the middle is the last event', async () => {
  const { server, backend } = await demo()
  backend.simulator.fault('lockchat', 'truncate')
  const events = await eventsOf(await post(server, question('a long essay', { provider: 'lockchat' })))
  expect(events.at(-2)?.event.type).toBe('text')
  expect(events.at(-1)).toMatchObject({ type: 'error', event: { code: 'truncated' } })
})

test.each([
  [{ messages: [] }, 400, 'messages'],
  [{ messages: 'hello' }, 400, 'messages must be an array'],
  [{ messages: [{ role: 'usr', content: 'hello' }] }, 400, 'messages[0].role'],
  [question('hello', { modle: 'x' }), 400, 'unknown field "modle". Did you mean "model"?'],
  [question('hello', { temperature: 'hot' }), 400, 'temperature must be a finite number'],
  [question('hello', { model: 7 }), 400, 'model must be a string'],
  [question('hello', { model: 'gpt-9' }), 404, 'no provider serves model "gpt-9"'],
  [question('hello', { provider: 'lokchat' }), 404, 'Did you mean "lockchat"?'],
  ['hello', 400, 'the body must be an object'],
  [question('hello', { provider: 7 }), 400, 'provider must be a string'],
  [question('hello', { extra: {} }), 400, 'unknown field "extra"'],
])('%j is rejected with %i', async (body, status, message) => {
  const { server, backend } = await demo()
  const response = await post(server, body)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining(message) as unknown } })
  expect(backend.simulator.requests).toHaveLength(0)
})

test('a body that is not JSON is rejected', async () => {
  const { server } = await demo()
  expect(await raw(server, '/api/chat', { method: 'POST', headers: JSON_TYPE, body: '{"model":' })).toMatchObject({
    status: 400,
    text: expect.stringContaining('bad-json') as unknown,
  })
  const form = { 'content-type': 'text/plain' }
  expect((await raw(server, '/api/chat', { method: 'POST', headers: form, body: '{}' })).status).toBe(415)
})

test.each([true, false])('a body over 16 MiB is rejected (with content-length: %s)', async (hasLength) => {
  const { server } = await demo()
  const body = JSON.stringify(question('x'.repeat(16 * 1024 * 1024)))
  const headers = { ...JSON_TYPE, ...(hasLength && { 'content-length': String(body.length) }) }
  const reply = await raw(server, '/api/chat', { method: 'POST', headers, body })
  expect(reply.status).toBe(413)
  expect(reply.text).toContain('too-large')
})

test('a disconnect ends the answer upstream, in the middle and before the first token', async () => {
  const { server, backend } = await demo()
  const { simulator } = backend
  for (const kind of ['trickle', 'stall-before-first-token'] as const) {
    simulator.clear()
    simulator.fault('lockchat', kind)
    const abort = new AbortController()
    const response = post(server, question('a long essay', { provider: 'lockchat' }), { signal: abort.signal })
    if (kind === 'trickle') await (await response).body?.getReader().read()
    else await expect.poll(() => simulator.requests[0]?.status).toBe(200)
    expect(simulator.requests[0]?.clientClosedMs).toBeUndefined()
    abort.abort()
    await response.catch(() => undefined)
    await simulator.requests[0]?.done
    expect(simulator.requests[0]?.clientClosedMs).toBeGreaterThan(0)
  }
})

test('closing the server in the middle of an answer ends it on both sides', async () => {
  const { server, backend } = await demo()
  backend.simulator.fault('lockchat', 'trickle')
  const reader = (await post(server, question('hello', { provider: 'lockchat' }))).body?.getReader()
  await reader?.read()
  await server.close()
  await expect(
    (async () => {
      while ((await reader?.read())?.done === false);
    })(),
  ).rejects.toThrow()
  await backend.simulator.requests[0]?.done
  expect(backend.simulator.requests[0]?.clientClosedMs).toBeGreaterThan(0)
})
