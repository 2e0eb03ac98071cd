import { once } from 'node:events'
import { connect } from 'node:net'
import type { ChatEvent, Provider } from '@rivulet/core'
import { ManualClock, systemClock } from '@rivulet/core/provider'
import { scriptedProvider } from '@rivulet/testkit'
import { expect, test } from 'vitest'
import { gateway } from '../src/index.ts'
import { CLIENTS } from './support/clients.ts'
import { finish, start, steps, text } from './support/providers.ts'
import { Reading } from './support/reading.ts'

/** 640 MB of text, piece by piece as they are asked for. */
function flood(): { provider: Provider; given: () => number; isClosed: () => boolean } {
  let given = 0
  let isClosed = false
  async function* stream(): AsyncGenerator<ChatEvent, undefined> {
    try {
      yield start()
      for (; given < 10_000; given++) yield text('x'.repeat(65_536))
      yield { type: 'finish', reason: 'stop' }
    } finally {
      isClosed = true
    }
  }
  const provider: Provider = { ...scriptedProvider('acme', systemClock, () => []), stream }
  return { provider, given: () => given, isClosed: () => isClosed }
}

const body = JSON.stringify(CLIENTS[0]?.body(true))

test('listen: a client that takes nothing stops the upstream, and is dropped after 60 s', async () => {
  const clock = new ManualClock()
  const { provider, given, isClosed } = flood()
  const { url, close } = await gateway(provider, { clock }).listen({ port: 0 })
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.pause()
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  // One timer is that of the next sign of life.
  await expect.poll(() => clock.pending).toBe(2)
  expect(given()).toBeLessThan(1_000)
  await clock.advance(59_999)
  expect(isClosed()).toBe(false)
  await clock.advance(1)
  await expect.poll(isClosed).toBe(true)
  const closed = once(socket, 'close')
  socket.resume()
  await closed
  await expect.poll(() => clock.pending).toBe(0)
  await close()
})

test('fetch in process: a client that takes nothing stops the upstream, and is dropped after 60 s', async () => {
  const clock = new ManualClock()
  const { provider, given, isClosed } = flood()
  const { fetch: ask } = gateway(provider, { clock })
  const headers = { 'content-type': 'application/json' }
  const response = await ask('http://gateway.local/v1/chat/completions', { method: 'POST', body, headers })
  await expect.poll(() => clock.pending).toBe(2)
  expect(given()).toBeLessThan(5)
  await clock.advance(60_000)
  await expect.poll(isClosed).toBe(true)
  await expect(response.text()).rejects.toThrow()
  await expect.poll(() => clock.pending).toBe(0)
})

test('what is held until the end is not kept for ever for a client that takes nothing of it', async () => {
  const clock = new ManualClock()
  const large = steps([start(), ...Array.from({ length: 100 }, () => text('x'.repeat(65_536))), finish])
  const { url, close } = await gateway(
    scriptedProvider('acme', systemClock, () => large),
    { clock, hold: 'answer' },
  ).listen({ port: 0 })
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.pause()
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  // Only the end waits: no sign of life follows it.
  await expect.poll(() => socket.readableLength + clock.pending).toBeGreaterThan(1)
  await expect.poll(() => clock.pending).toBe(1)
  await clock.advance(60_000)
  const closed = once(socket, 'close')
  socket.resume()
  await closed
  await expect.poll(() => clock.pending).toBe(0)
  await close()
})

test('a client that takes nothing gets no signs of life: they would fill a buffer', async () => {
  const clock = new ManualClock()
  const { provider } = flood()
  const { fetch: ask } = gateway(provider, { clock })
  const headers = { 'content-type': 'application/json' }
  const response = await ask('http://gateway.local/v1/chat/completions', { method: 'POST', body, headers })
  await expect.poll(() => clock.pending).toBe(2)
  await clock.advance(35_000)
  const reading = await new Reading(response).until('x'.repeat(65_536), 3)
  expect(reading.text).not.toContain(': ping')
  await reading.leave()
})
