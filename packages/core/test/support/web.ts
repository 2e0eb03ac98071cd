import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { ChatEvent } from '../../src/chat.ts'
import { hello, local, start, textEvent } from './providers.ts'
import { deferred, serve, type TestServer } from './servers.ts'

/** An answer with these events, which then ends or fails. */
export const answering = (events: readonly ChatEvent[], failure?: Error): AsyncIterable<ChatEvent> =>
  local(async function* () {
    yield* events
    if (failure !== undefined) throw failure
  }).stream(hello)

/** An endless answer that records how far it was read, and when it was closed. */
export function endless() {
  const closed = deferred()
  const counted = { yielded: 0, closed: closed.promise }
  const stream = local(async function* () {
    try {
      yield start
      for (;;) {
        counted.yielded++
        yield textEvent('x')
      }
    } finally {
      closed.resolve()
    }
  }).stream(hello)
  return { stream, counted }
}

/** Starts a server on loopback whose route answers as those of the web platform do: it gives a `Response` for a `Request`. */
export function serveRoute(route: (incoming: Request) => Response | Promise<Response>): Promise<TestServer> {
  return serve((response, { url = '/', method = 'GET' }, body) => {
    const abort = new AbortController()
    response.on('close', () => {
      abort.abort(new Error('the client has left'))
    })
    const init = method === 'GET' ? { method } : { method, body }
    const incoming = new Request(`http://route.example${url}`, { ...init, signal: abort.signal })
    Promise.resolve(route(incoming))
      .then((answer) => send(answer, response))
      .catch(() => response.destroy())
  })
}

async function send(from: Response, to: ServerResponse): Promise<void> {
  to.writeHead(from.status, Object.fromEntries(from.headers)).flushHeaders()
  const reader = from.body?.getReader()
  to.on('close', () => {
    reader?.cancel().catch(() => undefined)
  })
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    // A client that has left drains nothing.
    if (!to.write(read.value)) await Promise.race([once(to, 'drain'), once(to, 'close')])
  }
  to.end()
}
