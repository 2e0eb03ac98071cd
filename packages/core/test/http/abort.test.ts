import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { collect } from '../../src/reading/collect.ts'
import type { CallOptions } from '../../src/provider.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { acme, eventsOf, hello, rejection, transports } from '../support/providers.ts'
import { END, text } from '../support/plain.ts'
import { closed, serve, serveBytes, deferred } from '../support/servers.ts'

/** Abort reasons of any type. */
const reasons: [string, unknown][] = [
  ['an error', new Error('own')],
  ['a string', 'no more'],
  ['an object', { why: 'no more' }],
]

describe.each(transports)('over %s', (_name, open) => {
  const at = (url: string, call: CallOptions) => acme(url, { transport: open() }).stream(hello, call)

  describe.each(reasons)('an abort with %s', (_what, reason) => {
    test('before the call: rejects with it, and nothing is sent', async () => {
      const server = await serve((response) => response.end(END))
      expect(await rejection(collect(at(server.url, { signal: AbortSignal.abort(reason) })))).toBe(reason)
      await collect(at(server.url, {}))
      expect(server.requests).toHaveLength(1)
    })

    test('between the call and the first read: rejects with it, and nothing is sent', async () => {
      const server = await serve((response) => response.end(END))
      const controller = new AbortController()
      const stream = at(server.url, { signal: controller.signal })
      controller.abort(reason)
      expect(await rejection(collect(stream))).toBe(reason)
      await collect(at(server.url, {}))
      expect(server.requests).toHaveLength(1)
    })

    test('while it connects: rejects with it', async () => {
      // Accepts and never answers the TLS handshake, so that there is no connection yet.
      const server = await serveBytes(() => undefined)
      const controller = new AbortController()
      const url = server.url.replace('http:', 'https:')
      const reading = rejection(collect(at(url, { signal: controller.signal })))
      while (server.sockets.length === 0) await eventLoopTurn()
      controller.abort(reason)
      expect(await reading).toBe(reason)
    })

    test('before the first token: rejects with it, and the connection is closed', async () => {
      const controller = new AbortController()
      const server = await serve(() => {
        controller.abort(reason)
      })
      expect(await rejection(collect(at(server.url, { signal: controller.signal })))).toBe(reason)
      await closed(server.sockets[0])
    })

    test('between the head and the first token: rejects with it, and the connection is closed', async () => {
      const controller = new AbortController()
      const server = await serve((response) => {
        response.flushHeaders()
        response.write(': ping\n\n', () => {
          setImmediate(() => {
            controller.abort(reason)
          })
        })
      })
      expect(await rejection(collect(at(server.url, { signal: controller.signal })))).toBe(reason)
      await closed(server.sockets[0])
    })

    test('during a read of the next event: rejects with it, and the connection is closed', async () => {
      const controller = new AbortController()
      const server = await serve((response) => response.write(text('a')))
      const seen: string[] = []
      const reading = (async () => {
        for await (const event of at(server.url, { signal: controller.signal })) {
          seen.push(event.type)
          if (event.type === 'text') {
            setImmediate(() => {
              controller.abort(reason)
            })
          }
        }
      })()
      expect(await rejection(reading)).toBe(reason)
      expect(seen).toEqual(['start', 'text'])
      await closed(server.sockets[0])
    })

    test('with buffered events: rejects with it, and they are not delivered', async () => {
      const controller = new AbortController()
      const server = await serve((response) => response.end(text('a') + text('b') + END))
      const seen: string[] = []
      const reading = (async () => {
        for await (const event of at(server.url, { signal: controller.signal })) {
          seen.push(event.type)
          if (event.type === 'text') controller.abort(reason)
        }
      })()
      expect(await rejection(reading)).toBe(reason)
      expect(seen).toEqual(['start', 'text'])
    })

    test('with a buffered failure: rejects with the reason anyway', async () => {
      const controller = new AbortController()
      const server = await serve((response) => response.end(`${text('a')}data: {"error":"boom"}\n\n`))
      const reading = (async () => {
        for await (const event of at(server.url, { signal: controller.signal })) {
          if (event.type === 'text') controller.abort(reason)
        }
      })()
      expect(await rejection(reading)).toBe(reason)
    })

    test('while an error body is read: rejects with it, and the connection is closed', async () => {
      const controller = new AbortController()
      const server = await serve((response) => {
        response.writeHead(500).write('{"err', () => {
          setImmediate(() => {
            controller.abort(reason)
          })
        })
      })
      expect(await rejection(collect(at(server.url, { signal: controller.signal })))).toBe(reason)
      await closed(server.sockets[0])
    })

    test('after the end: nothing happens', async () => {
      const controller = new AbortController()
      const server = await serve((response) => response.end(text('a') + END))
      const result = await collect(at(server.url, { signal: controller.signal }))
      controller.abort(reason)
      await eventLoopTurn()
      expect(result.text).toBe('a')
    })
  })

  test.each<[string, string, number | undefined]>([
    ['answered', text('a') + END, undefined],
    ['closed', text('a') + END, 1],
    ['broken', text('a'), undefined],
    ['refused', '', undefined],
  ])('a call that is %s leaves no listener on the caller’s signal', async (how, body, wanted) => {
    const server = await serve((response) => response.writeHead(how === 'refused' ? 500 : 200).end(body))
    const { signal } = new AbortController()
    const reading = (async () => {
      let seen = 0
      for await (const _event of at(server.url, { signal })) if (++seen === wanted) break
    })()
    await reading.catch(() => undefined)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  describe('a reader that stops closes the connection', () => {
    test.each(['start', 'text'])('by a break at %s', async (type) => {
      const server = await serve((response) => response.write(text('a')))
      for await (const event of at(server.url, {})) if (event.type === type) break
      await closed(server.sockets[0])
    })

    test('by a throw, and gets its own error', async () => {
      const server = await serve((response) => response.write(text('a')))
      const own = new Error('own')
      const reading = (async () => {
        for await (const event of at(server.url, {})) if (event.type === 'text') throw own
      })()
      expect(await rejection(reading)).toBe(own)
      await closed(server.sockets[0])
    })

    test('while it waits for the head', async () => {
      const asked = deferred()
      const server = await serve(() => {
        asked.resolve()
      })
      const iterator = at(server.url, {})[Symbol.asyncIterator]()
      const read = iterator.next()
      await asked.promise
      await iterator.return?.()
      expect(await read).toEqual({ done: true, value: undefined })
      await closed(server.sockets[0])
    })

    test('while it waits for an event', async () => {
      const server = await serve((response) => response.write(text('a')))
      const iterator = at(server.url, {})[Symbol.asyncIterator]()
      await iterator.next()
      await iterator.next()
      const read = iterator.next()
      await iterator.return?.()
      expect(await read).toEqual({ done: true, value: undefined })
      await closed(server.sockets[0])
    })

    test('and one that never read has opened none', async () => {
      const server = await serve((response) => response.end(END))
      await at(server.url, {})[Symbol.asyncIterator]().return?.()
      await eventsOf(at(server.url, {}))
      expect(server.sockets).toHaveLength(1)
    })
  })
})
