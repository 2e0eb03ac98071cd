import { describe, expect, test } from 'vitest'
import { isRecord } from '../../src/check/is-record.ts'
import type { HttpProviderSpec } from '../../src/http/http-provider.ts'
import type { CallOptions, EmbedRequest, EmbedResult, Model } from '../../src/provider.ts'
import { acme } from '../support/providers.ts'
import { serve } from '../support/servers.ts'

/** A dialect that believes whatever the server sends. */
const trusting: Pick<HttpProviderSpec, 'models' | 'embeddings'> = {
  models: { path: '/models', read: (document) => (isRecord(document) ? (document.models as Model[]) : undefined) },
  embeddings: {
    encode: (body) => ({ path: '/embed', body }),
    read: (document) => (isRecord(document) ? (document as unknown as EmbedResult) : undefined),
  },
}

const serving = async (document: unknown) => {
  const server = await serve((response) => response.end(JSON.stringify(document)))
  return { server, provider: acme(server.url, {}, trusting) }
}

describe('embed()', () => {
  test.each([
    ['one vector for two inputs', [[1]]],
    ['three vectors for two inputs', [[1], [2], [3]]],
    ['an empty vector', [[1], []]],
    ['a vector of words', [[1], ['2']]],
  ])('is malformed for %s, whatever the dialect makes of it', async (_what, vectors) => {
    const { provider } = await serving({ vectors })
    await expect(provider.embed?.({ model: 'm', input: ['a', 'b'] })).rejects.toMatchObject({
      code: 'malformed',
      provider: 'acme',
    })
  })

  test('counts the inputs at the call', async () => {
    const { provider } = await serving({ vectors: [[1]], inputTokens: 2 })
    const input = ['a']
    const embedded = provider.embed?.({ model: 'm', input })
    input.push('b')
    expect(await embedded).toEqual({ vectors: [[1]], inputTokens: 2 })
  })

  const holes = ['a']
  holes[2] = 'b'

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'Acme: the request must be an object with model and input, got undefined.'],
    ['no fields', {}, 'Acme: model must be a string that is not empty, got undefined.'],
    ['no input', { model: 'm' }, "Acme: input must be an array of texts, as in ['Hello'], got undefined."],
    ['one text', { model: 'm', input: 'a' }, "Acme: input must be an array of texts, as in ['Hello'], got string."],
    ['no texts', { model: 'm', input: [] }, "Acme: input must be an array of texts, as in ['Hello'], got an array."],
    ['a hole', { model: 'm', input: holes }, 'Acme: input[1] must be a string, got undefined.'],
    [
      'half a vector',
      { model: 'm', input: ['a'], dimensions: 1.5 },
      'Acme: dimensions must be a whole number above 0, got 1.5.',
    ],
    [
      'a misspelt field',
      { model: 'm', inputs: ['a'] },
      'Acme: embed() has no field "inputs". Did you mean "input"? Fields: model, input, dimensions.',
    ],
  ])('refuses %s, and sends nothing', async (_what, request, message) => {
    const { provider, server } = await serving({})
    await expect(provider.embed?.(request as EmbedRequest)).rejects.toThrow(new TypeError(message))
    expect(server.requests).toHaveLength(0)
  })
})

describe('models()', () => {
  test('leaves out entries without an id that can be used, and lists each model once', async () => {
    const models = [
      { id: 'a' },
      { id: '' },
      { id: ' ' },
      { id: 'x'.repeat(1_001) },
      { id: 'a', name: 'A' },
      { id: 'b' },
    ]
    const { provider } = await serving({ models })
    expect(await provider.models?.()).toEqual([{ id: 'a' }, { id: 'b' }])
  })

  test('lists at most 10,000 models', async () => {
    const { provider } = await serving({
      models: Array.from({ length: 10_001 }, (_, number) => ({ id: `m${number}` })),
    })
    expect(await provider.models?.()).toHaveLength(10_000)
  })
})

test('an unknown call option is refused in the name of its method', async () => {
  const { provider } = await serving({})
  const call = { sginal: undefined } as CallOptions
  await expect(provider.models?.(call)).rejects.toThrow('Acme: models(): unknown option "sginal".')
  await expect(provider.embed?.({ model: 'm', input: ['a'] }, call)).rejects.toThrow('Acme: embed(): unknown option')
})
