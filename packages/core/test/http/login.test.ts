import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { ChatError } from '../../src/errors.ts'
import { type Authorize, bearer, queryKey } from '../../src/http/authorization.ts'
import type { RecordedExchange } from '../../src/http/exchange-recorder.ts'
import { recordExchanges } from '../../src/layers/record-exchanges.ts'
import { retry } from '../../src/layers/retry.ts'
import { pipe } from '../../src/provider.ts'
import { collect } from '../../src/reading/collect.ts'
import { batchesOf } from '../../src/stream.ts'
import { END, text } from '../support/plain.ts'
import { acme, failure, hello, rejection, transports } from '../support/providers.ts'
import { serve } from '../support/servers.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'

const never = new Promise<never>(() => undefined)

describe.each(transports)('a credential from a login, over %s', (_name, open) => {
  const loggedIn = (url: string, authorize: Authorize) => acme(url, { transport: open() }, { authorize })

  test('is requested at the first read of each answer, and used for that request', async () => {
    const server = await serve((response) => response.end(text('Hello') + END))
    let logins = 0
    const provider = loggedIn(server.url, () => Promise.resolve(bearer(`token-${++logins}`)))
    const unread = provider.stream(hello)
    expect(logins).toBe(0)
    await collect(unread)
    await collect(provider.stream(hello))
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('may be synchronous, go into the query, and apply to models() too', async () => {
    const server = await serve((response) => response.end('{}'))
    const spec = { authorize: () => queryKey('key', 'a b'), models: { path: '/models?page=1', read: () => [] } }
    await acme(server.url, { transport: open() }, spec).models?.()
    expect(server.requests.map(({ path }) => path)).toEqual(['/models?page=1&key=a%20b'])
  })

  test('may be an object of a class, whose fields it has from its prototype', async () => {
    class Token {
      get query() {
        return { key: 'token-1' }
      }
      get secrets() {
        return ['token-1']
      }
    }
    const server = await serve((response, { url }) => response.writeHead(401).end(`no such key: ${String(url)}`))
    const error = await rejection(collect(loggedIn(server.url, () => new Token()).stream(hello)))
    expect(server.requests.map(({ path }) => path)).toEqual(['/chat?key=token-1'])
    expect(String(error)).toContain('key=***')
  })

  test('learns when the endpoint refuses it, so that the next attempt uses a new one', async () => {
    const server = await serve((response, request) => {
      if (request.headers.authorization === 'Bearer token-2') response.end(text('Hello') + END)
      else response.writeHead(401).end(`{"error":{"message":"${String(request.headers.authorization)} has expired"}}`)
    })
    let logins = 0
    let token: string | undefined
    const authorize: Authorize = async () => {
      await eventLoopTurn()
      token ??= `token-${++logins}`
      return { ...bearer(token), onRefused: () => (token = undefined) }
    }
    const retryAuth = retry({ attempts: 2, backoffMs: 1, retryWhen: ({ code }) => code === 'auth' })
    const provider = pipe(loggedIn(server.url, authorize), retryAuth)
    expect((await collect(provider.stream(hello))).text).toBe('Hello')
    expect((await collect(provider.stream(hello))).text).toBe('Hello')
    expect([logins, server.requests.length]).toEqual([2, 3])
  })

  test('appears in no error and no recording', async () => {
    const server = await serve((response, request) =>
      response.writeHead(403).end(`no: ${String(request.headers.authorization)}`),
    )
    const exchanges: RecordedExchange[] = []
    const provider = pipe(
      loggedIn(server.url, () => Promise.resolve(bearer('s3cret-token'))),
      recordExchanges({ to: (exchange) => exchanges.push(exchange) }),
    )
    const error = await failure(collect(provider.stream(hello)), 'auth')
    expect(error.message).toBe('acme: HTTP 403: no: Bearer ***')
    expect(JSON.stringify(exchanges)).toContain('Bearer ***')
    expect(JSON.stringify(exchanges)).not.toContain('s3cret')
  })

  test('that fails is an auth failure that says why; a ChatError is passed on', async () => {
    const server = await serve((response) => response.end(END))
    const cause = new Error('the login server answered 500')
    const failing = loggedIn(server.url, () => Promise.reject(cause))
    const error = await failure(collect(failing.stream(hello)), 'auth')
    expect(error.message).toBe('acme: no credential, because authorize() failed: the login server answered 500')
    expect(error).toMatchObject({ cause, provider: 'acme' })
    const down = loggedIn(server.url, () => {
      throw new ChatError('network', 'no answer from login.acme.example')
    })
    await failure(collect(down.stream(hello)), 'network')
    expect(server.requests).toEqual([])
  })

  test('with a character that no header can carry is an auth failure, and nothing is sent', async () => {
    const server = await serve((response) => response.end(END))
    const provider = loggedIn(server.url, () => Promise.resolve(bearer('two\nlines')))
    expect((await failure(collect(provider.stream(hello)), 'auth')).message).toMatch(/no header can carry/)
    expect(server.requests).toEqual([])
  })

  test('that hangs delays neither an abort, nor a reader that stops, nor a deadline', async () => {
    const clock = new ManualClock()
    const provider = acme(
      'http://127.0.0.1:1',
      { transport: open(), deadlines: { firstTokenMs: 100, clock } },
      { authorize: () => never },
    )
    const controller = new AbortController()
    const aborted = rejection(collect(provider.stream(hello, { signal: controller.signal })))
    await eventLoopTurn()
    controller.abort('no more')
    expect(await aborted).toBe('no more')
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    const batches = batchesOf(provider.stream(hello))
    const reading = batches.next()
    await eventLoopTurn()
    batches.close()
    expect(await reading).toEqual({ done: true, value: undefined })
    const late = failure(collect(provider.stream(hello)), 'timeout')
    await clock.advance(100)
    expect((await late).message).toBe('acme: no content within 100 ms (firstTokenMs)')
  })
})
