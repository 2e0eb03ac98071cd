import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Authorization, apiKeyHeader, bearer, queryKey } from '../../src/http/authorization.ts'
import { collect } from '../../src/reading/collect.ts'
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
