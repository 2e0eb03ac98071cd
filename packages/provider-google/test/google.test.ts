import { answered, testCredential, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { google } from '../src/index.ts'
import { fixture, KEY, subject } from './subject.ts'

const { provider } = subject
const runner = { describe, it }
const url = 'https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse'

testProvider({ runner, ...subject })
testCredential({
  runner,
  ...subject,
  factory: google,
  option: 'apiKey',
  variable: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  sent: (key) => ({ method: 'POST', url, headers: { 'x-goog-api-key': key } }),
})

const asking = (name: string) => answered(fixture(name), provider)

describe('the description of the provider', () => {
  test('is data: models with their limits and prices, none of them 0, and no prefill', () => {
    const { id, info } = google()
    expect(id).toBe('google')
    expect(info).toMatchObject({ name: 'Google', auth: 'required', streaming: true })
    expect(info.prefill).toBeUndefined()
    expect(new Set(info.models.map((model) => model.id)).size).toBe(info.models.length)
    for (const model of info.models) {
      for (const price of Object.values(model.price ?? {})) expect(price).toBeGreaterThan(0)
      expect(model).not.toHaveProperty('levels')
    }
  })

  test('models() lists those of the endpoint that chat or embed', async () => {
    const { provider: listing, sent } = asking('models.json')
    expect(await listing.models?.()).toEqual([
      {
        id: 'gemini-3.8-flash',
        name: 'Gemini 3.8 Flash',
        contextTokens: 1_048_576,
        outputTokens: 65_536,
        reasoning: true,
      },
      { id: 'gemini-embedding-001', name: 'Gemini Embedding 001', contextTokens: 2048, outputTokens: 1 },
      { id: 'unnamed' },
    ])
    expect(sent[0]).toMatchObject({
      method: 'GET',
      url: 'https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000',
      headers: { 'x-goog-api-key': KEY },
    })
  })
})

describe('embed()', () => {
  test('gives a vector for each text, in order', async () => {
    const document = {
      embeddings: [{ values: [0.1, -0.2] }, { values: [1, 0] }],
      usageMetadata: { promptTokenCount: 4 },
    }
    const { provider: embedding, sent, lastBody } = answered({ body: JSON.stringify(document) }, provider)
    expect(await embedding.embed?.({ model: 'gemini-embedding-001', input: ['a', 'b'], dimensions: 2 })).toEqual({
      vectors: [
        [0.1, -0.2],
        [1, 0],
      ],
      inputTokens: 4,
    })
    expect(sent[0]?.url).toMatch(/\/v1beta\/models\/gemini-embedding-001:batchEmbedContents$/)
    expect(lastBody()).toEqual({
      requests: ['a', 'b'].map((text) => ({
        model: 'models/gemini-embedding-001',
        content: { parts: [{ text }] },
        outputDimensionality: 2,
      })),
    })
  })

  test.each([{}, { embeddings: [{}] }, { embeddings: [{ values: ['1'] }] }, { embeddings: [] }])(
    'refuses %j',
    async (document) => {
      const embedding = answered({ body: JSON.stringify(document) }, provider).provider
      await expect(embedding.embed?.({ model: 'm', input: ['a'] })).rejects.toMatchObject({ code: 'malformed' })
    },
  )
})
