import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4StreamPart,
  type LanguageModelV4Usage,
  LoadAPIKeyError,
} from '@ai-sdk/provider'
import { asLanguageModel, fromLanguageModel } from '@rivulet/ai-sdk'
import { chat, ChatError, type ChatRequest, collect, partialOf } from '@rivulet/core'
import { failover } from '@rivulet/router'
import { ManualClock } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { saying } from './support/saying.ts'

const usage: LanguageModelV4Usage = {
  inputTokens: { total: 3, noCache: 1, cacheRead: 2, cacheWrite: undefined },
  outputTokens: { total: undefined, text: 4, reasoning: 1 },
}
const finish = (
  unified: 'stop' | 'tool-calls' | 'length' | 'error' | 'interrupted' = 'stop',
): LanguageModelV4StreamPart => ({
  type: 'finish',
  finishReason: { unified, raw: undefined },
  usage,
})
const text = (...deltas: string[]): LanguageModelV4StreamPart[] => [
  { type: 'text-start', id: 't' },
  ...deltas.map((delta) => ({ type: 'text-delta' as const, id: 't', delta })),
  { type: 'text-end', id: 't' },
]

/** A model that gives these parts, and then fails with an error if there is one. */
function theirs(parts: readonly LanguageModelV4StreamPart[], error?: unknown, more: Partial<LanguageModelV4> = {}) {
  const asked: LanguageModelV4CallOptions[] = []
  const seen = { cancelled: 0 }
  const model: LanguageModelV4 = {
    specificationVersion: 'v4',
    provider: 'vendor.chat',
    modelId: 'v-1',
    supportedUrls: { 'image/*': [/^https:/] },
    doGenerate: () => Promise.reject(new Error('not asked')),
    doStream: async (options) => {
      asked.push(options)
      let at = 0
      const stream = new ReadableStream<LanguageModelV4StreamPart>({
        pull(controller) {
          const part = parts[at++]
          if (part !== undefined) controller.enqueue(part)
          else if (error === undefined) controller.close()
          else controller.error(error)
        },
        cancel() {
          seen.cancelled++
        },
      })
      return { stream }
    },
    ...more,
  }
  return { model, provider: fromLanguageModel(model), asked, seen }
}

const request: ChatRequest = { model: 'any', messages: [{ role: 'user', content: 'Hello' }] }
const failureOf = (...given: Parameters<typeof theirs>): Promise<ChatError> =>
  collect(theirs(...given).provider.stream(request)).then(
    () => expect.unreachable(),
    (error: unknown) => error as ChatError,
  )

describe('a model as a provider', () => {
  it('has the id and the model of the model, and reads the options of its vendor', () => {
    const { provider } = theirs([])
    expect(provider).toMatchObject({
      id: 'vendor.chat',
      info: { models: [{ id: 'v-1' }], extraKeys: ['vendor.chat', 'vendor', 'ai-sdk'] },
    })
  })

  it.each([[undefined], ['gpt-5'], [{ specificationVersion: 'v3' }]])('is none of %j', (model) => {
    expect(() => fromLanguageModel(model as never)).toThrow(/specification v4.*wrapLanguageModel/)
  })

  it('gives its answer, with what the model leaves out as dropped', async () => {
    const { provider } = theirs([
      {
        type: 'stream-start',
        warnings: [
          { type: 'unsupported', feature: 'topK' },
          { type: 'other', message: 'old' },
        ],
      },
      { type: 'response-metadata', id: 'r1', modelId: 'v-1-2026' },
      { type: 'ping' },
      ...text('Hel', '', 'lo'),
      finish(),
    ])
    expect(await collect(provider.stream(request))).toEqual({
      provider: 'vendor.chat',
      model: 'v-1-2026',
      id: 'r1',
      content: [{ type: 'text', text: 'Hello' }],
      text: 'Hello',
      toolCalls: [],
      dropped: ['topK', 'old'],
      reason: 'stop',
      usage: { inputTokens: 3, outputTokens: 5, cachedTokens: 2, reasoningTokens: 1, source: 'reported' },
    })
  })

  it('gives its metadata back to it, and to no other model', async () => {
    const signed: LanguageModelV4StreamPart[] = [
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: 'Hm.' },
      { type: 'reasoning-end', id: 'r', providerMetadata: { vendor: { signature: 'Eq' } } },
      { type: 'tool-input-start', id: 'c1', toolName: 'weather' },
      { type: 'tool-input-delta', id: 'c1', delta: '{}' },
      {
        type: 'tool-call',
        toolCallId: 'c1',
        toolName: 'weather',
        input: '{}',
        providerMetadata: { vendor: { itemId: 'fc1' } },
      },
      finish('tool-calls'),
    ]
    const { provider, asked } = theirs(signed)
    const tools = [{ name: 'weather' }]
    const { content, model } = await collect(provider.stream({ ...request, tools }))
    const turn = (by: string): ChatRequest => ({
      ...request,
      tools,
      messages: [
        ...request.messages,
        { role: 'assistant', content, origin: { provider: by, model } },
        { role: 'tool', toolCallId: 'c1', content: 'sunny' },
      ],
    })
    await collect(provider.stream(turn('vendor.chat')))
    const another = await collect(provider.stream(turn('acme')))
    const result = {
      type: 'tool-result',
      toolCallId: 'c1',
      toolName: 'weather',
      output: { type: 'text', value: 'sunny' },
    }
    const call = { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: {} }
    expect(asked[1]?.prompt.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', providerOptions: { vendor: { signature: 'Eq' } } },
          { ...call, providerOptions: { vendor: { itemId: 'fc1' } } },
        ],
      },
      { role: 'tool', content: [result] },
    ])
    expect(asked[2]?.prompt.slice(1)).toEqual([
      { role: 'assistant', content: [call] },
      { role: 'tool', content: [result] },
    ])
    expect(another.dropped).toContain('reasoning of another model')
  })

  it('leaves calls that the vendor runs to the vendor, and gives them back', async () => {
    const own: LanguageModelV4StreamPart[] = [
      { type: 'tool-input-start', id: 's1', toolName: 'search', providerExecuted: true },
      { type: 'tool-input-delta', id: 's1', delta: '{"q":' },
      { type: 'tool-call', toolCallId: 's1', toolName: 'search', input: '{"q":"sky"}', providerExecuted: true },
      { type: 'tool-result', toolCallId: 's1', toolName: 'search', result: { hits: 1 } },
      { type: 'source', sourceType: 'url', id: 'u1', url: 'https://a.example' },
      ...text('Blue.'),
      finish(),
    ]
    const { provider, asked } = theirs(own)
    const answer = await collect(provider.stream(request))
    expect(answer).toMatchObject({ text: 'Blue.', toolCalls: [] })
    const messages: ChatRequest['messages'] = [...request.messages, { role: 'assistant', content: answer.content }]
    await collect(provider.stream({ ...request, messages }))
    expect(asked[1]?.prompt[1]).toMatchObject({
      content: [
        { type: 'tool-call', toolCallId: 's1', input: { q: 'sky' }, providerExecuted: true },
        { type: 'tool-result', toolCallId: 's1', output: { type: 'json', value: { hits: 1 } } },
        { type: 'text', text: 'Blue.' },
      ],
    })
  })
})

describe('a failure of a model', () => {
  const half = text('Half').slice(0, -1)

  it.each([
    [
      'an error part in words',
      [...half, { type: 'error', error: 'Overloaded' }, finish('error')],
      undefined,
      'overloaded',
    ],
    [
      'an error part of a vendor',
      [{ type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } }],
      undefined,
      'rate-limited',
    ],
    ['a finish that says error', [...half, finish('error')], undefined, 'overloaded'],
    ['a finish that says interrupted', [...half, finish('interrupted')], undefined, 'truncated'],
    ['an end without a finish', half, undefined, 'truncated'],
    ['a connection that breaks in the answer', half, new TypeError('terminated'), 'truncated'],
    ['a connection that breaks before the answer', [], new TypeError('fetch failed'), 'network'],
    ['a key that is missing', [], new LoadAPIKeyError({ message: 'no key' }), 'auth'],
  ] as [string, LanguageModelV4StreamPart[], unknown, string][])(
    'is a ChatError: %s',
    async (_, parts, error, code) => {
      const failure = await failureOf(parts, error)
      expect(failure).toBeInstanceOf(ChatError)
      expect(failure.code).toBe(code)
      expect(partialOf(failure)?.text).toBe(parts.length > 1 ? 'Half' : undefined)
    },
  )

  it('has the code that the status and its words mean, and the wait', async () => {
    const failed = (statusCode: number, responseBody: string): APICallError =>
      new APICallError({
        message: 'no',
        url: 'https://v.example',
        requestBodyValues: {},
        statusCode,
        responseBody,
        responseHeaders: { 'retry-after': '2' },
      })
    const doStream = (error: Error): Partial<LanguageModelV4> => ({ doStream: () => Promise.reject(error) })
    const quota = failed(429, '{"error":{"code":"insufficient_quota","message":"No credit"}}')
    expect(await failureOf([], undefined, doStream(quota))).toMatchObject({
      code: 'quota',
      status: 429,
      message: 'vendor.chat: HTTP 429: No credit',
    })
    expect(await failureOf([], undefined, doStream(failed(503, '<html>')))).toMatchObject({
      code: 'overloaded',
      retryAfterMs: 2_000,
    })
    expect(await failureOf([], undefined, doStream(failed(200, 'not JSON')))).toMatchObject({ code: 'truncated' })
  })

  it('keeps its code when the model is one of ours', async () => {
    const refused = new ChatError('content-filter', 'acme: refused', { provider: 'acme' })
    const provider = fromLanguageModel(asLanguageModel(saying([refused]), 'm'))
    await expect(collect(provider.stream(request))).rejects.toBe(refused)
  })

  it('moves on to the next member of a group', async () => {
    const group = failover([
      theirs([], new TypeError('fetch failed')).provider,
      theirs([...text('Hi'), finish()]).provider,
    ])
    expect((await collect(group.stream(request))).text).toBe('Hi')
  })

  it('is a truncated call where its input breaks off, unless the answer was too long', async () => {
    const cut: LanguageModelV4StreamPart[] = [
      { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: '{"city":"Be' },
    ]
    expect((await failureOf([...cut, finish('tool-calls')])).code).toBe('truncated')
    const { provider } = theirs([...cut, finish('length')])
    expect(await collect(provider.stream(request))).toMatchObject({ reason: 'length' })
  })

  it('is malformed where a call says another input than its pieces', async () => {
    const parts: LanguageModelV4StreamPart[] = [
      { type: 'tool-input-start', id: 'c1', toolName: 'pay' },
      { type: 'tool-input-delta', id: 'c1', delta: '{"eur":1}' },
      { type: 'tool-call', toolCallId: 'c1', toolName: 'pay', input: '{"eur":100}' },
      finish('tool-calls'),
    ]
    expect((await failureOf(parts)).code).toBe('malformed')
  })
})

it('a model that stays silent misses a deadline, and a group asks its next member', async () => {
  const clock = new ManualClock()
  const silent: Partial<LanguageModelV4> = { doStream: () => new Promise<never>(() => undefined) }
  const { model } = theirs([], undefined, silent)
  const slow = fromLanguageModel(model, { deadlines: { firstTokenMs: 1_000, clock } })
  const reading = collect(failover([slow, theirs([...text('Hi'), finish()]).provider]).stream(request))
  await clock.advance(1_000)
  expect((await reading).text).toBe('Hi')
})

describe('a caller who leaves', () => {
  it('cancels the stream of the model and aborts its call', async () => {
    const { provider, asked, seen } = theirs([...text('a', 'b', 'c'), finish()])
    for await (const event of provider.stream(request)) if (event.type === 'text') break
    expect(seen.cancelled).toBe(1)
    expect(asked[0]?.abortSignal?.aborted).toBe(true)
  })

  it('gets the own reason of an abort', async () => {
    const { provider } = theirs([], undefined, { doStream: () => new Promise<never>(() => undefined) })
    const caller = new AbortController()
    const reading = collect(provider.stream(request, { signal: caller.signal }))
    const reason = new Error('enough')
    caller.abort(reason)
    await expect(reading).rejects.toBe(reason)
  })
})

describe('a request becomes a call', () => {
  const callOf = async (more: Partial<ChatRequest>, model: Partial<LanguageModelV4> = {}) => {
    const { provider, asked } = theirs([...text('Hi'), finish()], undefined, model)
    const { dropped } = await collect(provider.stream({ ...request, ...more }, { headers: { 'x-a': 'b' } }))
    return { call: asked[0], dropped }
  }

  it('with every setting', async () => {
    const { call, dropped } = await callOf({
      maxTokens: 10,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      stop: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      reasoning: 'low',
      parallelToolCalls: false,
      toolChoice: { name: 'weather' },
      tools: [{ name: 'weather', description: 'The weather', strict: true, cache: '5m' }],
      responseFormat: { name: 'river', schema: { type: 'object' } },
      extra: { vendor: { tier: 'flex' }, 'ai-sdk': { other: { a: 1 } } },
    })
    expect(call).toMatchObject({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      maxOutputTokens: 10,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      stopSequences: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      reasoning: 'low',
      toolChoice: { type: 'tool', toolName: 'weather' },
      tools: [
        {
          type: 'function',
          name: 'weather',
          description: 'The weather',
          strict: true,
          inputSchema: { type: 'object', properties: {} },
        },
      ],
      responseFormat: { type: 'json', name: 'river', schema: { type: 'object' } },
      headers: { 'x-a': 'b' },
      providerOptions: { vendor: { tier: 'flex' }, other: { a: 1 } },
    })
    expect(dropped).toEqual(['parallelToolCalls'])
  })

  it('with text tools as such where the model has them, else as functions', async () => {
    const tools = [{ type: 'text', name: 'patch', grammar: { syntax: 'regex', definition: 'a' } }] as const
    const custom = await callOf({ tools }, { provider: 'openai.responses' })
    expect(custom.call?.tools).toMatchObject([
      { type: 'provider', id: 'openai.custom', name: 'patch', args: { format: { type: 'grammar', syntax: 'regex' } } },
    ])
    const parts: LanguageModelV4StreamPart[] = [
      { type: 'tool-call', toolCallId: 'c1', toolName: 'patch', input: '{"input":"+a"}' },
      finish('tool-calls'),
    ]
    const { provider, asked } = theirs(parts)
    const answer = await collect(provider.stream({ ...request, tools }))
    expect(asked[0]?.tools).toMatchObject([{ type: 'function', name: 'patch' }])
    expect(answer.toolCalls).toEqual([{ type: 'tool-call', id: 'c1', name: 'patch', input: '+a', format: 'text' }])
    expect(answer.dropped).toEqual(["tool 'patch' sent as a function"])
  })

  it('with images and files by their data, and by a URL that the model reads', async () => {
    const { call } = await callOf({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', url: 'https://a.example/b.png' },
            { type: 'file', url: 'data:application/pdf;base64,AQI=', name: 'a.pdf' },
          ],
        },
      ],
    })
    expect(call?.prompt).toMatchObject([
      {
        content: [
          { type: 'file', mediaType: 'image/*', data: { type: 'url', url: new URL('https://a.example/b.png') } },
          { type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: 'AQI=' }, filename: 'a.pdf' },
        ],
      },
    ])
    const file = [{ role: 'user' as const, content: [{ type: 'file' as const, url: 'https://a.example/b.pdf' }] }]
    await expect(callOf({ messages: file })).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('but not with a tool of another vendor: a group asks its next member', async () => {
    const tools = [{ type: 'native', dialect: 'gemini', value: { googleSearch: {} } }] as const
    await expect(callOf({ tools })).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('in one piece where that is asked for', async () => {
    const doGenerate: LanguageModelV4['doGenerate'] = async () => ({
      content: [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: 'Hi' },
      ],
      finishReason: { unified: 'stop', raw: 'end' },
      usage,
      warnings: [],
      response: { id: 'r1', modelId: 'v-2' },
    })
    const { provider, asked } = theirs([], undefined, { doGenerate })
    const answer = await collect(provider.stream({ ...request, stream: false }))
    expect(answer).toMatchObject({ model: 'v-2', id: 'r1', text: 'Hi', reasoning: 'Hm.', reason: 'stop' })
    expect(asked).toEqual([])
  })

  it('and a mistake in it is a TypeError at the call', () => {
    const { provider } = theirs([])
    // @ts-expect-error: a caller without types.
    expect(() => provider.stream({ ...request, temprature: 1 })).toThrow(/temperature/)
    expect(() => provider.stream({ ...request, extra: { vendr: {} } })).toThrow(/vendor/)
  })
})

it('keeps what had come of an answer in one piece that is not whole, and a group hides it', async () => {
  const { provider } = theirs([], undefined, {
    doGenerate: () =>
      Promise.resolve({
        content: [{ type: 'text', text: 'Hel' }],
        finishReason: { unified: 'interrupted', raw: undefined },
        usage,
        warnings: [],
      }),
  })
  const whole = { ...request, stream: false }
  await expect(collect(provider.stream(whole))).rejects.toMatchObject({ code: 'truncated', partial: { text: 'Hel' } })
  const next = saying([
    [
      { type: 'start', provider: 'acme', model: 'm' },
      { type: 'text', text: 'All' },
      { type: 'finish', reason: 'stop' },
    ],
  ])
  expect((await collect(failover([provider, next]).stream(whole))).text).toBe('All')
})

it('a break starts over in the plain calls, as with any provider', async () => {
  let calls = 0
  const doStream: LanguageModelV4['doStream'] = async () => {
    const parts = calls++ === 0 ? text('Half') : [...text('All'), finish()]
    return { stream: ReadableStream.from(parts) }
  }
  const { provider } = theirs([], undefined, { doStream })
  const { complete } = chat(provider, { retry: { backoffMs: 0 } })
  expect((await complete('Hello')).text).toBe('All')
  expect(calls).toBe(2)
})

it('leaves out a turn of which nothing is for the model: vendors refuse one without content', async () => {
  const { provider, asked } = theirs([...text('Hi'), finish()])
  const reasoning = { type: 'reasoning' as const, text: 'Hm.' }
  const messages: ChatRequest['messages'] = [
    ...request.messages,
    { role: 'assistant', content: [reasoning], origin: { provider: 'acme', model: 'm' } },
    { role: 'user', content: 'So?' },
  ]
  const { dropped } = await collect(provider.stream({ ...request, messages }))
  expect(asked[0]?.prompt.map(({ role }) => role)).toEqual(['user', 'user'])
  expect(dropped).toEqual(['reasoning of another model'])
})
