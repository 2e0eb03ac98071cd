/** `auth: 'client'`: what a client sends as its credential goes to one provider, and nowhere else. */

import { type CallOptions, type ChatRequest, pipe, type Provider, withModel } from '@rivulet/core'
import { systemClock } from '@rivulet/core/provider'
import { anthropic } from '@rivulet/provider-anthropic'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { failover } from '@rivulet/router'
import { type Fault, type RecordedRequest, type Simulator, simulator } from '@rivulet/simulator'
import { scriptedProvider } from '@rivulet/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { gateway, type GatewayObserver, type GatewayOptions, newKey } from '../src/index.ts'
import { CLIENTS } from './support/clients.ts'
import { takes, whole } from './support/providers.ts'
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
      ...scriptedProvider('vendor', systemClock, () => whole, takes('vendor')),
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
    const script = ({ request }: { request: ChatRequest }): typeof whole => {
      asked.push(request)
      return whole
    }
    const keeping = scriptedProvider('vendor', systemClock, script, takes('vendor'))
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
    scriptedProvider('vendor', systemClock, () => whole, takes('vendor')),
    { auth: 'client' },
  )
  await expect(server.listen({ host: '0.0.0.0', port: 0 })).rejects.toThrow(/^listen: other machines reach/)
})

describe('that it is not plain who gets them is refused when the gateway is made', () => {
  const member = (id: string, info = takes(id)): Provider => scriptedProvider(id, systemClock, () => whole, info)
  const made =
    (provider: Provider, auth: GatewayOptions['auth']): (() => unknown) =>
    () =>
      gateway(provider, { auth })

  test('which member of a group is meant must be said', () => {
    expect(made(failover([member('a'), member('b')]), 'client')).toThrow(
      "gateway: auth must name the member of the group that gets the clients' credentials, as in { client: 'a' }.",
    )
    expect(made(failover([member('a')]), { client: '' })).toThrow(/^gateway: auth must be/)
  })

  test('the name must be that of a provider, at any depth and under any layer', () => {
    const group = failover([failover([pipe(member('anthropic'), withModel('m'))]), member('other')])
    expect(made(group, { client: 'anthropc' })).toThrow(
      /no provider "anthropc" uses .*\. Did you mean "anthropic"\? Known: anthropic, other\.$/,
    )
    expect(made(group, { client: 'failover' })).toThrow(/no provider "failover" uses/)
    expect(made(group, { client: 'anthropic' })).not.toThrow()
  })

  test('a provider that would use its own credential all the same is refused', () => {
    for (const auth of ['client', { client: 'own' }] as const)
      expect(made(member('own', {}), auth)).toThrow(/^gateway: auth: "own" uses no credential of a call/)
    expect(made(failover([member('own', {}), member('b')]), { client: 'own' })).toThrow(/no provider "own" uses/)
  })

  test('two endpoints of one id are refused, and two models of one endpoint are not', () => {
    const compatible = (baseUrl: string, model: string): Provider =>
      pipe(openaiCompatible({ apiKey: OTHER, baseUrl }), withModel(model))
    const auth = { client: 'openai-compatible' }
    const [one, two] = ['https://one.example/v1', 'https://two.example/v1']
    expect(made(failover([compatible(one, 'a'), compatible(two, 'a')]), auth)).toThrow(
      /^gateway: auth\.client: providers at 2 addresses have the id "openai-compatible"/,
    )
    expect(made(failover([compatible(one, 'a'), compatible(one, 'b')]), auth)).not.toThrow()
  })

  test('of a group with one such account, that one gets them', async () => {
    const { sim } = await group()
    const vendor = pipe(anthropic({ apiKey: OWN, baseUrl: sim.baseUrl('anthropic') }), withModel('claude-opus-5-5'))
    const server = gateway(failover([vendor, member('own', {})]), { auth: 'client' })
    const response = await server.fetch(`http://gateway.local${messages?.path(true)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...own },
      body: JSON.stringify(messages?.body(true)),
    })
    await response.text()
    expect(sim.requests[0]?.headers).toMatchObject({ 'x-api-key': CANARY })
  })
})
