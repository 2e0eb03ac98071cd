import { ManualClock, systemClock } from '@rivulet/core/provider'
import { scriptedProvider, type ScriptedProvider } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { gateway, type GatewayKey, type GatewayServer, newKey } from '../src/index.ts'
import { CLIENTS } from './support/clients.ts'
import { finish, start, steps, text, whole } from './support/providers.ts'
import { Reading } from './support/reading.ts'

const provider = (id: string): ScriptedProvider =>
  scriptedProvider(id, systemClock, () => steps([start(id), text(id), finish]))
const endless = (id = 'endless'): ScriptedProvider =>
  scriptedProvider(id, systemClock, () => steps([start(id), text('Hello')]))

const [client] = CLIENTS
const asking = (key?: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(key !== undefined && { 'x-api-key': key }) },
  body: JSON.stringify(client?.body(true)),
})
const CHAT = '/v1/chat/completions'
const ask = (server: GatewayServer, key?: string): Promise<Response> =>
  server.fetch(`http://gateway.local${CHAT}`, asking(key))

/** Who answers. */
async function answeredBy(response: Response): Promise<string | null> {
  await response.text()
  return response.headers.get('x-rivulet-provider')
}

describe('swap() serves another provider', () => {
  test('from the next request on, on the same address; what is under way ends with the one before', async () => {
    const slow = new ManualClock()
    const first = scriptedProvider('first', slow, () => [
      { afterMs: 0, events: [start('first'), text('Hello')] },
      { afterMs: 10, events: [text(' there'), finish] },
    ])
    const server = gateway(first)
    const { url, close } = await server.listen({ port: 0 })
    const response = fetch(url + CHAT, asking())
    await expect.poll(() => first.inFlight).toBe(1)
    await slow.advance(0)
    const underWay = await new Reading(await response).until('Hello')
    server.swap(provider('second'))
    expect(await answeredBy(await fetch(url + CHAT, asking()))).toBe('second')
    expect(await answeredBy(await ask(server))).toBe('second')
    await slow.advance(10)
    expect(await underWay.end()).toContain('there')
    await close()
  })

  test('a wrong option changes nothing', async () => {
    const server = gateway(provider('first'))
    expect(() => {
      server.swap(provider('second'), { hold: 'all' as 'none' })
    }).toThrow('gateway: hold must be one of')
    expect(() => {
      server.swap({} as ScriptedProvider)
    }).toThrow('gateway: the provider')
    expect(await answeredBy(await ask(server))).toBe('first')
  })

  test('requests that began before count for the most that may be under way', async () => {
    const server = gateway(endless())
    const reading = await new Reading(await ask(server)).until('Hello')
    server.swap(provider('second'), { maxConcurrent: 1 })
    expect((await ask(server)).status).toBe(503)
    await reading.leave()
    await expect.poll(async () => (await ask(server)).status).toBe(200)
  })
})

describe('swap() with keys', () => {
  const requests = { limit: 2, perMs: 60_000 }

  test('what was counted of a key stays with it, also where its limits change', async () => {
    const { key, stored } = await newKey('build')
    const other = await newKey('other')
    const server = gateway(provider('first'), { keys: [{ ...stored, requests }] })
    await ask(server, key)
    server.swap(provider('second'), { keys: [{ ...stored, requests }, other.stored] })
    const statuses = [(await ask(server, key)).status, (await ask(server, key)).status]
    server.swap(provider('third'), { keys: [{ ...stored, requests: { ...requests, limit: 3 } }] })
    statuses.push((await ask(server, key)).status, (await ask(server, key)).status)
    expect(statuses).toEqual([200, 429, 200, 429])
    expect((await ask(server, other.key)).status).toBe(401)
  })

  test('that is taken back is as if it had not been: who is served, and what was counted', async () => {
    const { key, stored } = await newKey('build')
    const server = gateway(provider('first'), { keys: [{ ...stored, requests }] })
    await ask(server, key)
    const takeBack = server.swap(provider('second'))
    expect(await answeredBy(await ask(server))).toBe('second')
    takeBack()
    expect([await answeredBy(await ask(server, key)), (await ask(server, key)).status]).toEqual(['first', 429])
  })

  test('a key that is made anew under its id begins at 0', async () => {
    const first = await newKey('build')
    const second = await newKey('build')
    const server = gateway(provider('first'), { keys: [{ ...first.stored, requests: { ...requests, limit: 1 } }] })
    await ask(server, first.key)
    server.swap(provider('first'), { keys: [{ ...second.stored, requests: { ...requests, limit: 1 } }] })
    expect((await ask(server, first.key)).status).toBe(401)
    expect((await ask(server, second.key)).status).toBe(200)
  })

  test('requests of a key that are under way count on, and leave', async () => {
    const { key, stored } = await newKey('build')
    const keys: GatewayKey[] = [{ ...stored, concurrent: 1 }]
    const server = gateway(endless(), { keys })
    const reading = await new Reading(await ask(server, key)).until('Hello')
    server.swap(provider('second'), { keys })
    expect((await ask(server, key)).status).toBe(429)
    await reading.leave()
    await expect.poll(async () => (await ask(server, key)).status).toBe(200)
  })

  test('1: it must not leave an address that other machines reach without keys', async () => {
    const server = gateway(provider('first'), { keys: 'secret-of-the-test' })
    const { close } = await server.listen({ host: '0.0.0.0', port: 0 })
    const open = (): void => {
      server.swap(provider('second'))
    }
    expect(open).toThrow(/^swap: other machines reach 0\.0\.0\.0: give the gateway keys/)
    expect((await ask(server)).status).toBe(401)
    await close()
    open()
    expect((await ask(server)).status).toBe(200)
  })
})

test('close() on one address ends nothing that came in on another, nor in this process', async () => {
  const clock = new ManualClock()
  const server = gateway(endless(), { clock })
  const one = await server.listen({ port: 0 })
  const other = await server.listen({ port: 0 })
  const reading = (
    await Promise.all([fetch(one.url + CHAT, asking()), fetch(other.url + CHAT, asking()), ask(server)])
  ).map((response) => new Reading(response).until('Hello'))
  const [left, stays, inProcess] = await Promise.all(reading)
  const closed = one.close({ drainMs: 5 })
  await clock.advance(5)
  expect(await left?.end()).toContain('the server closes')
  await closed
  expect([stays?.text, inProcess?.text].filter((words) => words?.includes('the server closes'))).toEqual([])
  await Promise.all([stays?.leave(), inProcess?.leave()])
  await other.close()
})

test('close() again leaves less time, and never more', async () => {
  const clock = new ManualClock()
  const server = gateway(endless(), { clock })
  const { url, close } = await server.listen({ port: 0 })
  const reading = await new Reading(await fetch(url + CHAT, asking())).until('Hello')
  const first = close({ drainMs: 60_000 })
  const second = close({ drainMs: 10 })
  const third = close({ drainMs: 120_000 })
  await clock.advance(10)
  expect(await reading.end()).toContain('the server closes')
  await Promise.all([first, second, third])
  expect(clock.pending).toBe(0)
  // As often as one likes.
  await close()
})

test('a failed listen() leaves the gateway free to be swapped', async () => {
  const server = gateway(
    scriptedProvider('acme', systemClock, () => whole),
    { keys: 'secret-of-the-test' },
  )
  const taken = await gateway(provider('other')).listen({ port: 0 })
  const port = Number(new URL(taken.url).port)
  await expect(server.listen({ host: '0.0.0.0', port })).rejects.toThrow('EADDRINUSE')
  server.swap(provider('second'))
  expect(await answeredBy(await ask(server))).toBe('second')
  await taken.close()
})
