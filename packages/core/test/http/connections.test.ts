import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { collect } from '../../src/reading/collect.ts'
import { ChatError } from '../../src/errors.ts'
import { httpProvider } from '../../src/http/http-provider.ts'
import type { Transport } from '../../src/transport.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { acme, failure, hello, info, rejection, transports } from '../support/providers.ts'
import { END, plain, plainWith, text } from '../support/plain.ts'
import { closed, serve, serveBytes } from '../support/servers.ts'

describe.each(transports)('over %s', (_name, open) => {
  test('sequential calls share a connection', async () => {
    const server = await serve((response) => response.end(text('a') + END))
    const provider = acme(server.url, { transport: open() })
    for (let calls = 0; calls < 5; calls++) {
      expect((await collect(provider.stream(hello))).text).toBe('a')
      await idle()
    }
    expect(server.requests).toHaveLength(5)
    expect(server.sockets).toHaveLength(1)
  })

  test('so do calls after an error status', async () => {
    const statuses = [500, 200]
    const server = await serve((response) => response.writeHead(statuses.shift() ?? 200).end(text('a') + END))
    const provider = acme(server.url, { transport: open() })
    await failure(collect(provider.stream(hello)), 'overloaded')
    await idle()
    await collect(provider.stream(hello))
    expect(server.sockets).toHaveLength(1)
  })

  test('concurrent calls have a connection each, and their answers are not mixed', async () => {
    const server = await serve((response, _request, body) => {
      const { model } = JSON.parse(body) as { model: string }
      response.end(text(model) + END)
    })
    const provider = acme(server.url, { transport: open() })
    const models = Array.from({ length: 50 }, (_, at) => `m${at}`)
    const answers = await Promise.all(models.map((model) => collect(provider.stream({ ...hello, model }))))
    expect(answers.map((answer) => answer.text)).toEqual(models)
  })

  test('concurrent calls to several URLs through one transport each reach their own', async () => {
    const servers = await Promise.all([serve((response) => response.end(END)), serve((response) => response.end(END))])
    const transport = open()
    const urls = servers.flatMap(({ url }) => [`${url}/a`, `${url}/b`])
    await Promise.all(urls.map((url) => collect(acme(url, { transport }).stream(hello))))
    for (const { requests } of servers) {
      expect(requests.map(({ path }) => path).sort()).toEqual(['/a/chat', '/b/chat'])
    }
  })

  test('a reader that pauses pauses the server, and one that continues gets everything', async () => {
    const size = 64 * 1024
    const total = 1_024
    const content = 'x'.repeat(size)
    let written = 0
    let response: ServerResponse | undefined
    const server = await serve((current) => {
      response = current
      void (async () => {
        while (written < total) {
          written++
          if (!current.write(text(content))) await once(current, 'drain')
        }
        current.end(END)
      })()
    })
    const events = acme(server.url, { transport: open() }).stream(hello)[Symbol.asyncIterator]()
    await events.next()
    await events.next()
    // The server runs in this process: when it writes nothing for many turns, it waits for its reader.
    const stalledAt = await whenStable(() => written)
    expect(stalledAt).toBeLessThan(total / 2)
    expect(response?.writableNeedDrain).toBe(true)
    let characters = size
    for (let read = await events.next(); read.done !== true; read = await events.next()) {
      if (read.value.type === 'text') characters += read.value.text.length
    }
    expect(characters).toBe(size * total)
    expect(written).toBe(total)
  })
})

test('a kept-alive connection that dies when it is reused is replaced unnoticed', async () => {
  const answer = text('a') + END
  const server = await serveBytes((socket) => {
    // The second request on a connection is reset.
    if (answered.has(socket)) socket.resetAndDestroy()
    else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`)
    answered.add(socket)
  })
  const answered = new Set<unknown>()
  const provider = acme(server.url, { transport: undiciTransport({ clock: new ManualClock() }) })
  expect((await collect(provider.stream(hello))).text).toBe('a')
  await idle()
  expect((await collect(provider.stream(hello))).text).toBe('a')
  expect(server.sockets).toHaveLength(2)
  expect(server.requests).toHaveLength(3)
})

test('a reused connection that breaks after more than 100 ms is a network failure: the server may have done the work', async () => {
  const answer = text('a') + END
  const clock = new ManualClock()
  const answered = new Set<unknown>()
  const server = await serveBytes((socket) => {
    if (answered.has(socket)) {
      void clock.advance(101).then(() => socket.resetAndDestroy())
      return
    }
    answered.add(socket)
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`)
  })
  const provider = acme(server.url, { transport: undiciTransport({ clock }) })
  await collect(provider.stream(hello))
  await idle()
  await failure(collect(provider.stream(hello)), 'network')
  expect(server.requests).toHaveLength(2)
})

test('a request is sent again at most once', async () => {
  const answer = text('a') + END
  const server = await serveBytes((socket) => {
    if (server.requests.length > 1) socket.resetAndDestroy()
    else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`)
  })
  const provider = acme(server.url, { transport: undiciTransport({ clock: new ManualClock() }) })
  await collect(provider.stream(hello))
  await idle()
  await failure(collect(provider.stream(hello)), 'network')
  expect(server.requests).toHaveLength(3)
})

test('a new connection that dies is a network failure, and the request is not repeated', async () => {
  const server = await serveBytes((socket) => socket.resetAndDestroy())
  await failure(collect(acme(server.url, { transport: undiciTransport() }).stream(hello)), 'network')
  expect(server.requests).toHaveLength(1)
})

describe('a custom transport', () => {
  const through = (transport: Transport) =>
    httpProvider({ id: 'acme', info, protocol: plain, baseUrl: 'http://a' }, { transport })

  test('gets the request as data', async () => {
    const requests: unknown[] = []
    const transport: Transport = async (request) => {
      requests.push(request)
      return { status: 200, headers: {}, body: bodyOf(END) }
    }
    await collect(through(transport).stream(hello, { headers: { 'X-A': 'b' } }))
    expect(requests).toEqual([
      {
        method: 'POST',
        url: 'http://a/chat',
        headers: { 'content-type': 'application/json', 'x-a': 'b' },
        body: JSON.stringify(hello),
      },
    ])
  })

  test('that throws is a network failure, with its error as cause', async () => {
    const cause = new Error('no route')
    const error = await failure(collect(through(() => Promise.reject(cause)).stream(hello)), 'network')
    expect(error.message).toBe('acme: no answer from a: no route')
    expect(error.cause).toBe(cause)
  })

  test('whose body breaks is truncated, with its error as cause', async () => {
    const cause = new Error('broken')
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text('a'))
      throw cause
    }
    const error = await failure(
      collect(through(async () => ({ status: 200, headers: {}, body: breaking() })).stream(hello)),
      'truncated',
    )
    expect(error.cause).toBe(cause)
    expect(error.partial?.text).toBe('a')
  })

  test('and a bug in a dialect is thrown unchanged, not as a ChatError', async () => {
    const bug = new RangeError('a bug')
    const protocol = plainWith(() => ({
      push() {
        throw bug
      },
      end: () => undefined,
    }))
    const transport: Transport = async () => ({ status: 200, headers: {}, body: bodyOf(text('a')) })
    const provider = httpProvider({ id: 'acme', info, protocol, baseUrl: 'http://a' }, { transport })
    const reason = await rejection(collect(provider.stream(hello)))
    expect(reason).toBe(bug)
    expect(reason).not.toBeInstanceOf(ChatError)
  })
})

test('the connection of an answer that is not read to its end is closed, and the next call opens another', async () => {
  const server = await serve((response) => response.write(text('a')))
  const provider = acme(server.url, { transport: undiciTransport() })
  for (let calls = 0; calls < 2; calls++) {
    for await (const event of provider.stream(hello)) if (event.type === 'text') break
    await closed(server.sockets[calls])
  }
  expect(server.sockets).toHaveLength(2)
})

async function* bodyOf(body: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body)
}

/** undici returns a connection to its pool a turn after its answer ended, in case the server closes it. */
async function idle(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await eventLoopTurn()
}

/** The value after it has not changed for many turns of the event loop. */
async function whenStable(value: () => number): Promise<number> {
  let last = value()
  for (let unchanged = 0; unchanged < 500; unchanged++) {
    await eventLoopTurn()
    if (value() !== last) unchanged = 0
    last = value()
  }
  return last
}
