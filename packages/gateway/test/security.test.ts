/** The rules of the gateway's security, each with a test that holds it. Their numbers are those of docs/security.md. */

import nodeCrypto from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import type { ChatRequest } from '@rivulet/core'
import { systemClock } from '@rivulet/core/provider'
import { openai } from '@rivulet/provider-openai'
import { simulator } from '@rivulet/simulator'
import { scriptedProvider, type ScriptedProvider } from '@rivulet/testkit'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { gateway, newKey } from '../src/index.ts'
import { CLIENTS, eventsOf } from './support/clients.ts'
import { textAt } from './support/json.ts'
import { failure, start, steps, text, whole } from './support/providers.ts'
import { Reading } from './support/reading.ts'
import { SERVERS, serving } from './support/serving.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

type Made = Awaited<ReturnType<typeof newKey>>

/** Keeps what it is asked. */
function keeping(): { provider: ScriptedProvider; asked: ChatRequest[] } {
  const asked: ChatRequest[] = []
  const provider = scriptedProvider(
    'acme',
    systemClock,
    ({ request }) => {
      asked.push(request)
      return whole
    },
    { models: [{ id: 'm' }, { id: 'n' }] },
  )
  return { provider, asked }
}

const chat = CLIENTS[0]?.body(true) ?? {}
const CHAT = '/v1/chat/completions'
const anyLoopback = { host: '0.0.0.0', port: 0 }

describe('1: it listens on loopback unless told', () => {
  test('the default is 127.0.0.1', async () => {
    const { url, close } = await gateway(keeping().provider).listen({ port: 0 })
    expect(new URL(url).hostname).toBe('127.0.0.1')
    await close()
  })

  test('an address that other machines reach is refused without keys', async () => {
    await expect(gateway(keeping().provider).listen(anyLoopback)).rejects.toThrow(
      /^listen: other machines reach 0\.0\.0\.0: give the gateway keys/,
    )
    const { close } = await gateway(keeping().provider, { keys: 'secret-of-the-test' }).listen(anyLoopback)
    await close()
  })
})

describe.each(SERVERS)('%s', (kind) => {
  const KEY = 'key-of-the-test-5d1c'

  describe('2: who asks is known before what is asked', () => {
    const places: readonly [name: string, query: string, headers: Record<string, string>][] = [
      ['authorization', '', { authorization: `Bearer ${KEY}` }],
      ['x-api-key', '', { 'x-api-key': KEY }],
      ['x-goog-api-key', '', { 'x-goog-api-key': KEY }],
      ['?key=', `?key=${KEY}`, {}],
      ['two places at once', '', { authorization: `Bearer ${KEY}`, 'x-api-key': KEY }],
    ]

    test.each(places)('a key is taken from %s, and passed on to nobody', async (_name, query, headers) => {
      const { provider, asked } = keeping()
      await using server = await serving(kind, provider, { keys: KEY })
      const response = await server.post(CHAT + query, chat, { headers: { ...headers, cookie: `k=${KEY}` } })
      expect(response.status).toBe(200)
      expect(await response.text()).not.toContain(KEY)
      expect(JSON.stringify(asked)).not.toContain(KEY)
    })

    test.each(places)('without configured keys, %s is taken and passed on to nobody', async (_name, query, headers) => {
      const { provider, asked } = keeping()
      await using server = await serving(kind, provider)
      expect((await server.post(CHAT + query, chat, { headers })).status).toBe(200)
      expect(JSON.stringify(asked)).not.toContain(KEY)
    })

    test.each(CLIENTS)(
      '$name: two that differ are a 400, one that is wrong and none are a 401',
      async ({ path, body }) => {
        const { provider } = keeping()
        await using server = await serving(kind, provider, { keys: KEY })
        const statusOf = async (headers: Record<string, string>): Promise<number> =>
          (await server.post(path(true), body(true), { headers })).status
        expect(await statusOf({ authorization: `Bearer ${KEY}`, 'x-api-key': 'another' })).toBe(400)
        expect(await statusOf({ authorization: 'Bearer wrong' })).toBe(401)
        expect(await statusOf({})).toBe(401)
        expect(provider.requests).toBe(0)
      },
    )

    test('an unknown path, models and embeddings ask for the key too; a greeting does not', async () => {
      await using server = await serving(kind, keeping().provider, { keys: KEY })
      const statuses = ['/nowhere', '/v1/models', '/v1beta/models', '/v1/completions', '/'].map(
        async (path) => (await server.ask(path)).status,
      )
      expect(await Promise.all(statuses)).toEqual([401, 401, 401, 401, 200])
    })
  })

  describe('3: keys are stored hashed', () => {
    test('a new key has 256 random bits, and what is stored does not have it', async () => {
      const { key, stored } = await newKey('build-1')
      expect(key).toMatch(/^rvl_build-1_[\w-]{43}$/)
      expect((await newKey('build-1')).key).not.toBe(key)
      expect(JSON.stringify(stored)).not.toContain(key.slice('rvl_build-1_'.length))
      await using server = await serving(kind, keeping().provider, { keys: [stored] })
      const statusOf = async (given: string): Promise<number> =>
        (await server.post(CHAT, chat, { headers: { 'x-api-key': given } })).status
      const wrong = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`
      const statuses = [key, wrong, stored.hash, 'rvl_build-1_', 'rvl_other_x'].map(statusOf)
      expect(await Promise.all(statuses)).toEqual([200, 401, 401, 401, 401])
    })

    test('a key has its models, its end, its requests in a time and its requests under way', async () => {
      const hour = Date.now() / 1000 + 3_600
      const made = await Promise.all(['models', 'ended', 'few', 'one'].map(newKey))
      const [models, ended, few, one] = made as [Made, Made, Made, Made]
      const endless = scriptedProvider('acme', systemClock, ({ request }) =>
        request.model === 'endless' ? steps([start(), text('Hello')]) : whole,
      )
      await using server = await serving(kind, endless, {
        keys: [
          { ...models.stored, models: ['m'], expires: hour },
          { ...ended.stored, expires: hour - 7_200 },
          { ...few.stored, requests: { limit: 2, perMs: 60_000 } },
          { ...one.stored, concurrent: 1 },
        ],
      })
      const ask = ({ key }: { key: string }, model = 'm'): Promise<Response> =>
        server.post(CHAT, { ...chat, model }, { headers: { authorization: `Bearer ${key}` } })
      const statusOf = async (key: { key: string }, model?: string): Promise<number> => {
        const response = await ask(key, model)
        await response.text()
        return response.status
      }
      expect([await statusOf(models), await statusOf(models, 'n'), await statusOf(ended)]).toEqual([200, 404, 401])
      expect([await statusOf(few), await statusOf(few)]).toEqual([200, 200])
      const third = await ask(few)
      expect([third.status, third.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^(59|60)$/)])
      const reading = await new Reading(await ask(one, 'endless')).until('Hello')
      expect(await statusOf(one)).toBe(429)
      await reading.leave()
      await expect.poll(() => statusOf(one)).toBe(200)
    })
  })

  test('4: a caller never chooses where a request goes', async () => {
    await using ours = await simulator()
    await using theirs = await simulator()
    const provider = openai({ apiKey: 'key-of-the-server', baseUrl: ours.baseUrl('openai') })
    await using server = await serving(kind, provider)
    const url = theirs.baseUrl('openai')
    const names = ['baseUrl', 'base_url', 'baseURL', 'endpoint', 'url']
    const fields = Object.fromEntries(names.map((name) => [name, url]))
    const headers = { 'x-base-url': url, 'x-rivulet-base-url': url, 'x-forwarded-host': new URL(url).host }
    const question = { ...chat, model: 'gpt-6.1-terra' }
    await (await server.post(`${CHAT}?${new URLSearchParams(fields).toString()}`, question, { headers })).text()
    await (await server.post(CHAT, { ...question, ...fields }, { headers })).text()
    expect([ours.requests.length >= 1, theirs.requests.length]).toEqual([true, 0])
  })

  test('5: of the headers, an endpoint gets those of its dialect, and a client none of an endpoint', async () => {
    const { provider, asked } = keeping()
    await using server = await serving(kind, provider)
    const headers = {
      'anthropic-beta': 'context-1m',
      'anthropic-version': '2023-06-01',
      'x-forwarded-for': '10.0.0.1',
      'user-agent': 'agent',
      'openai-organization': 'org-1',
      cookie: 'a=b',
    }
    await (await server.post('/v1/messages', CLIENTS[2]?.body(true), { headers })).text()
    expect(asked[0]?.native?.headers).toEqual({ 'anthropic-beta': 'context-1m', 'anthropic-version': '2023-06-01' })
  })

  describe('6: everything has a bound', () => {
    test('messages and tools', async () => {
      await using server = await serving(kind, keeping().provider)
      const messages = Array.from({ length: 10_001 }, () => ({ role: 'user', content: 'a' }))
      const tools = Array.from({ length: 1_025 }, (_, at) => ({ type: 'function', function: { name: `f${at}` } }))
      expect((await server.post(CHAT, { model: 'm', messages })).status).toBe(400)
      expect((await server.post(CHAT, { ...chat, tools })).status).toBe(400)
    })

    test('requests under way', async () => {
      const endless = scriptedProvider('acme', systemClock, () => steps([start(), text('Hello')]))
      await using server = await serving(kind, endless, { maxConcurrent: 1 })
      const reading = await new Reading(await server.post(CHAT, chat)).until('Hello')
      const second = await server.post(CHAT, chat)
      expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1'])
      await reading.leave()
      await expect.poll(async () => (await server.ask('/')).status).toBe(200)
    })
  })

  test('7: a field named __proto__ or constructor has no effect', async () => {
    const { provider, asked } = keeping()
    await using server = await serving(kind, provider)
    const poison = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},'
    for (const { path, body } of CLIENTS) {
      await (await server.post(path(true), poison + JSON.stringify(body(true)).slice(1))).text()
      await (
        await server.ask(`${path(true)}${path(true).includes('?') ? '&' : '?'}__proto__=1`, {
          headers: { ['__proto__']: '1' },
        })
      ).text()
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(asked.every((request) => (request as unknown as Record<string, unknown>).polluted === undefined)).toBe(true)
  })

  test.each(['.*', '${HOME}', '{{constructor}}', '*', '../../etc/passwd'])(
    '8: the model %s is a name and nothing else',
    async (model) => {
      const { provider, asked } = keeping()
      const { key, stored } = await newKey('one')
      await using server = await serving(kind, provider)
      await (await server.post(CHAT, { ...chat, model })).text()
      expect(asked[0]?.model).toBe(model)
      await using guarded = await serving(kind, provider, { keys: [{ ...stored, models: ['m'] }] })
      expect((await guarded.post(CHAT, { ...chat, model }, { headers: { 'x-api-key': key } })).status).toBe(404)
    },
  )

  test.each(CLIENTS)('9: $name: an error says back no secret of the request', async ({ path, body }) => {
    const echoing = scriptedProvider('acme', systemClock, () => steps(failure('auth', `acme: no such key ${KEY}`)))
    await using server = await serving(kind, echoing, { keys: KEY })
    const response = await server.post(path(true), body(true), { headers: { 'x-api-key': KEY } })
    const said = await response.text()
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(said).not.toContain(KEY)
    expect(said).toContain('***')
  })

  describe('11: a page of another host may not ask', () => {
    test.each([
      ['https://evil.example', 403],
      ['null', 403],
      ['http://localhost.evil.example', 403],
      ['no url', 403],
    ])('its origin %s is a %i', async (origin, status) => {
      await using server = await serving(kind, keeping().provider)
      expect((await server.post(CHAT, chat, { headers: { origin } })).status).toBe(status)
    })

    test('a page of the same host may', async () => {
      await using server = await serving(kind, keeping().provider)
      const { url } = await server.ask('/')
      const origin = url === '' ? 'http://gateway.local' : new URL(url).origin
      expect((await server.post(CHAT, chat, { headers: { origin } })).status).toBe(200)
    })
  })

  test('12: two keys share no conversation, and each sees its own models', async () => {
    const { provider, asked } = keeping()
    const [one, other] = [await newKey('one'), await newKey('other')]
    await using server = await serving(kind, provider, { keys: [{ ...one.stored, models: ['m'] }, other.stored] })
    for (const { key } of [one, other]) {
      const headers = { 'x-api-key': key, 'x-session-id': 's' }
      await (await server.post(CHAT, chat, { headers })).text()
    }
    expect(asked.map(({ session }) => session)).toEqual(['one:s', 'other:s'])
    const listed = [one, other].map(async ({ key }) => {
      const models: unknown = await (await server.ask('/v1/models', { headers: { 'x-api-key': key } })).json()
      return [textAt(models, 'first_id'), textAt(models, 'last_id')]
    })
    expect(await Promise.all(listed)).toEqual([
      ['m', 'm'],
      ['m', 'n'],
    ])
  })

  test('15: a key that is unknown, has ended or is wrong costs the same work', async () => {
    const ended = await newKey('ended')
    await using server = await serving(kind, keeping().provider, { keys: [{ ...ended.stored, expires: 1 }] })
    const hash = vi.spyOn(nodeCrypto, 'hash')
    const counts: number[] = []
    for (const key of ['rvl_unknown_x', ended.key, `${ended.key}x`, 'no key of ours']) {
      hash.mockClear()
      expect((await server.post(CHAT, chat, { headers: { 'x-api-key': key } })).status).toBe(401)
      counts.push(hash.mock.calls.length)
    }
    expect(counts).toEqual([1, 1, 1, 1])
  })

  test.each([
    ['x-claude-code-session-id', 'session-id'],
    ['session-id', 'x-session-affinity'],
    ['x-session-affinity', 'x-session-id'],
    ['x-session-id', 'prompt_cache_key'],
    ['prompt_cache_key', 'metadata.user_id'],
  ])('the conversation is named by %s before %s', async (first, then) => {
    const { provider, asked } = keeping()
    await using server = await serving(kind, provider)
    const named = (name: string, value: string): { headers: Record<string, string>; body: object } =>
      name === 'prompt_cache_key'
        ? { headers: {}, body: { prompt_cache_key: value } }
        : name === 'metadata.user_id'
          ? { headers: {}, body: { metadata: { user_id: value } } }
          : { headers: { [name]: value }, body: {} }
    const [one, other] = [named(first, 'one'), named(then, 'other')]
    const both = { headers: { ...one.headers, ...other.headers } }
    await (await server.post(CHAT, { ...chat, ...one.body, ...other.body }, both)).text()
    await (await server.post(CHAT, { ...chat, ...other.body }, { headers: other.headers })).text()
    expect(asked.map(({ session }) => session)).toEqual([':one', ':other'])
  })
})

describe('11: listen() checks the host (DNS rebinding)', () => {
  /** The status of a request with this `Host`, which a client of the platform can't set. */
  async function statusFor(url: string, host: string): Promise<number> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.write(`GET / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
    let answer = ''
    socket.on('data', (data: Buffer) => (answer += data.toString()))
    await once(socket, 'close')
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
  }

  test.each([
    ['localhost', 200],
    ['127.0.0.1', 200],
    ['LOCALHOST:4411', 200],
    ['gateway.internal', 200],
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['192.168.0.7', 403],
    ['localhost@evil.example', 403],
    ['', 403],
  ])('%s is a %i', async (host, status) => {
    const { url, close } = await gateway(keeping().provider).listen({ port: 0, hosts: ['gateway.internal'] })
    expect(await statusFor(url, host)).toBe(status)
    await close()
  })

  test('on every address, an address is a host, and a name is not', async () => {
    const { url, close } = await gateway(keeping().provider, { keys: 'key-of-the-test' }).listen(anyLoopback)
    const local = url.replace('0.0.0.0', '127.0.0.1')
    expect([await statusFor(local, '192.168.0.7'), await statusFor(local, 'evil.example')]).toEqual([200, 403])
    await close()
  })
})

test('2: a wrong key is refused before a body is read', async () => {
  const { url, close } = await gateway(keeping().provider, { keys: 'key-of-the-test' }).listen({ port: 0 })
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(
    `POST ${CHAT} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n`,
  )
  // The first of the list of arguments is the bytes.
  const [head] = (await once(socket, 'data')) as [Buffer]
  expect(head.toString()).toMatch(/^HTTP\/1\.1 401 /)
  socket.destroy()
  await close()
})

test('6: headers have a bound', async () => {
  const { url, close } = await gateway(keeping().provider).listen({ port: 0 })
  const response = await fetch(url, { headers: { 'x-long': 'a'.repeat(70_000) } })
  expect(response.status).toBe(431)
  await close()
})

test('14: the package has no install scripts, and nothing but ours below it', () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(manifest).toMatchObject({ scripts: { build: expect.any(String) as unknown } })
  const { scripts = {}, dependencies = {} } = manifest as Record<string, Record<string, string>>
  expect(Object.keys(scripts)).toEqual(['build'])
  expect(Object.keys(dependencies).every((name) => name.startsWith('@rivulet/'))).toBe(true)
})

test('an answer of a real endpoint arrives through it', async () => {
  await using sim = await simulator()
  const provider = openai({ apiKey: 'key-of-the-server', baseUrl: sim.baseUrl('openai') })
  await using server = await serving('listen', provider)
  const response = await server.post(CHAT, { ...chat, model: 'gpt-6.1-terra' })
  const events = eventsOf(await response.text())
  expect(CLIENTS[0]?.textOf(events)).toBe(sim.requests[0]?.answer)
})
