import { createServer } from 'node:net'
import { once } from 'node:events'
import type { Provider } from '@rivulet/core'
import { systemClock } from '@rivulet/core/provider'
import { newKey } from '@rivulet/gateway'
import { scriptedProvider } from '@rivulet/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { Breakers } from '../src/serve/breakers.ts'
import type { Service } from '../src/serve/service.ts'
import { Serving } from '../src/serve/serving.ts'
import { Watchers } from '../src/serve/watchers.ts'

const service = (provider: Provider, more: Partial<Service> = {}): Service => ({
  provider,
  ids: [provider.id],
  what: provider.id,
  breakers: new Breakers(),
  baseUrls: {},
  listen: { port: 0 },
  [Symbol.asyncDispose]: () => Promise.resolve(),
  ...more,
})

/** Answers with its own name, and then ends, or is silent. */
const naming = (id: string, ends = true): Provider =>
  scriptedProvider(id, systemClock, () => [
    {
      afterMs: 0,
      events: [
        { type: 'start', provider: id, model: 'm' },
        { type: 'text', text: id },
        ...(ends ? [{ type: 'finish' as const, reason: 'stop' as const }] : []),
      ],
    },
  ])

async function started(first: Service): Promise<Serving> {
  const serving = await Serving.start(first, { log: 'off' }, new Watchers())
  onTestFinished(async () => {
    await serving.close({ drainMs: 1 })
  })
  return serving
}

/** Who answers. The connection is not kept. */
async function answers(url: string): Promise<string | null> {
  const response = await ask(url, { connection: 'close' })
  await response.text()
  return response.headers.get('x-rivulet-provider')
}

const ask = (url: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Who?' }], stream: true }),
    signal: signal ?? null,
  })

const portOf = (url: string): number => Number(new URL(url).port)

test('a service takes the place of another at the same address: answers under way stay', async () => {
  const serving = await started(service(naming('first', false)))
  const { url } = serving
  const client = new AbortController()
  const underWay = await ask(url, {}, client.signal)
  await serving.replace(service(naming('second')))
  expect(serving.url).toBe(url)
  expect(await answers(url)).toBe('second')
  expect(underWay.headers.get('x-rivulet-provider')).toBe('first')
  client.abort()
})

test('what was counted of a key stays when the service is replaced', async () => {
  const { key, stored } = await newKey('build')
  const keys = [{ ...stored, requests: { limit: 2, perMs: 60_000 } }]
  const serving = await started(service(naming('first'), { keys }))
  const statuses: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    const response = await ask(serving.url, { 'x-api-key': key })
    await response.text()
    statuses.push(response.status)
    await serving.replace(service(naming('next'), { keys }))
  }
  expect(statuses).toEqual([200, 200, 429])
})

test('what was counted of a key stays when a service that cannot be served was to take the place', async () => {
  const { key, stored } = await newKey('build')
  const keys = [{ ...stored, requests: { limit: 1, perMs: 60_000 } }]
  const serving = await started(service(naming('first'), { keys }))
  const asked = async (): Promise<number> => {
    const response = await ask(serving.url, { 'x-api-key': key, connection: 'close' })
    await response.text()
    return response.status
  }
  expect(await asked()).toBe(200)
  // Without keys, it may not be where other machines reach it.
  const wrong = service(naming('second'), { listen: { port: 0, host: '0.0.0.0' } })
  await expect(serving.replace(wrong)).rejects.toThrow('other machines reach')
  expect(await asked()).toBe(429)
})

test('auth of the configuration is that of the gateway', async () => {
  const first = naming('first')
  const taking = { ...first, info: { ...first.info, credentials: [{ id: 'first', baseUrl: '' }] } }
  const serving = await started(service(taking, { auth: { client: 'first' } }))
  const asked = async (headers: Record<string, string>): Promise<number> => (await ask(serving.url, headers)).status
  expect([await asked({}), await asked({ 'x-api-key': 'of-the-client' })]).toEqual([401, 200])
})

test('close() again ends the answers under way at once, also those of an address that was left', async () => {
  const serving = await started(service(naming('first', false)))
  const first = await ask(serving.url)
  await serving.replace(service(naming('second', false), { listen: { host: 'localhost', port: 0 } }))
  const second = await ask(serving.url)
  const closed = serving.close({ drainMs: 600_000 })
  await serving.close({ drainMs: 0 })
  await closed
  for (const response of [first, second]) expect(await response.text()).toContain('the server closes: ask again')
})

test('a service may come with another address; the one before is left', async () => {
  const serving = await started(service(naming('first')))
  const { url } = serving
  await serving.replace(service(naming('second'), { listen: { host: 'localhost', port: 0 } }))
  expect(serving.url).not.toBe(url)
  expect(await answers(serving.url)).toBe('second')
  await expect(ask(url)).rejects.toThrow()
})

test('a service that cannot be served leaves the one before where it is', async () => {
  const serving = await started(service(naming('first')))
  const { url } = serving
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const itself = { local: `http://localhost:${port}/v1` }
  for (const wrong of [
    { listen: { port } },
    { listen: { port: 0, host: '0.0.0.0' } },
    { listen: { port }, baseUrls: itself },
    { keys: [{ id: 'no id', hash: '' }] },
  ]) {
    await expect(serving.replace(service(naming('second'), wrong))).rejects.toThrow()
    expect([serving.url, await answers(url)]).toEqual([url, 'first'])
  }
  await serving.replace(service(naming('third')))
  expect([portOf(serving.url), await answers(url)]).toEqual([portOf(url), 'third'])
})

test('metrics count on when a service is replaced, also at a new address', async () => {
  const observe = { port: 0 }
  const serving = await started(service(naming('first'), { observe }))
  await answers(serving.url)
  await serving.replace(service(naming('second'), { observe }))
  await answers(serving.url)
  await serving.replace(service(naming('third'), { observe, listen: { host: 'localhost', port: 0 } }))
  await answers(serving.url)
  const page = await (await fetch(`${serving.observeUrl ?? ''}/metrics`)).text()
  expect(page.match(/rivulet_attempts_total\{.*/g)).toEqual(
    ['first', 'second', 'third'].map((id) => `rivulet_attempts_total{provider="${id}",outcome="answered"} 1`),
  )
})

test('an address of metrics stays the same when the main one changes', async () => {
  const first = await started(service(naming('first'), { observe: { port: 0 } }))
  const port = portOf(first.observeUrl ?? '')
  await first.replace(service(naming('second'), { observe: { port } }))
  await first.replace(service(naming('third'), { observe: { port }, listen: { host: 'localhost', port: 0 } }))
  expect(portOf(first.observeUrl ?? '')).toBe(port)
  expect((await fetch(`${first.observeUrl ?? ''}/health/ready`)).status).toBe(200)
})

test('it is not ready when every member has an open breaker', async () => {
  const breakers = new Breakers()
  const serving = await started(service(naming('first'), { breakers }))
  const status = async (): Promise<number> => (await fetch(`${serving.url}/health/ready`)).status
  expect(await status()).toBe(200)
  void breakers.record('first m', () => ({ seen: [], trips: 1, openUntil: Infinity }))
  expect(await status()).toBe(503)
  expect(await (await fetch(`${serving.url}/metrics`)).text()).toContain('rivulet_breakers_open{provider="first"} 1')
})
