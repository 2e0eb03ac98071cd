/** `auth: 'client'`: what a client sends as its credential goes to one provider, and nowhere else. */

import { type CallOptions, type ChatRequest, pipe, type Provider, withModel } from '@rivulet/core'
import { systemClock } from '@rivulet/core/provider'
import { anthropic } from '@rivulet/provider-anthropic'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { failover } from '@rivulet/router'
import { type Fault, type RecordedRequest, type Simulator, simulator } from '@rivulet/simulator'
import { scriptedProvider } from '@rivulet/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { gateway, type GatewayObserver, newKey } from '../src/index.ts'
import { CLIENTS } from './support/clients.ts'
import { whole } from './support/providers.ts'
import { SERVERS, serving } from './support/serving.ts'

const CANARY = 'canary-of-the-client'
const OWN = 'own-key-of-the-first'
const OTHER = 'own-key-of-the-second'
const AUTH = { client: 'anthropic' } as const
const bearer = { authorization: `Bearer ${CANARY}` }
const own = { 'x-api-key': CANARY }
const [chat, , messages] = CLIENTS

/** A vendor and another member, each with a key of its own. */
async function group(fault?: Fault): Promise<{ sim: Simulator; provider: Provider }> {
  const sim = await simulator()
  onTestFinished(() => sim.close())
  if (fault !== undefined) sim.fault('anthropic', fault)
  const vendor = pipe(anthropic({ apiKey: OWN, baseUrl: sim.baseUrl('anthropic') }), withModel('claude-opus-5-5'))
  const other = openaiCompatible({ id: 'other', apiKey: OTHER, baseUrl: sim.baseUrl('openai') })
  return {
    sim,
    provider: failover([vendor, pipe(other, withModel('gpt-6-luna'))], { breaker: { failures: 1 } }),
  }
}

const textOf = (request: RecordedRequest | undefined): string => JSON.stringify(request ?? '')

describe.each(SERVERS)('%s', (kind) => {
  test.each<[string, typeof chat, Record<string, string>, Record<string, string>]>([
    ["a token of Anthropic's client stays one", messages, bearer, { authorization: `Bearer ${CANARY}` }],
    ["a key of Anthropic's client stays one", messages, own, { 'x-api-key': CANARY }],
    ["a key of OpenAI's client goes where the vendor's keys go", chat, bearer, { 'x-api-key': CANARY }],
  ])('%s', async (_, client, headers, expected) => {
    // It answers whatever the credential is.
    const { sim, provider } = await group({ kind: 'status', status: 529, times: 1 })
    await using server = await serving(kind, provider, { auth: AUTH })
    await (await server.post(client?.path(true) ?? '', client?.body(true), { headers })).text()
    const [first, second] = sim.requests
    expect(first?.headers).toMatchObject(expected)
    expect([textOf(first), textOf(second)].map((text) => text.includes(CANARY))).toEqual([true, false])
    expect(textOf(first)).not.toContain(OWN)
    expect(second?.headers.authorization).toBe(`Bearer ${OTHER}`)
  })

  test.each(CLIENTS)(
    '$name: one that is refused is a 401, which nobody else answers, and shows nothing of it',
    async (client) => {
      const { sim, provider } = await group({
        kind: 'status',
        status: 401,
        body: JSON.stringify({
          type: 'error',
          error: { type: 'authentication_error', message: `no such key: ${CANARY}` },
        }),
        times: 2,
      })
      const seen: unknown[] = []
      const observer: GatewayObserver = {
        request: (arrival) => {
          seen.push(arrival)
          const keep = (what: unknown): void => void seen.push(what)
          return { asked: keep, attempt: keep, ended: keep }
        },
      }
      await using server = await serving(kind, provider, { auth: AUTH, observers: [observer] })
      for (const stream of [true, false]) {
        const response = await server.post(client.path(stream), client.body(stream), { headers: bearer })
        expect(response.status).toBe(401)
        const said = (await response.text()) + JSON.stringify([...response.headers])
        expect(said).toContain('no such key: ***')
        expect(said).not.toContain(CANARY)
      }
      expect(sim.requests.map(({ dialect }) => dialect)).toEqual(['anthropic', 'anthropic'])
      expect(seen.length).toBeGreaterThan(6)
      expect(JSON.stringify(seen)).not.toContain(CANARY)
      // The next client has another one, and the breaker of the member is closed.
      const next = await server.post(client.path(true), client.body(true), {
        headers: { 'x-api-key': 'another-client' },
      })
      expect(next.headers.get('x-rivulet-provider')).toBe('anthropic')
      await next.text()
    },
  )

  test.each(CLIENTS)('$name: without one, a 401 says whose is wanted', async (client) => {
    const { sim, provider } = await group()
    await using server = await serving(kind, provider, { auth: AUTH })
    const response = await server.post(client.path(true), client.body(true))
    expect(response.status).toBe(401)
    expect(await response.text()).toContain('at \\"anthropic\\"')
    expect(sim.requests).toHaveLength(0)
  })

  test('embeddings and models are asked for with it', async () => {
    const asked: CallOptions['credentials'][] = []
    const keeping: Provider = {
      ...scriptedProvider('vendor', systemClock, () => whole),
      models: (call) => {
        asked.push(call?.credentials)
        return Promise.resolve([{ id: 'm' }])
      },
      embed: (_, call) => {
        asked.push(call?.credentials)
        return Promise.resolve({ vectors: [[1]] })
      },
    }
    await using server = await serving(kind, keeping, { auth: 'client' })
    await (await server.ask('/v1/models', { headers: bearer })).text()
    await (await server.post('/v1/embeddings', { model: 'm', input: 'a' }, { headers: bearer })).text()
    expect(asked).toEqual([{ vendor: CANARY }, { vendor: CANARY }])
  })

  test('12: two credentials share no conversation, and its name shows none', async () => {
    const asked: ChatRequest[] = []
    const keeping = scriptedProvider('vendor', systemClock, ({ request }) => {
      asked.push(request)
      return whole
    })
    await using server = await serving(kind, keeping, { auth: 'client' })
    for (const key of [CANARY, 'another-client', CANARY]) {
      const headers = { 'x-api-key': key, 'x-session-id': 'one' }
      await (await server.post(chat?.path(true) ?? '', chat?.body(true), { headers })).text()
    }
    const [first, second, third] = asked.map(({ session }) => session)
    expect(first).toMatch(/:one$/)
    expect(second).not.toBe(first)
    expect(third).toBe(first)
    expect(first).not.toContain(CANARY)
  })

  test.each(['as it is made', 'as text'])(
    'a key %s is asked for in a header of its own, and goes nowhere',
    async (how) => {
      const { sim, provider } = await group({ kind: 'status', status: 529, times: 1 })
      const { key: made, stored } = await newKey('build')
      const [key, keys] = how === 'as text' ? ['the word of the house', 'the word of the house'] : [made, [stored]]
      await using server = await serving(kind, provider, { auth: AUTH, keys })
      const statusWith = async (headers: Record<string, string>): Promise<number> => {
        const response = await server.post(messages?.path(true) ?? '', messages?.body(true), { headers })
        expect(await response.text()).not.toContain(key)
        return response.status
      }
      expect(await statusWith(bearer)).toBe(401)
      expect(await statusWith({ ...bearer, 'x-rivulet-key': `${key}x` })).toBe(401)
      // In the wrong place, the vendor would get it.
      expect(await statusWith({ authorization: `Bearer ${key}`, 'x-rivulet-key': key })).toBe(401)
      expect(sim.requests).toHaveLength(0)
      expect(await statusWith({ ...bearer, 'x-rivulet-key': key })).toBe(200)
      expect(sim.requests.map(textOf).join()).not.toContain(key)
    },
  )
})

test('1: the credentials of clients are no keys: an address that other machines reach needs keys', async () => {
  const server = gateway(
    scriptedProvider('vendor', systemClock, () => whole),
    { auth: 'client' },
  )
  await expect(server.listen({ host: '0.0.0.0', port: 0 })).rejects.toThrow(/^listen: other machines reach/)
})

test('which member of a group gets them must be said', () => {
  const members = ['a', 'b'].map((id) => scriptedProvider(id, systemClock, () => whole))
  expect(() => gateway(failover(members), { auth: 'client' })).toThrow(
    /^gateway: auth must name the member of the group/,
  )
  expect(() => gateway(failover(members), { auth: { client: '' } })).toThrow(/^gateway: auth must be/)
})
