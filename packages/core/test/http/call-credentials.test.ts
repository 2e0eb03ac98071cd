import { describe, expect, test } from 'vitest'
import { apiKeyHeader, bearer, queryKey } from '../../src/http/authorization.ts'
import type { HttpProviderSpec } from '../../src/http/http-provider.ts'
import { recordExchanges } from '../../src/layers/record-exchanges.ts'
import { type CallOptions, pipe, type Provider } from '../../src/provider.ts'
import { collect } from '../../src/reading/collect.ts'
import { frame } from '../support/plain.ts'
import { acme, hello, info, rejection } from '../support/providers.ts'
import { serve, type TestServer } from '../support/servers.ts'

const KEY = 'key-of-the-caller'
const brought = (credential: CallOptions['credentials'] = { acme: KEY }): CallOptions => ({ credentials: credential })

/** Answers every request, and keeps it. */
const endpoint = (answer = frame('END')): Promise<TestServer> => serve((response) => response.end(answer))

const inHeader: Partial<HttpProviderSpec> = {
  apiKey: { env: [], as: (key) => apiKeyHeader('x-api-key', key) },
  authorize: apiKeyHeader('x-api-key', 'own-key'),
}

describe('a credential of the call', () => {
  test.each<[string, Partial<HttpProviderSpec>, CallOptions['credentials'], Record<string, string | undefined>]>([
    [
      'a key goes where the keys of the provider go',
      inHeader,
      { acme: KEY },
      { 'x-api-key': KEY, authorization: undefined },
    ],
    [
      'a token goes in authorization, and no key beside it',
      inHeader,
      { acme: { bearer: KEY } },
      { authorization: `Bearer ${KEY}`, 'x-api-key': undefined },
    ],
    ['without a place for keys, a key goes in authorization', {}, { acme: KEY }, { authorization: `Bearer ${KEY}` }],
    [
      'that of another provider is not used',
      inHeader,
      { other: KEY },
      { 'x-api-key': 'own-key', authorization: undefined },
    ],
  ])('%s', async (_, spec, credentials, expected) => {
    const { url, requests: seen } = await endpoint()
    await collect(acme(url, {}, spec).stream(hello, { credentials }))
    expect(seen[0]?.headers).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    )
    for (const [name, value] of Object.entries(expected))
      if (value === undefined) expect(seen[0]?.headers).not.toHaveProperty(name)
  })

  test.each(['constructor', '__proto__'])(
    'a provider with the id %s takes no other credential for its own',
    async (id) => {
      const { url, requests: seen } = await endpoint()
      await collect(acme(url, {}, { ...inHeader, id }).stream(hello, brought({ other: KEY })))
      await collect(acme(url, {}, { ...inHeader, id }).stream(hello, brought({ [id]: KEY })))
      expect(seen.map(({ headers }) => headers['x-api-key'])).toEqual(['own-key', KEY])
      expect(seen[0]?.headers).not.toHaveProperty('authorization')
    },
  )

  test('a key goes in the query where keys of the provider do', async () => {
    const { url, requests: seen } = await endpoint()
    const spec = {
      apiKey: { env: [], as: (key: string) => queryKey('auth', key) },
      authorize: queryKey('auth', 'own-key'),
    }
    await collect(acme(url, {}, spec).stream(hello, brought()))
    expect(seen[0]?.path).toContain(`auth=${KEY}`)
    expect(seen[0]?.path).not.toContain('own-key')
  })

  test('headers of the provider that may hold a key are left out, and all others stay', async () => {
    const { url, requests: seen } = await endpoint()
    const headers = {
      'api-key': 'own-key',
      Cookie: 'session=own',
      authorization: 'Bearer own-key',
      'acme-version': '2',
    }
    await collect(acme(url, { headers }).stream(hello, brought()))
    expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'acme-version': '2' })
    expect(JSON.stringify(seen[0]?.headers)).not.toContain('own')
  })

  test('nobody logs in for it, and no login is discarded when it is refused', async () => {
    const { url } = await serve((response) => response.writeHead(401).end())
    let logins = 0
    let refusals = 0
    const authorize = (): ReturnType<typeof bearer> => {
      logins++
      return { ...bearer('own-key'), onRefused: () => refusals++ }
    }
    const failure = await rejection(collect(acme(url, {}, { authorize }).stream(hello, brought())))
    expect(failure).toMatchObject({ code: 'auth' })
    expect([logins, refusals]).toEqual([0, 0])
  })

  test('it is enough where the provider has none and needs one', async () => {
    const { url, requests: seen } = await endpoint()
    const provider = acme(url, {}, { info: { ...info, auth: 'required' } })
    await collect(provider.stream(hello, brought()))
    expect(await rejection(collect(provider.stream(hello, brought({ other: KEY }))))).toMatchObject({ code: 'auth' })
    expect(seen).toHaveLength(1)
  })

  test('models() and embed() use it too', async () => {
    const { url, requests: seen } = await endpoint('{}')
    const provider: Provider = acme(
      url,
      {},
      {
        ...inHeader,
        models: { path: '/models', read: () => [] },
        embeddings: { encode: () => ({ path: '/embed', body: {} }), read: () => ({ vectors: [[1]] }) },
      },
    )
    await provider.models?.(brought())
    await provider.embed?.({ model: 'm1', input: ['a'] }, brought())
    expect(seen.map(({ headers }) => headers['x-api-key'])).toEqual([KEY, KEY])
  })

  test('it is in no recording', async () => {
    const { url } = await endpoint()
    const recorded: unknown[] = []
    const provider = pipe(acme(url, {}, inHeader), recordExchanges({ to: (exchange) => void recorded.push(exchange) }))
    await collect(provider.stream(hello, brought()))
    await expect.poll(() => recorded).toHaveLength(1)
    expect(JSON.stringify(recorded)).not.toContain(KEY)
  })
})

test.each<[string, unknown]>([
  ['no object', KEY],
  ['a key that is missing', { acme: undefined }],
  ['an empty key', { acme: '' }],
  ['a blank key', { acme: '  ' }],
  ['a single character', { acme: 'x' }],
  ['an empty token', { acme: { bearer: '' } }],
  ['a line break, which no header can carry', { acme: `${KEY}\nx-evil: 1` }],
])('%s is a TypeError at the call, which does not show it', (_, credentials) => {
  const provider = acme('http://acme.example')
  // What a program without types may pass.
  const ask = (): unknown => provider.stream(hello, { credentials: credentials as CallOptions['credentials'] })
  expect(ask).toThrow(TypeError)
  expect(ask).not.toThrow(KEY)
})
