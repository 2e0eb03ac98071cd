import { createOpenAI } from '@ai-sdk/openai'
import type { EmbeddingModelV4 } from '@ai-sdk/provider'
import { asEmbeddingModel, fromEmbeddingModel } from '@rivulet/ai-sdk'
import { ChatError, collect } from '@rivulet/core'
import { failover } from '@rivulet/router'
import { simulator } from '@rivulet/simulator'
import { embed, embedMany } from 'ai'
import { afterAll, describe, expect, it } from 'vitest'
import { apiKey, members } from './support/simulated.ts'

const sim = await simulator()
afterAll(() => sim.close())
const { openai, anthropic } = members(sim)
const small = 'text-embedding-3-small'

describe('a provider as an embedding model', () => {
  it('embeds one text and many, in as many calls as it is told to make', async () => {
    const model = asEmbeddingModel(openai[0], small, { maxEmbeddingsPerCall: 2 })
    const { embedding, usage } = await embed({ model, value: 'sea' })
    const before = sim.requests.length
    const { embeddings } = await embedMany({ model, values: ['sea', 'land', 'air'] })
    expect(sim.requests.length - before).toBe(2)
    expect(embeddings).toHaveLength(3)
    expect(embeddings[0]).toEqual(embedding)
    expect(usage.tokens).toBeGreaterThan(0)
  })

  it('goes from member to member of a group, and its errors are not retryable', async () => {
    const group = failover([anthropic[0], openai[0]])
    expect((await embed({ model: asEmbeddingModel(group, small), value: 'sea' })).embedding).not.toEqual([])
    const model = asEmbeddingModel(anthropic[0], small)
    await expect(embed({ model, value: 'sea' })).rejects.toMatchObject({
      isRetryable: false,
      cause: { code: 'unsupported' },
    })
  })

  it('warns of options that no provider reads', async () => {
    const model = asEmbeddingModel(openai[0], small)
    const { warnings } = await embed({ model, value: 'sea', providerOptions: { openai: { user: 'me' } } })
    expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'providerOptions.openai' }])
  })
})

describe('an embedding model as a provider', () => {
  const theirs = fromEmbeddingModel(createOpenAI({ apiKey, baseURL: sim.baseUrl('openai') }).embedding(small))
  const input = ['sea', 'land']

  it('gives the vectors that our own provider gives', async () => {
    const ours = await openai[0].embed?.({ model: small, input })
    const { vectors, inputTokens } = await theirs.embed({ model: 'any', input })
    expect(vectors).toEqual(ours?.vectors)
    expect(inputTokens).toBe(ours?.inputTokens)
  })

  it('makes as many calls as the model needs', async () => {
    const calls: string[][] = []
    const doEmbed: EmbeddingModelV4['doEmbed'] = async ({ values }) => {
      calls.push(values)
      return { embeddings: values.map(({ length }) => [length]), usage: { tokens: 1 }, warnings: [] }
    }
    const facts = {
      specificationVersion: 'v4',
      provider: 'theirs',
      modelId: 'm',
      supportsParallelCalls: false,
    } as const
    const model = fromEmbeddingModel({ ...facts, maxEmbeddingsPerCall: 2, doEmbed })
    const answer = await model.embed({ model: 'any', input: ['a', 'bc', 'def'] })
    expect(answer).toEqual({ vectors: [[1], [2], [3]], inputTokens: 2 })
    expect(calls).toEqual([['a', 'bc'], ['def']])
  })

  it.each([[[]], [[[1], [2]]], [[[Number.NaN]]]])(
    'refuses too few vectors, too many, and one that is not of numbers: %j',
    async (embeddings) => {
      const facts = {
        specificationVersion: 'v4',
        provider: 'theirs',
        modelId: 'm',
        supportsParallelCalls: false,
      } as const
      const doEmbed: EmbeddingModelV4['doEmbed'] = async () => ({ embeddings, warnings: [] })
      const model = fromEmbeddingModel({ ...facts, maxEmbeddingsPerCall: 2, doEmbed })
      await expect(model.embed({ model: 'any', input: ['a'] })).rejects.toMatchObject({ code: 'malformed' })
    },
  )

  it('fails with a ChatError, and with the reason of an abort', async () => {
    sim.fault('openai', { kind: 'status', status: 429, times: 1 })
    await expect(theirs.embed({ model: 'any', input })).rejects.toMatchObject({
      code: 'rate-limited',
      provider: 'openai.embedding',
    })
    const reason = new Error('enough')
    await expect(theirs.embed({ model: 'any', input }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('has no answers', async () => {
    const asked = collect(theirs.stream({ model: 'any', messages: [{ role: 'user', content: 'Hello' }] }))
    await expect(asked).rejects.toThrow(ChatError)
    await expect(asked).rejects.toMatchObject({ code: 'unsupported' })
  })
})

describe('an embedding model that is written without types', () => {
  const embedded = (more: object, signal?: AbortSignal) => {
    const doEmbed: EmbeddingModelV4['doEmbed'] = async ({ values }) => ({
      embeddings: values.map(() => [1]),
      usage: { tokens: 1 },
      warnings: [],
    })
    const facts = { specificationVersion: 'v4', provider: 'odd', modelId: 'm', supportsParallelCalls: false } as const
    const model: EmbeddingModelV4 = { ...facts, maxEmbeddingsPerCall: undefined, doEmbed, ...more }
    return fromEmbeddingModel(model).embed({ model: 'any', input: ['a', 'b', 'c'] }, { signal })
  }

  it.each([[Number.NaN], [0], [0.5], [-1], [Number.POSITIVE_INFINITY], [null]])(
    'embeds every text in one call where it says that a call takes %j',
    async (maxEmbeddingsPerCall) => {
      expect(await embedded({ maxEmbeddingsPerCall })).toEqual({ vectors: [[1], [1], [1]], inputTokens: 1 })
    },
  )

  it('has no count of tokens where the model gives none that is a number', async () => {
    const doEmbed = () => Promise.resolve({ embeddings: [[1], [1], [1]], usage: { tokens: Number.NaN } })
    expect(await embedded({ doEmbed })).toEqual({ vectors: [[1], [1], [1]] })
  })

  it.each([[undefined], [{}], [{ embeddings: null }]])('is malformed where it gives no vectors: %j', async (given) => {
    await expect(embedded({ doEmbed: () => Promise.resolve(given) })).rejects.toMatchObject({ code: 'malformed' })
  })

  it('rejects with the caller’s own reason, whatever the model rejects with at an abort', async () => {
    const stop = new AbortController()
    const called = Promise.withResolvers<undefined>()
    const doEmbed = ({ abortSignal }: { abortSignal?: AbortSignal }) =>
      new Promise((_, reject) => {
        abortSignal?.addEventListener('abort', () => {
          reject(new Error('its own words'))
        })
        called.resolve(undefined)
      })
    const asked = embedded({ doEmbed }, stop.signal)
    await called.promise
    const reason = new Error('enough')
    stop.abort(reason)
    await expect(asked).rejects.toBe(reason)
  })
})
