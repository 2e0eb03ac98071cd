import type { Provider } from '@rivulet/core'
import { systemClock } from '@rivulet/core/provider'
import { scriptedProvider } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { failure, whole } from './support/providers.ts'
import { at, textAt } from './support/json.ts'
import { SERVERS, serving } from './support/serving.ts'

const scripted = scriptedProvider('acme', systemClock, () => whole)
const provider: Provider = {
  ...scripted,
  embed: async ({ input, dimensions = 2 }) => ({
    vectors: input.map((text) => Array.from({ length: dimensions }, () => text.length / 2)),
    inputTokens: input.length,
  }),
}

describe.each(SERVERS)('%s', (kind) => {
  test('OpenAI: texts become vectors, each with its index', async () => {
    await using server = await serving(kind, provider)
    const response = await server.post('/v1/embeddings', { model: 'e', input: ['a', 'bb'] })
    expect(await response.json()).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [0.5, 0.5] },
        { object: 'embedding', index: 1, embedding: [1, 1] },
      ],
      model: 'e',
      usage: { prompt_tokens: 2, total_tokens: 2 },
    })
  })

  test('OpenAI: base64 has the same numbers as 32-bit floats', async () => {
    await using server = await serving(kind, provider)
    const body = { model: 'e', input: 'a', dimensions: 3, encoding_format: 'base64' }
    const answer: unknown = await (await server.post('/v1/embeddings', body)).json()
    const bytes = Buffer.from(textAt(answer, 'data', 0, 'embedding'), 'base64')
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.readFloatLE(8), bytes.length]).toEqual([
      0.5, 0.5, 0.5, 12,
    ])
  })

  test('Gemini: one content, and several', async () => {
    await using server = await serving(kind, provider)
    const content = (text: string): object => ({ content: { parts: [{ text }] } })
    const one = await server.post('/v1beta/models/e:embedContent', { ...content('a'), outputDimensionality: 1 })
    expect(at(await one.json(), 'embedding')).toEqual({ values: [0.5] })
    const several = await server.post('/v1beta/models/e:batchEmbedContents', {
      requests: [content('a'), content('bb')],
    })
    expect(at(await several.json(), 'embeddings')).toEqual([{ values: [0.5, 0.5] }, { values: [1, 1] }])
  })

  test('what is wrong in a request is a 400 that names it', async () => {
    await using server = await serving(kind, provider)
    const asked = async (path: string, body: unknown): Promise<[number, string]> => {
      const response = await server.post(path, body)
      return [response.status, textAt(await response.json(), 'error', 'message')]
    }
    expect(await asked('/v1/embeddings', { model: 'e', input: [[1, 2]] })).toEqual([
      400,
      expect.stringContaining('input'),
    ])
    expect(await asked('/v1/embeddings', { input: 'a' })).toEqual([400, expect.stringContaining('model')])
    expect(await asked('/v1beta/models/e:embedContent', {})).toEqual([400, expect.stringContaining('content')])
    expect(await asked('/v1beta/models/e:batchEmbedContents', { requests: [] })).toEqual([
      400,
      expect.stringContaining('requests'),
    ])
  })

  test('a failure has its status, and a provider without embeddings says so', async () => {
    const failing: Provider = { ...scripted, embed: () => Promise.reject(failure('rate-limited', 'acme: busy', 2_000)) }
    await using server = await serving(kind, failing, { retry: false })
    const response = await server.post('/v1/embeddings', { model: 'e', input: 'a' })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2'])
    await using without = await serving(kind, scripted)
    expect((await without.post('/v1/embeddings', { model: 'e', input: 'a' })).status).toBe(400)
  })

  test('a client that leaves ends the call of the provider', async () => {
    let signal: AbortSignal | undefined
    const silent: Provider = {
      ...scripted,
      embed: (_request, call) => {
        signal = call?.signal
        return new Promise(() => undefined)
      },
    }
    await using server = await serving(kind, silent, { retry: false })
    const leaving = new AbortController()
    const asked = server.post('/v1/embeddings', { model: 'e', input: 'a' }, { signal: leaving.signal })
    await expect.poll(() => signal !== undefined).toBe(true)
    leaving.abort()
    await expect(asked).rejects.toThrow()
    await expect.poll(() => signal?.aborted).toBe(true)
  })
})
