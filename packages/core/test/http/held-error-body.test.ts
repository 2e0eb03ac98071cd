import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { collect } from '../../src/reading/collect.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { acme, failure, hello, rejection, transports } from '../support/providers.ts'
import { closed, serve, serveBytes } from '../support/servers.ts'

describe.each(transports)('an error status that keeps its body back, over %s', (_name, open) => {
  test.each([
    ['nothing of it comes', 503, 'overloaded', ''],
    ['it begins', 503, 'overloaded', 'the mod'],
    ['it names a wait', 429, 'rate-limited', ''],
    ['it is a refusal', 401, 'auth', '{"error":'],
  ] as const)('is its error after a second: %s', async (_what, status, code, begun) => {
    const head = `HTTP/1.1 ${status} No\r\ncontent-length: 100\r\nretry-after: 7\r\n\r\n`
    const server = await serveBytes((socket) => socket.write(head + begun))
    const clock = new ManualClock()
    const reading = failure(collect(acme(server.url, { transport: open(), deadlines: { clock } }).stream(hello)), code)
    while (server.requests.length === 0) await eventLoopTurn()
    for (let turns = 0; turns < 20; turns++) await eventLoopTurn()
    await clock.advance(1_000)
    expect(await reading).toMatchObject({ status, retryAfterMs: 7_000 })
    await closed(server.sockets[0])
    expect(clock.pending).toBe(0)
  })

  test.each([100, 600])(
    'is its error before the deadline of %i ms would make a timeout of it',
    async (firstTokenMs) => {
      const server = await serveBytes((socket) => socket.write('HTTP/1.1 503 No\r\ncontent-length: 100\r\n\r\n'))
      const clock = new ManualClock()
      const spec = { models: { path: '/models', read: () => [] } }
      const provider = acme(server.url, { transport: open(), deadlines: { firstTokenMs, clock } }, spec)
      const reading = [collect(provider.stream(hello)), Promise.resolve(provider.models?.())].map((one) =>
        failure(one, 'overloaded'),
      )
      while (server.requests.length < 2) await eventLoopTurn()
      for (let turns = 0; turns < 20; turns++) await eventLoopTurn()
      await clock.advance(firstTokenMs)
      for (const error of await Promise.all(reading)) expect(error.status).toBe(503)
      expect(clock.pending).toBe(0)
    },
  )

  test('an abort meanwhile is the reason of the failure', async () => {
    const server = await serveBytes((socket) => socket.write('HTTP/1.1 503 No\r\ncontent-length: 100\r\n\r\n'))
    const clock = new ManualClock()
    const controller = new AbortController()
    const provider = acme(server.url, { transport: open(), deadlines: { clock } })
    const reading = rejection(collect(provider.stream(hello, { signal: controller.signal })))
    while (server.requests.length === 0) await eventLoopTurn()
    controller.abort('no more')
    expect(await reading).toBe('no more')
  })

  test('its words are read when they come in time', async () => {
    const server = await serve((response) => {
      response.writeHead(503).write('the model ')
      setImmediate(() => response.end('is loading'))
    })
    const error = await failure(collect(acme(server.url, { transport: open() }).stream(hello)), 'overloaded')
    expect(error.message).toBe('acme: HTTP 503: the model is loading')
  })
})
