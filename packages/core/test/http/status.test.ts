import { describe, expect, test } from 'vitest'
import { collect } from '../../src/reading/collect.ts'
import type { ErrorCode } from '../../src/error-codes.ts'
import { acme, failure, hello, info, transports } from '../support/providers.ts'
import { END, plain } from '../support/plain.ts'
import { closed, unusedUrl, serve } from '../support/servers.ts'

/** Row 12 of the truth table. */
const statuses: [number, string, ErrorCode][] = [
  [400, '', 'bad-request'],
  [422, '', 'bad-request'],
  [400, '{"error":{"message":"maximum context length is 8192 tokens"}}', 'context-length'],
  [401, '', 'auth'],
  [403, '', 'auth'],
  [402, '', 'quota'],
  [404, '', 'not-found'],
  [408, '', 'timeout'],
  [413, '', 'context-length'],
  [429, '', 'rate-limited'],
  [429, '{"error":{"code":"insufficient_quota"}}', 'quota'],
  [500, '', 'overloaded'],
  [502, '<html><h1>Bad Gateway</h1></html>', 'overloaded'],
  [503, '', 'overloaded'],
  [504, '', 'overloaded'],
  [529, '', 'overloaded'],
]

describe.each(transports)('over %s', (_name, open) => {
  test.each(statuses)('HTTP %i %s is %s', async (status, body, code) => {
    const server = await serve((response) => response.writeHead(status).end(body))
    const error = await failure(collect(acme(server.url, { transport: open() }).stream(hello)), code)
    expect(error).toMatchObject({ status, provider: 'acme' })
    expect(error.message.startsWith(`acme: HTTP ${status}`)).toBe(true)
    expect(error).not.toHaveProperty('partial')
    expect(server.requests).toHaveLength(1)
  })

  test('the message has the text of the endpoint, but not an HTML page', async () => {
    const bodies = ['{"error":{"message":"what happened"}}', 'what happened', '<html>page</html>']
    const server = await serve((response) => response.writeHead(500).end(bodies.shift()))
    const provider = acme(server.url, { transport: open() })
    const messages = []
    for (let calls = 0; calls < 3; calls++)
      messages.push((await failure(collect(provider.stream(hello)), 'overloaded')).message)
    expect(messages).toEqual(['acme: HTTP 500: what happened', 'acme: HTTP 500: what happened', 'acme: HTTP 500'])
  })

  test('a model that the endpoint does not know is compared with those that are listed', async () => {
    const server = await serve((response) => response.writeHead(404).end('{"error":"no such model"}'))
    const listing = { info: { ...info, models: [{ id: 'gpt-4o' }, { id: 'gpt-5' }] } }
    const asked = async (model: string): Promise<string> => {
      const stream = acme(server.url, { transport: open() }, listing).stream({ ...hello, model })
      return (await failure(collect(stream), 'not-found')).message
    }
    expect(await asked('gpt-4p')).toBe('acme: HTTP 404: no such model. Did you mean "gpt-4o"?')
    expect(await asked('gpt-4o')).toBe('acme: HTTP 404: no such model')
    expect(await asked('claude')).toBe('acme: HTTP 404: no such model')
  })

  test('the error has the wait that the endpoint asks for', async () => {
    const server = await serve((response) => response.writeHead(429, { 'retry-after': '7' }).end())
    const error = await failure(collect(acme(server.url, { transport: open() }).stream(hello)), 'rate-limited')
    expect(error.retryAfterMs).toBe(7_000)
    expect(error.retryable).toBe(true)
  })

  test('a dialect’s decodeError takes precedence', async () => {
    const server = await serve((response) => response.writeHead(400).end('{"fault":7}'))
    const seen: unknown[] = []
    const protocol: typeof plain = {
      ...plain,
      decodeError(status, body) {
        seen.push([status, body])
        return { code: 'content-filter', message: 'fault 7' }
      },
    }
    const error = await failure(
      collect(acme(server.url, { transport: open() }, { protocol }).stream(hello)),
      'content-filter',
    )
    expect(error.message).toBe('acme: HTTP 400: fault 7')
    expect(seen).toEqual([[400, { fault: 7 }]])
  })

  test('an endless error body is read up to a limit, and its connection is closed', async () => {
    const chunk = Buffer.alloc(16 * 1024, 'x')
    const server = await serve((response) => {
      response.writeHead(500)
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', more)
      more()
    })
    const error = await failure(collect(acme(server.url, { transport: open() }).stream(hello)), 'overloaded')
    expect(error.message.length).toBeLessThan(1_100)
    await closed(server.sockets[0])
  })

  test.each(['elsewhere', 'the same host'])('a redirect to %s is not followed', async (where) => {
    const other = await serve((response) => response.end(END))
    const server = await serve((response) => {
      response.writeHead(307, { location: where === 'elsewhere' ? `${other.url}/moved` : '/moved' }).end()
    })
    const error = await failure(collect(acme(server.url, { transport: open() }).stream(hello)), 'bad-request')
    const target = new URL(where === 'elsewhere' ? other.url : server.url).host
    expect(error.message).toContain(`HTTP 307: the endpoint redirects to ${target}`)
    expect(error).toMatchObject({ status: 307, retryable: false })
    expect(other.requests).toHaveLength(0)
    expect(other.sockets).toHaveLength(0)
    expect(server.requests).toHaveLength(1)
  })

  test.each([301, 302, 303, 308])('nor is HTTP %i', async (status) => {
    const server = await serve((response) => response.writeHead(status, { location: '/moved' }).end())
    await failure(collect(acme(server.url, { transport: open() }).stream(hello)), 'bad-request')
    expect(server.requests).toHaveLength(1)
  })

  test('a missing server is a network failure that names it', async () => {
    const gone = await unusedUrl()
    const error = await failure(collect(acme(gone, { transport: open() }).stream(hello)), 'network')
    expect(error.message).toContain(`acme: no answer from ${new URL(gone).host}: `)
    expect(error.message).toContain('ECONNREFUSED')
    expect(error).toMatchObject({ provider: 'acme', retryable: true })
    expect(error.cause).toBeInstanceOf(Error)
  })
})
