import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Authorization, apiKeyHeader, bearer, queryKey } from '../../src/http/authorization.ts'
import { recordExchanges } from '../../src/layers/record-exchanges.ts'
import { pipe } from '../../src/provider.ts'
import { collect } from '../../src/reading/collect.ts'
import type { Transport } from '../../src/transport.ts'
import { ChatError } from '../../src/errors.ts'
import { acme, failure, hello, info, rejection, transports } from '../support/providers.ts'
import { frame, text } from '../support/plain.ts'
import { unusedUrl, type SeenRequest, serve, serveBytes } from '../support/servers.ts'

/** Has characters that each encoding escapes in its own way. */
const SECRET = "sk-live+7/x!y'z=="
const credentials: [string, Authorization][] = [
  ['as a bearer', bearer(SECRET)],
  ['in a header', apiKeyHeader('x-api-key', SECRET)],
  ['in the query', queryKey('auth', SECRET)],
]
/** Headers in which a caller may put a key. */
const headers: [string, Record<string, string>][] = [
  ['x-api-key', { 'X-Api-Key': SECRET }],
  ['authorization', { authorization: `Bearer ${SECRET}` }],
]

/** An error in every form in which it may be logged. */
function asLogged(error: unknown): string {
  const all: string[] = [inspect(error, { depth: 10 }), JSON.stringify(error), String(error)]
  for (let inner = error; inner instanceof Error; inner = inner.cause) all.push(inner.message, inner.stack ?? '')
  return all.join('\n')
}

function expectNoSecret(error: unknown): void {
  const log = asLogged(error)
  // Not even the first characters of a key may be shown.
  for (const prefix of [SECRET.slice(0, 12), encodeURIComponent(SECRET).slice(0, 14)]) expect(log).not.toContain(prefix)
}

describe.each(transports)('over %s', (_name, open) => {
  test.each(headers)('a key in the caller’s header %s is a secret too', async (_header, callerHeaders) => {
    const server = await serve((response) => response.writeHead(401).end(`no such key: ${SECRET}`))
    const provider = acme(server.url, { transport: open(), headers: callerHeaders })
    expectNoSecret(await rejection(collect(provider.stream(hello))))
  })

  test.each(headers)('a key in a call’s own header %s is a secret too, also in a recording', async (_header, own) => {
    const server = await serve((response) => response.writeHead(401).end(`no such key: ${SECRET}`))
    const recorded: unknown[] = []
    const provider = pipe(
      acme(server.url, { transport: open() }),
      recordExchanges({ to: (exchange) => void recorded.push(exchange) }),
    )
    expectNoSecret(await rejection(collect(provider.stream(hello, { headers: own }))))
    expect(recorded).toHaveLength(1)
    expectNoSecret(new Error(JSON.stringify(recorded)))
  })

  test('a secret that is added to the list of a credential after a failure is found in the next', async () => {
    const secrets = ['the-first-key']
    const server = await serve((response) => response.writeHead(401).end(`no such keys: ${SECRET}, the-first-key`))
    const provider = acme(server.url, { transport: open() }, { authorize: { headers: { 'x-key': SECRET }, secrets } })
    expect(await rejection(collect(provider.stream(hello)))).toHaveProperty('message', expect.stringContaining(SECRET))
    secrets.push(SECRET)
    expectNoSecret(await rejection(collect(provider.stream(hello))))
  })

  test.each(['a space', 'a tab', 'a line feed'])('a key with %s after it is found in what is echoed', async (what) => {
    const server = await serve((response, { headers: sent }) =>
      response.writeHead(401).end(`no such key: ${String(sent.authorization)}`),
    )
    const key = `${SECRET}${{ 'a space': ' ', 'a tab': '\t', 'a line feed': '\n' }[what]}`
    const reading = async () =>
      collect(acme(server.url, { transport: open() }, { authorize: bearer(key) }).stream(hello))
    // A key that no header can carry is refused at once, and then it must not be shown either.
    expectNoSecret(await rejection(reading()))
  })

  test.each([
    ['a page', 200, '<html>'],
    ['the words of an error', 500, ''],
  ])('no part of a key stays where a text is cut: %s', async (_what, status, head) => {
    for (let before = 150; before < 200; before++) {
      const body = `${head}${'x'.repeat(before)}${SECRET}${'y'.repeat(2_000)}`
      const server = await serve((response) => response.writeHead(status).end(body))
      const provider = acme(server.url, { transport: open() }, { authorize: bearer(SECRET) })
      const { message } = (await rejection(collect(provider.stream(hello)))) as Error
      expect(message).not.toContain(SECRET.slice(0, 5))
    }
  })

  test('no part of a key stays in what models() quotes', async () => {
    for (let before = 180; before < 200; before++) {
      const server = await serve((response) => response.end(`${'x'.repeat(before)}${SECRET}`))
      const provider = acme(
        server.url,
        { transport: open() },
        { authorize: bearer(SECRET), models: { path: '/models', read: () => undefined } },
      )
      const { message } = (await rejection(Promise.resolve(provider.models?.()))) as Error
      expect(message).toContain('The body begins: xxx')
      expect(message).not.toContain(SECRET.slice(0, 5))
    }
  })

  describe.each(credentials)('a secret that is sent %s', (_how, authorize) => {
    const at = (url: string) => acme(url, { transport: open() }, { authorize }).stream(hello)

    test('arrives', async () => {
      const server = await serve((response) => response.writeHead(500).end())
      await rejection(collect(at(server.url)))
      const { headers = {}, path = '' }: Partial<SeenRequest> = server.requests[0] ?? {}
      const query = new URL(path, server.url).searchParams.get('auth')
      expect([headers.authorization, headers['x-api-key'], query]).toContain(
        authorize.headers?.authorization === undefined ? SECRET : `Bearer ${SECRET}`,
      )
    })

    test.each<[string, number, (echo: string) => string]>([
      ['a 401 with plain text', 401, (echo) => `no such key: ${echo}`],
      ['a 401 with JSON', 401, (echo) => JSON.stringify({ error: { message: `no such key: ${echo}` } })],
      ['a page', 200, (echo) => `<html>${echo}</html>`],
      ['an error frame', 200, (echo) => frame(JSON.stringify({ error: `no such key: ${echo}` }))],
      ['an error frame after content', 200, (echo) => text('a') + frame(JSON.stringify({ error: echo }))],
    ])('is not shown when the endpoint echoes it: %s', async (_where, status, body) => {
      const server = await serve((response, request) => {
        const echo = [request.url, request.headers.authorization, request.headers['x-api-key'], SECRET].join(' ')
        response.writeHead(status).end(body(echo))
      })
      const error = await rejection(collect(at(server.url)))
      expect(error).toBeInstanceOf(ChatError)
      expectNoSecret(error)
    })

    test.each<[string, number, string]>([
      ['a 401', 401, 'x'.repeat(986)],
      ['a page', 200, `<html>${'x'.repeat(180)}`],
      ['a page of white space', 200, `<html>${' '.repeat(780)}`],
      ['a page of emoji', 200, `<html>${'🌊'.repeat(180)}`],
    ])('is not shown in part when the message is cut inside it: %s', async (_where, status, before) => {
      const server = await serve((response) => response.writeHead(status).end(before + SECRET))
      expectNoSecret(await rejection(collect(at(server.url))))
    })

    test('is not shown when the endpoint redirects to a URL that contains it', async () => {
      const server = await serve((response) =>
        response.writeHead(302, { location: `/?auth=${encodeURIComponent(SECRET)}` }).end(),
      )
      expectNoSecret(await failure(collect(at(server.url)), 'bad-request'))
    })

    test('is not shown when no server answers', async () => {
      expectNoSecret(await failure(collect(at(await unusedUrl())), 'network'))
    })

    test('is not shown when the connection breaks', async () => {
      const server = await serveBytes((socket) => socket.resetAndDestroy())
      expectNoSecret(await failure(collect(at(server.url)), 'network'))
    })

    test('is not shown when the endpoint echoes it in a response that is not HTTP', async () => {
      const server = await serveBytes((socket) => socket.end(`SSH ${SECRET}\r\n\r\n`))
      expectNoSecret(await failure(collect(at(server.url)), 'malformed'))
    })
  })
})

test('is not shown in the cause, where a runtime puts the URL into its errors', async () => {
  const transport: Transport = ({ url }) =>
    Promise.reject(new TypeError(`error sending request for url (${url})`, { cause: new Error(`connect: ${url}`) }))
  const provider = acme('http://127.0.0.1', { transport }, { authorize: queryKey('auth', SECRET) })
  const error = await failure(collect(provider.stream(hello)), 'network')
  expectNoSecret(error)
  expect(error.cause).toMatchObject({ name: 'TypeError' })
  expect(String(error.cause)).toContain('error sending request for url')
})

test('a key in the host of a redirect, which is written in lower case, is not shown', async () => {
  const key = 'SK-Live-0123456789'
  const server = await serve((response) => response.writeHead(307, { location: `https://${key}.example/` }).end())
  const error = await failure(collect(acme(server.url, {}, { authorize: bearer(key) }).stream(hello)), 'bad-request')
  expect(error.message.toLowerCase()).not.toContain(key.slice(0, 8).toLowerCase())
})

test('a credential that no header can carry is not shown either', () => {
  const broken = 'sk-secret\nnext'
  expect(() => acme('http://127.0.0.1:1', {}, { authorize: bearer(broken) })).toThrow(TypeError)
  expect(() => acme('http://127.0.0.1:1', {}, { authorize: bearer(broken) })).not.toThrow(/sk-secret/)
})

test('without a required credential nothing is sent, and the error says how to set one', async () => {
  const server = await serve((response) => response.end())
  const spec = { info: { ...info, auth: 'required' as const }, apiKey: { env: 'ACME_API_KEY', as: bearer } }
  const error = await failure(collect(acme(server.url, {}, spec).stream(hello)), 'auth')
  expect(error.message).toBe('acme: no credential. Set the apiKey option or ACME_API_KEY.')
  expect(server.sockets).toHaveLength(0)
})
