import { toMessage } from '@rivulet/core'
import { answered, testCredential, testErrors, testProvider, type GivenAnswer } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { anthropic } from '../src/index.ts'
import { fixture, KEY, subject } from './subject.ts'

const { provider, request } = subject
const runner = { describe, it }

testProvider({ runner, ...subject })
testErrors({ runner, ...subject, errors: new URL('fixtures/errors.json', import.meta.url) })
testCredential({
  runner,
  ...subject,
  factory: anthropic,
  option: 'apiKey',
  variable: 'ANTHROPIC_API_KEY',
  sent: (key) => ({
    method: 'POST',
    url: 'https://api.anthropic.com/v1/messages',
    headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: { model: 'claude-opus-5-5', max_tokens: 128_000, messages: request.messages, stream: true },
  }),
})

/** An endpoint that says this fixture, and holds the request to what is named. */
const asking = (name: string, asked: GivenAnswer['request'] = {}) =>
  answered({ ...fixture(name), request: asked }, provider)

test.each([
  ['claude-opus-5-5', 'none', { max_tokens: 128_000, output_config: { effort: 'low' } }],
  ['claude-sonnet-5-5', 'none', { max_tokens: 128_000, thinking: { type: 'between_tools' } }],
  ['claude-opus-5', 'none', { max_tokens: 128_000, thinking: { type: 'disabled' } }],
  ['claude-haiku-4-5-20251001', 'low', { max_tokens: 64_000, thinking: { type: 'enabled', budget_tokens: 4096 } }],
] as const)('%s is asked for reasoning %s as that model takes it', async (model, reasoning, expected) => {
  expect(await asking('text.sse').bodyOf({ ...request, model, reasoning })).toMatchObject(expected)
})

describe('an answer', () => {
  test('comes with its usage: cached tokens and reasoning tokens too', async () => {
    expect(await asking('one-piece.json').resultOf({ ...request, stream: false })).toEqual({
      provider: 'anthropic',
      model: 'claude-opus-5-5',
      id: 'msg_01Yw',
      content: [
        { type: 'reasoning', text: 'They greet me.', signature: 'EqQBCgIYAhIM' },
        { type: 'text', text: 'Hallo Größe 🚀' },
      ],
      text: 'Hallo Größe 🚀',
      reasoning: 'They greet me.',
      toolCalls: [],
      reason: 'stop',
      usage: {
        inputTokens: 16,
        outputTokens: 17,
        cachedTokens: 4,
        cacheWriteTokens: 0,
        reasoningTokens: 6,
        source: 'reported',
      },
    })
  })

  test.each([
    ['refusal.sse', 'content-filter'],
    ['parallel-tool-calls.sse', 'tool-calls'],
    ['empty.sse', 'stop'],
  ])('%s finishes as %s', async (name, reason) => {
    expect(await asking(name).resultOf(request)).toMatchObject({ reason })
  })

  test('with a search of the vendor’s own goes back as it was', async () => {
    const turn = toMessage(await asking('web-search.sse').resultOf(request))
    const messages = [...request.messages, turn, { role: 'user' as const, content: 'Why?' }]
    const body = await asking('text.sse').bodyOf({ ...request, messages })
    expect(body).toMatchObject({
      messages: [
        { role: 'user' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'I look it up.' },
            { type: 'server_tool_use', id: 'srvtoolu_01A', name: 'web_search', input: { query: 'Größe 🌊' } },
            { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_01A', content: [{ title: 'Waves' }] },
            { type: 'text', text: ' They are high.', citations: [{ cited_text: 'They are high.' }] },
          ],
        },
        { role: 'user' },
      ],
    })
  })

  test('goes back with its reasoning, signed and encrypted', async () => {
    const turn = toMessage(await asking('reasoning.sse').resultOf(request))
    expect(turn).toMatchObject({
      origin: { provider: 'anthropic', model: 'claude-opus-5-5' },
      content: [
        { type: 'reasoning', text: '27 is 3 × 9.', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3h' },
        { type: 'reasoning', text: '', sealed: 'EmwKAhgBEgy3va3pzix' },
        { type: 'text', text: 'No, it is not prime.' },
      ],
    })
    const messages = [...request.messages, turn, { role: 'user' as const, content: 'Why?' }]
    expect(await asking('text.sse').bodyOf({ ...request, messages })).toEqual({
      model: 'claude-opus-5-5',
      max_tokens: 128_000,
      messages: [
        { role: 'user', content: 'Hello' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: '27 is 3 × 9.', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3h' },
            { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix' },
            { type: 'text', text: 'No, it is not prime.' },
          ],
        },
        { role: 'user', content: 'Why?' },
      ],
      stream: true,
    })
  })
})

describe('the description', () => {
  test('has models with their limits and prices, none of them 0, and prefill for those before 4.6', () => {
    const { id, info } = anthropic()
    expect(id).toBe('anthropic')
    expect(info).toMatchObject({ name: 'Anthropic', auth: 'required', streaming: true })
    expect(info.prefill).toBeUndefined()
    expect(info.models.filter(({ prefill }) => prefill !== undefined).map(({ id }) => id)).toEqual([
      'claude-haiku-4-5',
      'claude-opus-4-5',
      'claude-sonnet-4-5',
    ])
    expect(new Set(info.models.map((model) => model.id)).size).toBe(info.models.length)
    for (const model of info.models) {
      expect(model.contextTokens).toBeGreaterThanOrEqual(200_000)
      expect(model.outputTokens).toBeGreaterThanOrEqual(64_000)
      for (const price of Object.values(model.price ?? {})) expect(price).toBeGreaterThan(0)
      expect(model.price?.cacheWrite1h).toBe(2 * (model.price?.input ?? 0))
      for (const fact of ['thinking', 'efforts', 'forcedTools']) expect(model).not.toHaveProperty(fact)
    }
  })

  test('is listed by the endpoint: models()', async () => {
    const asked = {
      method: 'GET',
      url: 'https://api.anthropic.com/v1/models?limit=1000',
      headers: { 'x-api-key': KEY },
    }
    expect(await asking('models.json', asked).provider.models?.()).toEqual([
      {
        id: 'claude-opus-5-5',
        name: 'Claude Opus 5.5',
        contextTokens: 1_000_000,
        outputTokens: 128_000,
        inputs: ['text', 'image', 'file'],
        reasoning: true,
      },
      { id: 'claude-old', name: 'Claude Old' },
    ])
    await expect(asking('one-piece.json').provider.models?.()).rejects.toMatchObject({ code: 'malformed' })
  })
})
