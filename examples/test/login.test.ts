import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { collect, pipe, recordExchanges } from '@rivulet/core'
import { expect, test } from 'vitest'
import { acme } from '../login.ts'
import { type Received, type TestServer, testServer } from './server.ts'

const request = { model: 'acme-1', messages: [{ role: 'user', content: 'Hello' }] } as const
const answer = { choices: [{ message: { content: 'Hello back' }, finish_reason: 'stop' }] }

/** Each login gives the next token; a chat is answered when its token is one of those that are good. */
function endpoint(isGood: (token: string) => boolean, password = 'open sesame'): Promise<TestServer> {
  let logins = 0
  return testServer(({ path, authorization = '', body }, response) => {
    const token = authorization.replace('Bearer ', '')
    if (path === '/login' && body === password) response.end(`token-${++logins}`)
    else if (path !== '/login' && isGood(token)) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    }
    // As endpoints do, it says the token back.
    else response.writeHead(401).end(JSON.stringify({ error: { message: `bad token ${token}` } }))
  })
}

const said = ({ path, authorization }: Received): string => [path, authorization].join(' ').trim()
const secrets = /token-\d|open sesame/

test('it logs in for the first request, and calls share the token', async () => {
  await using server = await endpoint(() => true)
  const provider = acme({ baseUrl: server.url, password: 'open sesame' })
  const answers = [provider.stream(request), provider.stream(request)].map((stream) => collect(stream))
  expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(['Hello back', 'Hello back'])
  const chat = '/chat/completions Bearer token-1'
  expect(server.received.map(said)).toEqual(['/login', chat, chat])
})

test('a token that expired is fetched anew, and the reader sees nothing of it', async () => {
  let good = 'token-1'
  await using server = await endpoint((token) => token === good)
  const provider = acme({ baseUrl: server.url, password: 'open sesame' })
  await collect(provider.stream(request))
  good = 'token-2'
  expect(await collect(provider.stream(request))).toMatchObject({ text: 'Hello back' })
  expect(server.received.map(said)).toEqual([
    '/login',
    '/chat/completions Bearer token-1',
    '/chat/completions Bearer token-1',
    '/login',
    '/chat/completions Bearer token-2',
  ])
})

test('an endpoint that refuses every token is asked twice; no token is in the error or in the recording', async () => {
  await using server = await endpoint(() => false)
  const folder = await mkdtemp(join(tmpdir(), 'rivulet-login-'))
  try {
    const to = join(folder, 'exchange.json')
    const provider = pipe(acme({ baseUrl: server.url, password: 'open sesame' }), recordExchanges({ to }))
    const error: unknown = await collect(provider.stream(request)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'auth',
      status: 401,
      message: expect.stringContaining('bad token ***') as string,
    })
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(secrets)
    const recording = readFileSync(to, 'utf8')
    expect(recording).toContain('bad token ***')
    expect(recording).not.toMatch(secrets)
    expect(server.received.map(said).filter((line) => line.startsWith('/chat'))).toEqual([
      '/chat/completions Bearer token-1',
      '/chat/completions Bearer token-2',
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a wrong password is refused once, and the next call logs in again', async () => {
  await using server = await endpoint(() => true, 'another password')
  const provider = acme({ baseUrl: server.url, password: 'open sesame' })
  for (const logins of [1, 2]) {
    const error: unknown = await collect(provider.stream(request)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'auth', provider: 'acme' })
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(secrets)
    expect(server.received.map(said)).toEqual(Array(logins).fill('/login'))
  }
})
