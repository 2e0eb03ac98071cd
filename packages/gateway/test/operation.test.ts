import { once } from 'node:events'
import { connect } from 'node:net'
import { ManualClock, systemClock } from '@rivulet/core/provider'
import { scriptedProvider } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { gateway, type GatewayObserver } from '../src/index.ts'
import { CLIENTS } from './support/clients.ts'
import { start, steps, text, whole } from './support/providers.ts'
import { Reading } from './support/reading.ts'
import { SERVERS, serving } from './support/serving.ts'
import { watching } from './support/watching.ts'

const healthy = scriptedProvider('acme', systemClock, () => whole)
const shows = (shown: string): GatewayObserver => ({
  request: () => undefined,
  page: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: shown }),
})
const statusAt = async (url: string): Promise<number> => (await fetch(url)).status

describe.each(SERVERS)('%s', (kind) => {
  test('health asks for no key, and observers are not told of it', async () => {
    const { observer, requests } = watching()
    await using server = await serving(kind, healthy, { keys: 'key-of-the-test', observers: [observer] })
    const answers = ['/health/live', '/health/ready'].map(async (path) => {
      const response = await server.ask(path)
      return [response.status, await response.json()] as const
    })
    expect(await Promise.all(answers)).toEqual([
      [200, { status: 'live' }],
      [200, { status: 'ready' }],
    ])
    expect(requests).toEqual([])
  })

  test('it is not ready when no member can be asked, and answers though all places are taken', async () => {
    let canBeAsked: () => boolean | Promise<boolean> = () => false
    const endless = scriptedProvider('acme', systemClock, () => steps([start(), text('Hello')]))
    await using server = await serving(kind, endless, { ready: () => canBeAsked(), maxConcurrent: 1 })
    const reading = await new Reading(await server.post('/v1/chat/completions', CLIENTS[0]?.body(true))).until('Hello')
    const response = await server.ask('/health/ready')
    expect([response.status, await response.json()]).toEqual([503, { status: 'no member can be asked' }])
    expect((await server.ask('/health/live')).status).toBe(200)
    const fails = (): never => {
      throw new Error('not known')
    }
    const later = (yes: boolean) => (): Promise<boolean> => Promise.resolve(yes)
    const statuses: number[] = []
    for (canBeAsked of [later(false), later(true), fails, () => Promise.reject(new Error('not known'))])
      statuses.push((await server.ask('/health/ready')).status)
    expect(statuses).toEqual([503, 200, 200, 200])
    await reading.leave()
  })

  test('it is ready after half a second when its check has no answer', async () => {
    const clock = new ManualClock()
    const asked = Promise.withResolvers<undefined>()
    const ready = (): Promise<boolean> => {
      asked.resolve(undefined)
      return new Promise(() => undefined)
    }
    await using server = await serving(kind, healthy, { ready, clock })
    const answer = server.ask('/health/ready')
    await asked.promise
    await clock.advance(500)
    expect((await answer).status).toBe(200)
    expect(clock.pending).toBe(0)
  })

  test('metrics ask for the key, and show what the observers have to show', async () => {
    await using server = await serving(kind, healthy, {
      keys: 'key-of-the-test',
      observers: [shows('a 1'), shows('b 2')],
    })
    expect((await server.ask('/metrics')).status).toBe(401)
    const response = await server.ask('/metrics', { headers: { authorization: 'Bearer key-of-the-test' } })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4'])
    expect(await response.text()).toBe('a 1\nb 2')
    await using failing = await serving(kind, healthy, {
      observers: [{ request: () => undefined, page: () => Promise.reject(new Error('secret words')) }],
    })
    const failed = await failing.ask('/metrics')
    expect([failed.status, (await failed.text()).includes('secret words')]).toEqual([500, false])
    await using without = await serving(kind, healthy)
    expect((await without.ask('/metrics')).status).toBe(404)
  })
})

test('13: with an address of its own, metrics are there without a key, and no more at the main one', async () => {
  const server = gateway(healthy, { keys: 'key-of-the-test', observers: [shows('a 1')] })
  const { url, observeUrl = '', close } = await server.listen({ port: 0, observe: { port: 0 } })
  expect(new URL(observeUrl).hostname).toBe('127.0.0.1')
  expect(await (await fetch(`${observeUrl}/metrics`)).text()).toBe('a 1')
  const known = { headers: { authorization: 'Bearer key-of-the-test' } }
  expect([
    (await fetch(`${url}/metrics`, known)).status,
    await statusAt(`${url}/health/ready`),
    await statusAt(`${observeUrl}/health/ready`),
    (await fetch(`${observeUrl}/v1/models`, known)).status,
  ]).toEqual([404, 200, 200, 404])
  await close()
  await expect(fetch(observeUrl)).rejects.toThrow()
})

test('while it drains it is live and not ready, until its last answer has ended', async () => {
  const endless = scriptedProvider('acme', systemClock, () => steps([start(), text('Hello')]))
  const { url, observeUrl = '', close } = await gateway(endless).listen({ port: 0, observe: { port: 0 } })
  const reading = await new Reading(
    await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(CLIENTS[0]?.body(true)),
    }),
  ).until('Hello')
  const closed = close({ drainMs: 60_000 })
  const ready = await fetch(`${observeUrl}/health/ready`)
  expect([ready.status, await ready.json(), await statusAt(`${observeUrl}/health/live`)]).toEqual([
    503,
    { status: 'draining' },
    200,
  ])
  await reading.leave()
  await closed
  await expect(fetch(observeUrl)).rejects.toThrow()
})

test('an address of metrics that is taken leaves nothing listening', async () => {
  const first = await gateway(healthy).listen({ port: 0 })
  const port = Number(new URL(first.url).port)
  const server = gateway(healthy)
  await expect(server.listen({ port: 0, observe: { port } })).rejects.toThrow('EADDRINUSE')
  await expect(server.listen({ port: 0, observe: { port: 0, hots: '' } as { port: number } })).rejects.toThrow(
    TypeError,
  )
  await first.close()
})

test('13: the address of metrics checks the host too (DNS rebinding)', async () => {
  const { observeUrl = '', close } = await gateway(healthy).listen({ port: 0, observe: { port: 0 } })
  const { hostname, port } = new URL(observeUrl)
  const socket = connect(Number(port), hostname)
  socket.write('GET /metrics HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n')
  // The first of the list of arguments is the bytes.
  const [head] = (await once(socket, 'data')) as [Buffer]
  expect(head.toString()).toMatch(/^HTTP\/1\.1 403 /)
  socket.destroy()
  await close()
})
