import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { Agent } from 'undici'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { collect } from '../../src/reading/collect.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import { certificate } from '../support/certificate.ts'
import { END, text } from '../support/plain.ts'
import { acme, failure, hello } from '../support/providers.ts'
import { closed, serve, deferred } from '../support/servers.ts'

beforeEach(() => {
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) {
    vi.stubEnv(name, undefined)
    vi.stubEnv(name.toUpperCase(), undefined)
  }
})

afterEach(() => {
  vi.unstubAllEnvs()
})

interface Proxy {
  url: string
  /** The requests, in order: `CONNECT host:port`, or `POST http://host:port/path`. */
  asked: string[]
  /** The `proxy-authorization` header of each request. */
  credentials: (string | undefined)[]
}

/** A real forward proxy: tunnels by CONNECT, and forwards plain requests. Resolves every name to `target`. */
async function proxyTo(target: string, status = 200): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const seen: Proxy = { url: '', asked: [], credentials: [] }
  const server = createServer((request, response) => {
    seen.asked.push(`${request.method ?? ''} ${request.url ?? ''}`)
    seen.credentials.push(request.headers['proxy-authorization'])
    const { pathname } = new URL(request.url ?? '')
    const { method, headers } = request
    const forwarded = httpRequest({ hostname, port, method, path: pathname, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    request.pipe(forwarded)
    forwarded.on('error', () => undefined)
    response.on('close', () => forwarded.destroy())
  })
  server.on('connect', (request, socket, head) => {
    seen.asked.push(`CONNECT ${request.url ?? ''}`)
    seen.credentials.push(request.headers['proxy-authorization'])
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
      return
    }
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    for (const side of [upstream, socket]) side.on('error', () => undefined)
    socket.on('close', () => upstream.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return seen
}

/** An endpoint that speaks TLS, for a name that only the proxy can resolve. */
async function serveTls(): Promise<string> {
  const server = createTlsServer(certificate, (request, response) => {
    request.resume().on('end', () => response.end(text('through') + END))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  // Its certificate is self-signed. Node reads this variable at each connection.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('an https endpoint is reached through the proxy by CONNECT, with the credentials of the proxy’s URL', async () => {
  const proxy = await proxyTo(await serveTls())
  const url = proxy.url.replace('//', '//user:p%40ss@')
  const provider = acme('https://api.acme.example', { transport: undiciTransport({ proxy: url }) })
  expect((await collect(provider.stream(hello))).text).toBe('through')
  expect(proxy.asked).toEqual(['CONNECT api.acme.example:443'])
  expect(proxy.credentials).toEqual([`Basic ${Buffer.from('user:p@ss').toString('base64')}`])
})

test('HTTPS_PROXY is read at the first request, and NO_PROXY names hosts that bypass it', async () => {
  const proxy = await proxyTo(await serveTls())
  const provider = acme('https://api.acme.example', { transport: undiciTransport() })
  const excepted = acme('https://api.acme.invalid', { transport: undiciTransport() })
  vi.stubEnv('HTTPS_PROXY', proxy.url)
  vi.stubEnv('NO_PROXY', '.acme.invalid')
  expect((await collect(provider.stream(hello))).text).toBe('through')
  await failure(collect(excepted.stream(hello)), 'network')
  expect(proxy.asked).toEqual(['CONNECT api.acme.example:443'])
})

test('the environment’s proxy is bypassed for a server on this machine, and always with proxy: false', async () => {
  const server = await serve((response) => response.end(text('here') + END))
  const proxy = await proxyTo(server.url)
  vi.stubEnv('HTTP_PROXY', proxy.url)
  vi.stubEnv('HTTPS_PROXY', proxy.url)
  expect((await collect(acme(server.url, { transport: undiciTransport() }).stream(hello))).text).toBe('here')
  const none = acme('https://api.acme.invalid', { transport: undiciTransport({ proxy: false }) })
  await failure(collect(none.stream(hello)), 'network')
  expect(proxy.asked).toEqual([])
})

test('an http endpoint is reached through the proxy too', async () => {
  const server = await serve((response) => response.end(text('plain') + END))
  const proxy = await proxyTo(server.url)
  const provider = acme('http://api.acme.example', { transport: undiciTransport({ proxy: proxy.url }) })
  expect((await collect(provider.stream(hello))).text).toBe('plain')
  expect(proxy.asked).toEqual(['POST http://api.acme.example/chat'])
})

test('a proxy that refuses is a network failure', async () => {
  const proxy = await proxyTo('http://127.0.0.1:1', 403)
  const provider = acme('https://api.acme.example', { transport: undiciTransport({ proxy: proxy.url }) })
  expect((await failure(collect(provider.stream(hello)), 'network')).message).toMatch(/api\.acme\.example/)
})

test('a reader that stops closes the connection through a proxy', async () => {
  const began = deferred()
  const server = await serve((response) =>
    response.write(text('Hel'), () => {
      began.resolve()
    }),
  )
  const proxy = await proxyTo(server.url)
  const provider = acme('http://api.acme.example', { transport: undiciTransport({ proxy: proxy.url }) })
  for await (const event of provider.stream(hello)) if (event.type === 'text') break
  await began.promise
  await closed(server.sockets[0])
})

test("a caller's dispatcher sends the requests", async () => {
  const server = await serve((response) => response.end(text('own') + END))
  const dispatcher = new Agent()
  onTestFinished(() => dispatcher.close())
  const asked: unknown[] = []
  const counting = dispatcher.compose((dispatch) => (options, handler) => {
    asked.push(options.path)
    return dispatch(options, handler)
  })
  const provider = acme(server.url, { transport: undiciTransport({ dispatcher: counting }) })
  expect((await collect(provider.stream(hello))).text).toBe('own')
  expect(asked).toEqual(['/chat'])
})

test.each<[object, RegExp]>([
  [{ proxi: 'http://a.example' }, /^undiciTransport: unknown option "proxi"\. Did you mean "proxy"\?/],
  [{ proxy: 'proxy.example:8080' }, /^undiciTransport: proxy must be a URL, as in 'http:\/\/proxy\.example:8080'/],
  [
    { dispatcher: new Agent(), connections: 3 },
    /^undiciTransport: a dispatcher has its own options: set no other option beside it\.$/,
  ],
])('a mistake is a TypeError that names it (%#)', (options, message) => {
  expect(() => undiciTransport(options)).toThrow(message)
})
