import { answered, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { ollama } from '../src/index.ts'
import { fixture, subject } from './subject.ts'

const { provider, request } = subject

testProvider({ runner: { describe, it }, ...subject })

const asking = (name: string) => answered(fixture(name), provider)

describe('an answer', () => {
  test('comes with its usage', async () => {
    expect(await asking('one-piece.json').resultOf({ ...request, stream: false })).toEqual({
      provider: 'ollama',
      model: 'qwen3:8b',
      text: 'Hallo Größe 🚀',
      reasoning: 'They greet me.',
      content: [
        { type: 'reasoning', text: 'They greet me.' },
        { type: 'text', text: 'Hallo Größe 🚀' },
      ],
      toolCalls: [],
      reason: 'stop',
      usage: { inputTokens: 26, outputTokens: 298, source: 'reported' },
    })
  })

  const ending = (fields: object) => {
    const body = JSON.stringify({ message: { content: 'Hm' }, done: true, ...fields })
    return answered({ body }, provider).resultOf(request)
  }

  test.each([
    [{ done_reason: 'stop' }, 'stop'],
    [{}, 'stop'],
    [{ done_reason: 'length' }, 'length'],
    [{ done_reason: 'load' }, 'other'],
    [{ message: { tool_calls: [{ function: { name: 'f' } }] }, done_reason: 'stop' }, 'tool-calls'],
  ])('that ends with %j finishes as %s', async (fields, reason) => {
    const result = await ending(fields)
    expect(result.reason).toBe(reason)
    expect(result).not.toHaveProperty('usage')
  })

  test('counts a prompt that was still in memory as no input', async () => {
    const { usage } = await ending({ eval_count: 3 })
    expect(usage).toEqual({ inputTokens: 0, outputTokens: 3, source: 'reported' })
  })
})

describe('the description', () => {
  test('has models without a price, no credential, and prefill for those that do not think', () => {
    const { id, info } = ollama()
    expect(id).toBe('ollama')
    expect(info).toMatchObject({ name: 'Ollama', auth: 'none', streaming: true })
    expect(info.prefill).toBeUndefined()
    expect(info.models.every(({ reasoning, prefill }) => (prefill === true) === (reasoning === false))).toBe(true)
    expect(info.models.filter((model) => model.price !== undefined)).toEqual([])
  })

  test('is listed by the server: models()', async () => {
    const body = '{"models":[{"name":"gemma3","model":"gemma3:latest"},{"name":"old"},{"size":1}]}'
    const { provider: listing, sent } = answered({ body }, provider)
    expect(await listing.models?.()).toEqual([{ id: 'gemma3:latest' }, { id: 'old' }])
    expect(sent[0]).toMatchObject({ method: 'GET', url: 'http://127.0.0.1:11434/api/tags' })
    await expect(answered({ body: '{}' }, provider).provider.models?.()).rejects.toMatchObject({ code: 'malformed' })
  })
})

describe('embed()', () => {
  test('gives a vector for each text, in order', async () => {
    const body = '{"model":"m","embeddings":[[0.1,-0.2],[1,0]],"prompt_eval_count":4}'
    const { provider: embedding, lastBody, sent } = answered({ body }, provider)
    expect(await embedding.embed?.({ model: 'm', input: ['a', 'b'], dimensions: 2 })).toEqual({
      vectors: [
        [0.1, -0.2],
        [1, 0],
      ],
      inputTokens: 4,
    })
    expect(sent[0]?.url).toBe('http://127.0.0.1:11434/api/embed')
    expect(lastBody()).toEqual({ model: 'm', input: ['a', 'b'], dimensions: 2 })
  })

  test.each(['{}', '{"embeddings":[["1"]]}', '{"embeddings":[1]}', '{"embeddings":[]}', '{"embeddings":[[1],[2]]}'])(
    'refuses %s',
    async (body) => {
      const embedding = answered({ body }, provider).provider
      await expect(embedding.embed?.({ model: 'm', input: ['a'] })).rejects.toMatchObject({ code: 'malformed' })
    },
  )
})
