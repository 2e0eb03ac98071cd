import { collect } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { expect, test } from 'vitest'
import type { Backend } from '../src/backend.ts'
import { eventStream } from '../src/watch/event-stream.ts'
import { Watch, type WatchEvent } from '../src/watch/watch.ts'
import { backend, demo, JSON_TYPE, post, question, raw, serverSentEvents } from './harness.ts'

const { signal } = new AbortController()
const messages = [{ role: 'user' as const, content: 'a long essay' }]

/** By its clock no provider is slow, so none is overtaken, on a busy machine either. */
const timeless = (): Promise<Backend> => backend('instant', new ManualClock())

/** Asks any provider, and gives what the page heard of it. */
async function heard(opened: Backend, session: string): Promise<WatchEvent[]> {
  const events: WatchEvent[] = []
  const unsubscribe = opened.watch.subscribe((event) => events.push(event))
  await collect(opened.ask({ messages, session }, signal, 'it')).catch(() => undefined)
  unsubscribe()
  return events
}

const moments = (events: WatchEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'moment' ? [event.moment] : []))

test('a break and the switch are told with what they cost, and the report names each attempt', async () => {
  const opened = await timeless()
  opened.weather.set({ provider: 'openai', fault: 'cut', times: 1 })
  const events = await heard(opened, 'one')
  expect(moments(events)).toEqual([
    { kind: 'broke', answer: 'it', from: 'openai', code: 'truncated', pieces: 60 },
    { kind: 'switched', answer: 'it', from: 'openai', to: 'openai-responses', ms: 0, pieces: 60 },
  ])
  expect(opened.watch.reports()).toEqual([
    {
      id: 'it',
      state: 'finished',
      provider: 'openai-responses',
      model: 'gpt-6.1-sol',
      attempts: [
        expect.objectContaining({ provider: 'openai', outcome: 'failed', code: 'truncated', pieces: 60 }),
        expect.objectContaining({ provider: 'openai-responses', outcome: 'answered' }),
      ],
      firstTokenMs: 0,
      totalMs: 0,
      usage: expect.objectContaining({ source: 'estimated' }) as unknown,
    },
  ])
})

test('a failure before the first content is told with its status, and costs no text', async () => {
  const opened = await timeless()
  opened.weather.set({ provider: 'openai', fault: 'key', times: 1 })
  expect(moments(await heard(opened, 'one'))).toMatchObject([
    { kind: 'broke', from: 'openai', code: 'auth', status: 401, pieces: 0 },
    { kind: 'switched', from: 'openai', to: 'openai-responses', pieces: 0 },
  ])
})

test('when every provider fails, the answer is down, with as many attempts as were made', async () => {
  const opened = await timeless()
  for (const { provider } of opened.members) opened.weather.set({ provider: provider.id, fault: 'html', times: 1 })
  expect(moments(await heard(opened, 'one')).at(-1)).toEqual({
    kind: 'down',
    answer: 'it',
    code: 'exhausted',
    attempts: 8,
  })
})

test('a provider that is asked alone has one attempt in its report, and its cost', async () => {
  const opened = await backend()
  await collect(opened.ask({ messages, provider: 'anthropic' }, signal))
  const [report] = opened.watch.reports()
  expect(report).toMatchObject({ state: 'finished', attempts: [{ provider: 'anthropic', outcome: 'answered' }] })
  expect(report?.usd).toBeGreaterThan(0)
})

test('a circuit that has opened shows when it will be probed, until the failures are forgotten', async () => {
  const clock = new ManualClock()
  const opened = await backend('instant', clock)
  const first = (): unknown => opened.watch.providers()[0]
  expect(first()).toEqual({ id: 'openai', name: 'OpenAI', simulated: true, running: 0, health: 'well' })
  opened.weather.set({ provider: 'openai', fault: 'html', times: 2 })
  await heard(opened, 'one')
  expect(first()).toMatchObject({ health: 'shaky', lastFailure: { code: 'malformed' }, fault: 'html' })
  await heard(opened, 'two')
  expect(first()).toMatchObject({ health: 'open', nextProbeMs: 5000 })
  expect(first()).not.toHaveProperty('fault')
  // It is skipped. That is not a failure of the answer, so there is nothing to tell.
  expect(moments(await heard(opened, 'three'))).toEqual([])
  expect(opened.watch.reports().at(-1)?.attempts).toMatchObject([
    { provider: 'openai', outcome: 'skipped' },
    { provider: 'openai-responses', outcome: 'answered' },
  ])
  await clock.advance(3000)
  expect(first()).toMatchObject({ nextProbeMs: 2000 })
  opened.watch.forgetFailures()
  expect(first()).toMatchObject({ health: 'well' })
})

test('the events of an answer reach a page that listens: its report, the traffic, the providers', async () => {
  const { server } = await demo()
  const stop = new AbortController()
  const response = await fetch(`${server.url}/api/events`, { signal: stop.signal })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const types = new Set<string>()
  await (
    await fetch(`${server.url}/api/chat?answer=mine`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify(question('hello')),
    })
  ).text()
  let pieces = 0
  if (response.body === null) throw new Error('no body')
  for await (const { type, data } of serverSentEvents(response.body)) {
    types.add(type)
    const event = JSON.parse(data) as { report?: { id: string }; pieces?: Record<string, number> }
    if (type === 'report') expect(event.report?.id).toBe('mine')
    pieces += event.pieces?.lockchat ?? 0
    if (pieces > 3 && types.size === 3) break
  }
  stop.abort()
  expect([...types].toSorted()).toEqual(['providers', 'report', 'traffic'])
})

test('a page that does not read is disconnected, and its events are not kept', async () => {
  const watch = new Watch({ faultOf: () => undefined })
  const reader = eventStream(watch).body?.getReader()
  const { members } = await backend()
  const [member] = members
  if (member === undefined) throw new Error('no member')
  const short = { model: 'gpt-6.1-sol', messages: [{ role: 'user' as const, content: 'Count to 2' }] }
  for (let n = 0; n < 90; n++) await collect(watch.answers(member.provider).stream(short))
  let read = 0
  while ((await reader?.read())?.done === false) read++
  expect(read).toBeGreaterThan(0)
  expect(read).toBeLessThanOrEqual(256)
})

test('no more pages can listen than a bound, and one that leaves makes room', async () => {
  const watch = new Watch({ faultOf: () => undefined })
  const responses = Array.from({ length: 32 }, () => eventStream(watch))
  expect(eventStream(watch).status).toBe(503)
  await responses[0]?.body?.cancel()
  expect(eventStream(watch).status).toBe(200)
})

test('the faults of simulated providers are set and cleared through the API', async () => {
  const { server, backend: opened } = await demo()
  const put = async (body: unknown) =>
    raw(server, '/api/faults', { method: 'PUT', headers: JSON_TYPE, body: JSON.stringify(body) })
  const reply = await put({ provider: 'lockchat', fault: 'busy' })
  expect(JSON.parse(reply.text)).toMatchObject({
    providers: expect.arrayContaining([expect.objectContaining({ id: 'lockchat', fault: 'busy' })]) as unknown,
  })
  expect((await put({ provider: 'lockchat', fault: null })).text).not.toContain('busy')
  for (const [body, status, words] of [
    [{ provider: 'lokchat', fault: 'cut' }, 404, 'only those can be told to fail'],
    [{ provider: 'lockchat', fault: 'cutt' }, 400, 'Did you mean \\"cut\\"?'],
    [{ provider: 'lockchat', fault: 'cut', times: 0 }, 400, 'times must be a whole number'],
    [{ provider: 'lockchat' }, 400, 'fault must be a name'],
    [{}, 400, 'must name a provider'],
  ] as const) {
    const refused = await put(body)
    expect(refused.status, refused.text).toBe(status)
    expect(refused.text).toContain(words)
  }
  await put({ provider: 'lockchat', fault: 'cut' })
  await raw(server, '/api/faults', { method: 'DELETE' })
  expect(opened.watch.providers().some(({ fault }) => fault !== undefined)).toBe(false)
})

test('the foil passes the answer of the simulated OpenAI on as it is, also one that is cut', async () => {
  const { server, backend: opened } = await demo()
  const ask = () =>
    fetch(`${server.url}/api/plain`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ question: 'a long essay' }),
    })
  expect(await (await ask()).text()).toMatch(/data: \[DONE\]\n\n$/)
  opened.weather.set({ provider: 'openai', fault: 'cut', times: 1 })
  const cut = await (await ask()).text()
  expect(cut).toContain('"delta"')
  expect(cut).not.toContain('[DONE]')
})

test('clients of other dialects reach the same providers through the gateway', async () => {
  const { server, backend: opened } = await demo()
  opened.weather.set({ provider: 'openai', fault: 'busy', times: 1 })
  const reply = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'Count to 3' }] }),
  })
  expect(await reply.json()).toMatchObject({ choices: [{ message: { content: '1, 2, 3.' } }] })
  expect(opened.watch.reports()).toMatchObject([{ state: 'finished', provider: 'openai-responses' }])
  expect((await raw(server, '/v1/models', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
})

test('an answer that the reader leaves is stopped in its report', async () => {
  const { server, backend: opened } = await demo()
  opened.simulator.fault('lockchat', 'trickle')
  const stop = new AbortController()
  const response = await post(server, question('hello', { provider: 'lockchat' }), { signal: stop.signal })
  await response.body?.getReader().read()
  stop.abort()
  await opened.simulator.requests[0]?.done
  await expect.poll(() => opened.watch.reports()[0]?.state).toBe('stopped')
  await expect.poll(() => opened.watch.providers().map(({ running }) => running)).toEqual(Array(8).fill(0))
})
