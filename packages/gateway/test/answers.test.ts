import { systemClock } from '@rivulet/core/provider'
import { scriptedProvider } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { CLIENTS, eventsOf } from './support/clients.ts'
import { whole } from './support/providers.ts'
import { SERVERS, serving } from './support/serving.ts'

const provider = scriptedProvider('acme', systemClock, () => whole)

describe.each(SERVERS)('%s', (kind) => {
  test.each(CLIENTS)('$name: a streamed answer has its text and its end', async ({ path, body, textOf, isWhole }) => {
    await using server = await serving(kind, provider)
    const response = await server.post(path(true), body(true))
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/event-stream'),
    ])
    const events = eventsOf(await response.text())
    expect(textOf(events)).toBe('Hello there')
    expect(isWhole(events)).toBe(true)
  })

  test.each(CLIENTS)('$name: an answer in one piece', async ({ path, body, textIn }) => {
    await using server = await serving(kind, provider)
    const response = await server.post(path(false), body(false))
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(textIn(await response.json())).toBe('Hello there')
  })
})
