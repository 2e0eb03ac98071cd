import { createGzip } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { ChatError } from '../../src/errors.ts'
import type { Deadlines } from '../../src/layers/limits.ts'
import { fetchTransport } from '../../src/transport/fetch.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { acme, failure, hello, textEvent, transports } from '../support/providers.ts'
import { collect } from '../../src/reading/collect.ts'
import { END, text } from '../support/plain.ts'
import { closed, serve, serveBytes, deferred } from '../support/servers.ts'

const limits = { connectMs: 10, firstTokenMs: 100, idleMs: 50, totalMs: 1_000 }

/** Deadlines under a clock that moves only when the test advances it. */
function timed(deadlines: Deadlines = limits) {
  const clock = new ManualClock()
  return { clock, deadlines: { ...deadlines, clock } }
}

describe.each(transports)('over %s', (_name, open) => {
  test('no answer: a timeout at firstTokenMs, and the connection is closed', async () => {
    const asked = deferred()
    const server = await serve(() => {
      asked.resolve()
    })
    const { clock, deadlines } = timed()
    const events = acme(server.url, { transport: open(), deadlines }).stream(hello)[Symbol.asyncIterator]()
    const reading = failure(events.next(), 'timeout')
    await asked.promise
    await clock.advance(100)
    expect((await reading).message).toBe('acme: no content within 100 ms (firstTokenMs)')
    await closed(server.sockets[0])
  })

  test('comments and pings are not content', async () => {
    const { clock, deadlines } = timed()
    const pinged = deferred()
    const server = await serve((response) => {
      response.write(': ping\n\n'.repeat(10), () => {
        pinged.resolve()
      })
    })
    const events = acme(server.url, { transport: open(), deadlines }).stream(hello)[Symbol.asyncIterator]()
    const reading = failure(events.next(), 'timeout')
    await pinged.promise
    await clock.advance(100)
    expect((await reading).message).toContain('firstTokenMs')
  })

  test.each([
    ['plain', undefined],
    ['in gzip', 'gzip'],
  ])('content, then silence: a timeout at idleMs, at once and with the partial answer: %s', async (_how, coding) => {
    const server = await serve((response) => {
      if (coding === undefined) {
        response.write(text('half'))
        return
      }
      response.writeHead(200, { 'content-encoding': coding })
      const encoder = createGzip()
      encoder.pipe(response)
      encoder.write(text('half'))
      encoder.flush()
    })
    const { clock, deadlines } = timed()
    const events = acme(server.url, { transport: open(), deadlines }).stream(hello)[Symbol.asyncIterator]()
    await events.next()
    expect(await events.next()).toEqual({ done: false, value: textEvent('half') })
    // Read it as soon as the reader gets the error.
    const partials: unknown[] = []
    const reading = events.next().catch((error: unknown) => partials.push((error as ChatError).partial?.text))
    await clock.advance(50)
    await reading
    expect(partials).toEqual(['half'])
    await closed(server.sockets[0])
  })
})

test('undici reports connections, so connectMs applies until there is one', async () => {
  // Accepts and never answers the TLS handshake.
  const server = await serveBytes(() => undefined)
  const { clock, deadlines } = timed()
  const options = { transport: undiciTransport(), deadlines }
  const events = acme(server.url.replace('http:', 'https:'), options).stream(hello)[Symbol.asyncIterator]()
  const reading = failure(events.next(), 'timeout')
  while (server.sockets.length === 0) await eventLoopTurn()
  await clock.advance(10)
  expect((await reading).message).toBe('acme: no connection within 10 ms (connectMs)')
})

test.each([
  ['undici, which has reported a connection', () => undiciTransport()],
  ['fetch, which reports none', () => fetchTransport()],
])('a slow first token does not count as a missing connection: %s', async (_name, open) => {
  const asked = deferred()
  const answer = deferred()
  const server = await serve((response) => {
    asked.resolve()
    void answer.promise.then(() => response.end(text('late') + 'data: END\n\n'))
  })
  const { clock, deadlines } = timed()
  const events = acme(server.url, { transport: open(), deadlines }).stream(hello)[Symbol.asyncIterator]()
  const read = events.next()
  await asked.promise
  await clock.advance(90)
  answer.resolve()
  expect((await read).value).toMatchObject({ type: 'start' })
  await events.return?.()
})

test('a request that waits for the one connection of its transport is not connecting', async () => {
  const clock = new ManualClock()
  const held = deferred()
  const server = await serve((response, _request, body) => {
    if (body.includes('first')) void held.promise.then(() => response.end(text('a') + END))
    else response.end(text('b') + END)
  })
  const provider = acme(server.url, {
    transport: undiciTransport({ connections: 1 }),
    deadlines: { connectMs: 10, clock },
  })
  const first = collect(provider.stream({ ...hello, model: 'first' }))
  while (server.requests.length === 0) await eventLoopTurn()
  const second = collect(provider.stream(hello))
  for (let turns = 0; turns < 10; turns++) await eventLoopTurn()
  await clock.advance(10_000)
  held.resolve()
  expect([(await first).text, (await second).text]).toEqual(['a', 'b'])
  expect(server.sockets).toHaveLength(1)
})

test('an attempt whose deadline has passed before it begins sends nothing', async () => {
  const server = await serve((response) => response.writeHead(503).end())
  const clock = new ManualClock()
  const spec = { models: { path: '/models', read: () => [] } }
  const provider = acme(server.url, { deadlines: { firstTokenMs: 100, clock } }, spec)
  const late = { elapsedMs: 100 }
  const error = await failure(collect(provider.stream(hello, late)), 'timeout')
  expect(error.message).toBe('acme: no content within 100 ms (firstTokenMs)')
  await failure(Promise.resolve(provider.models?.(late)), 'timeout')
  expect(server.requests).toHaveLength(0)
  expect(clock.pending).toBe(0)
  await failure(collect(provider.stream(hello, { elapsedMs: 99 })), 'overloaded')
  expect(server.requests).toHaveLength(1)
})
