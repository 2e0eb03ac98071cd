import { once } from 'node:events'
import { request as open } from 'node:http'
import { ManualClock, systemClock } from '@rivulet/core/provider'
import { scriptedProvider } from '@rivulet/testkit'
import { expect, test } from 'vitest'
import { gateway } from '../src/index.ts'
import { CLIENTS, eventsOf } from './support/clients.ts'
import { start, steps, text, whole } from './support/providers.ts'
import { Reading } from './support/reading.ts'

const provider = scriptedProvider('acme', systemClock, () => whole)

test('a client that wants a WebSocket is told at once to use HTTP', async () => {
  const { url, close } = await gateway(provider).listen({ port: 0 })
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'x',
  }
  const asked = open(`${url}/v1/responses`, { headers }).end()
  // The first of the list of arguments is the response.
  const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume: () => void }]
  response.resume()
  expect(response.statusCode).toBe(426)
  await close()
})

test('close() waits for no idle connection', async () => {
  const { url, close } = await gateway(provider).listen({ port: 0 })
  await (await fetch(`${url}/v1/models`)).text()
  await close()
  await expect(fetch(`${url}/v1/models`)).rejects.toThrow()
})

test.each(CLIENTS)('$name: close() lets answers end for drainMs, and ends the rest as failed', async (client) => {
  const clock = new ManualClock()
  const endless = scriptedProvider('acme', systemClock, () => steps([start(), text('Hello')]))
  const { url, close } = await gateway(endless, { clock }).listen({ port: 0 })
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', body: JSON.stringify(client.body(true)), headers }
  const reading = await new Reading(await fetch(url + client.path(true), init)).until('Hello')
  const closed = close({ drainMs: 5_000 })
  await clock.advance(4_999)
  expect(endless.inFlight).toBe(1)
  await clock.advance(1)
  const events = eventsOf(await reading.end())
  expect([client.isWhole(events), client.failureIn(events)]).toEqual([false, 'the server closes: ask again'])
  await closed
  await expect.poll(() => [endless.inFlight, clock.pending]).toEqual([0, 0])
})
