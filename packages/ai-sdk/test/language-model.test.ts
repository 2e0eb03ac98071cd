import type { LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { asLanguageModel } from '@rivulet/ai-sdk'
import { ChatError, type ChatEvent, pipe, retry } from '@rivulet/core'
import { failover } from '@rivulet/router'
import { APICallError } from 'ai'
import { describe, expect, it } from 'vitest'
import { partsOf, question, shapeOf } from './support/model-parts.ts'
import { saying } from './support/saying.ts'

const start: ChatEvent = { type: 'start', provider: 'acme', model: 'acme-1', id: 'a1' }
const text = (words: string, signature?: string): ChatEvent => ({
  type: 'text',
  text: words,
  ...(signature && { signature }),
})
const finish: ChatEvent = { type: 'finish', reason: 'stop' }
const broken = (code: ChatError['code'] = 'truncated'): ChatError =>
  new ChatError(code, `acme: ${code}`, { provider: 'acme' })
const call = (id: string): ChatEvent[] => [
  { type: 'tool-call', id, name: 'weather' },
  { type: 'tool-input', id, text: '{"city"' },
  { type: 'tool-input', id, text: ':"Bern"}' },
]

const partsFor = (...reads: (readonly ChatEvent[] | Error)[]): Promise<LanguageModelV4StreamPart[]> =>
  partsOf(asLanguageModel(saying(reads), 'm'))

describe('the model', () => {
  it('is one of the specification of ai 7', () => {
    const model = asLanguageModel(saying([]), 'm')
    expect(model).toMatchObject({ specificationVersion: 'v4', provider: 'river', modelId: 'm', supportedUrls: {} })
  })

  it('refuses an option that there is not', () => {
    // @ts-expect-error: a caller without types.
    expect(() => asLanguageModel(saying([]), 'm', { retries: 2 })).toThrow(/asLanguageModel.*retries/)
  })
})

describe('a stream', () => {
  it('begins with warnings and the model that answers, and ends with why and who', async () => {
    const parts = await partsFor(
      [{ ...start, dropped: ['topK'] }, text('Hi')],
      [{ ...finish, usage: undefined, skipped: 1 }],
    )
    expect(parts).toEqual([
      { type: 'stream-start', warnings: [{ type: 'unsupported', feature: 'topK' }] },
      { type: 'response-metadata', id: 'a1', modelId: 'acme-1' },
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'Hi' },
      { type: 'text-end', id: '0' },
      {
        type: 'finish',
        finishReason: { unified: 'stop', raw: undefined },
        usage: {
          inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
          outputTokens: { total: undefined, text: undefined, reasoning: undefined },
        },
        providerMetadata: { rivulet: { provider: 'acme', model: 'acme-1', dropped: ['topK'], skipped: 1 } },
      },
    ])
  })

  it('is read to its end, so that no layer waits for more of it', async () => {
    for (const reads of [[[start, text('Hi'), finish]], [[start, text('Hi')], [finish]]]) {
      const provider = saying(reads)
      await partsOf(asLanguageModel(provider, 'm'))
      expect(provider.ended).toBe(1)
    }
  })

  it('counts tokens as ai does, cached ones apart', async () => {
    const usage = {
      inputTokens: 100,
      outputTokens: 50,
      cachedTokens: 60,
      cacheWriteTokens: 10,
      reasoningTokens: 20,
      source: 'reported',
    } as const
    const parts = await partsFor([start, { ...finish, usage }])
    expect(parts.at(-1)).toMatchObject({
      usage: {
        inputTokens: { total: 100, noCache: 30, cacheRead: 60, cacheWrite: 10 },
        outputTokens: { total: 50, text: 30, reasoning: 20 },
      },
    })
  })

  it('keeps the order of a turn: a call is whole before what follows it', async () => {
    const parts = await partsFor([
      start,
      text('a'),
      ...call('c1'),
      { type: 'reasoning', text: 'b' },
      ...call('c2'),
      ...call('c3'),
      finish,
    ])
    expect(shapeOf(parts)).toBe(
      'stream-start response-metadata text-start text-delta text-end tool-input-start tool-input-delta tool-input-end tool-call reasoning-start reasoning-delta reasoning-end tool-input-start tool-input-delta tool-input-start tool-input-delta tool-input-end tool-call tool-input-end tool-call finish',
    )
  })

  it('gives a call whose input goes on after other content when it is whole', async () => {
    const [begin, first, rest] = call('c1')
    const parts = await partsFor([start, begin, first, text('…'), rest, finish].filter((event) => event !== undefined))
    const whole = parts.filter(({ type }) => type === 'tool-call')
    expect(whole).toEqual([{ type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: '{"city":"Bern"}' }])
  })

  it('fails on input for a call that was whole: a tool must not run with half of it', async () => {
    const parts = await partsFor(
      [start, ...call('c1'), text('…')],
      [{ type: 'tool-input', id: 'c1', text: '}' }, finish],
    )
    expect(parts.at(-2)).toMatchObject({ type: 'error', error: { data: { code: 'malformed' } } })
  })

  it('gives the input of a text tool as text, and as a JSON string when it is whole', async () => {
    const patch: ChatEvent[] = [
      { type: 'tool-call', id: 'c1', name: 'patch', format: 'text' },
      { type: 'tool-input', id: 'c1', text: '+ "a"' },
    ]
    const parts = await partsFor([start, ...patch, finish])
    expect(parts.find(({ type }) => type === 'tool-input-start')).toMatchObject({ inputEncoding: 'text' })
    expect(parts.find(({ type }) => type === 'tool-input-delta')).toMatchObject({ delta: '+ "a"' })
    expect(parts.find(({ type }) => type === 'tool-call')).toMatchObject({ input: '"+ \\"a\\""' })
  })

  it('has frames as they came where they are asked for', async () => {
    const raw: ChatEvent = { type: 'raw', dialect: 'openai-chat', label: 'as-is', data: '{"id":1}' }
    const provider = saying([[start, raw, text('Hi'), finish]])
    const parts = await partsOf(asLanguageModel(provider, 'm'), { includeRawChunks: true })
    expect(provider.asked[0]?.call.raw).toBe(true)
    expect(parts.find(({ type }) => type === 'raw')).toEqual({ type: 'raw', rawValue: { id: 1 } })
  })

  it('has a file that the model made, and as custom content what only one dialect has a word for', async () => {
    const image = { inlineData: { mimeType: 'image/png', data: 'iVBO' } }
    const search = { type: 'web_search_call', id: 'ws1' }
    const parts = await partsFor([
      start,
      { type: 'native', dialect: 'gemini', value: image },
      { type: 'native', dialect: 'openai-responses', value: search },
      finish,
    ])
    expect(parts.slice(2, 4)).toMatchObject([
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBO' } },
      { type: 'custom', kind: 'openai-responses.web_search_call', providerMetadata: { rivulet: { value: search } } },
    ])
  })

  it.each<[string, Record<string, unknown>]>([
    [
      'openai-chat',
      { annotations: [{ type: 'url_citation', url_citation: { url: 'https://a.example', title: 'A' } }] },
    ],
    ['openai-responses', { type: 'url_citation', url: 'https://a.example', title: 'A' }],
    ['anthropic-messages', { type: 'web_search_tool_result', content: [{ url: 'https://a.example', title: 'A' }] }],
    ['gemini', { groundingMetadata: { groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }] } }],
  ])('names the pages that an answer of %s is from', async (dialect, value) => {
    const parts = await partsFor([start, { type: 'native', dialect, value }, finish])
    expect(parts.filter(({ type }) => type === 'source')).toMatchObject([
      { sourceType: 'url', url: 'https://a.example', title: 'A' },
    ])
  })

  it('asks for approval of a remote call', async () => {
    const value = { type: 'mcp_approval_request', id: 'mcpr_1', name: 'delete', arguments: '{"all":true}' }
    const parts = await partsFor([start, { type: 'native', dialect: 'openai-responses', value }, finish])
    expect(parts.slice(2, 4)).toMatchObject([
      {
        type: 'tool-call',
        toolCallId: 'mcpr_1',
        toolName: 'mcp.delete',
        providerExecuted: true,
        input: '{"all":true}',
      },
      { type: 'tool-approval-request', approvalId: 'mcpr_1', toolCallId: 'mcpr_1' },
    ])
  })
})

describe('an answer that breaks', () => {
  it.each([
    ['truncated', 'interrupted'],
    ['network', 'interrupted'],
    ['timeout', 'interrupted'],
    ['overloaded', 'error'],
    ['content-filter', 'error'],
  ] as const)(
    'by %s after its first content is an error part, a finish that says %s, and nothing else',
    async (code, unified) => {
      const parts = await partsFor([start, text('Half')], broken(code))
      expect(shapeOf(parts.slice(-4))).toBe('text-delta text-end error finish')
      expect(parts.at(-2)).toMatchObject({ error: { cause: { code } } })
      expect(parts.at(-1)).toMatchObject({ finishReason: { unified, raw: code } })
    },
  )

  it('gives no call as whole whose answer is not', async () => {
    const parts = await partsFor([start, ...call('c1')], broken())
    expect(parts.map(({ type }) => type)).not.toContain('tool-call')
  })

  it('rejects before its first content, so that ai may ask again', async () => {
    const model = asLanguageModel(saying([[start], broken('overloaded')]), 'm')
    const error: unknown = await Promise.resolve(model.doStream(question)).catch((reason: unknown) => reason)
    expect(APICallError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({ isRetryable: true, cause: { code: 'overloaded' } })
  })

  it.each([
    ['a group', () => failover([saying([broken('overloaded')]), saying([broken('overloaded')])])],
    ['a provider with retry()', () => pipe(saying([broken('overloaded')]), retry({ attempts: 2, backoffMs: 0 }))],
  ])('is not retryable of %s: attempts have been made', async (_, made) => {
    const model = asLanguageModel(made(), 'm')
    await expect(model.doStream(question)).rejects.toMatchObject({ isRetryable: false })
  })

  it('says how long to wait in the header that ai reads', async () => {
    const busy = new ChatError('rate-limited', 'acme: busy', { retryAfterMs: 1_500, status: 429 })
    const model = asLanguageModel(saying([busy]), 'm')
    const expected = { statusCode: 429, responseHeaders: { 'retry-after-ms': '1500' }, isRetryable: true }
    await expect(model.doStream(question)).rejects.toMatchObject(expected)
  })

  it('does not repeat the conversation in its error', async () => {
    const model = asLanguageModel(saying([broken()]), 'm')
    await expect(model.doStream(question)).rejects.toMatchObject({ requestBodyValues: { model: 'm' } })
  })

  it('fails where a provider starts over all the same: parts were given', async () => {
    const restart: ChatEvent = { type: 'restart', from: 'acme', reason: 'network', message: 'acme: gone' }
    const provider = saying([
      [start, text('Half')],
      [restart, start, text('All'), finish],
    ])
    const parts = await partsOf(asLanguageModel(provider, 'm'))
    expect(parts.at(-1)).toMatchObject({ finishReason: { unified: 'interrupted', raw: 'network' } })
    expect(JSON.stringify(parts)).not.toContain('"All"')
    expect(provider.closed).toBe(1)
  })

  it('goes on where the provider is told to continue', async () => {
    const resume: ChatEvent = { type: 'resume', from: 'acme', reason: 'network', message: 'acme: gone' }
    const provider = saying([
      [start, text('Hel')],
      [resume, { ...start, provider: 'bcme' }, text('lo'), finish],
    ])
    const parts = await partsOf(asLanguageModel(provider, 'm', { onBreak: ['continue', 'restart'] }))
    expect(provider.asked[0]?.call.onBreak).toBe('continue')
    expect(parts.filter(({ type }) => type.startsWith('text'))).toHaveLength(4)
    expect(parts.at(-1)).toMatchObject({ providerMetadata: { rivulet: { provider: 'bcme' } } })
  })

  it('asks for no restart of a stream, also where the group was told to', async () => {
    const member = saying([[start, text('Hi'), finish]])
    await partsOf(asLanguageModel(failover([member, saying([])], { onBreak: 'restart' }), 'm'))
    const alone = saying([[start, text('Hi'), finish]])
    await partsOf(asLanguageModel(alone, 'm', { onBreak: 'restart' }))
    expect(alone.asked[0]?.call.onBreak).toBe('fail')
  })
})

describe('an answer in one piece', () => {
  it('starts over after a break, and asks at most as often as the plain calls', async () => {
    const provider = saying([[start, text('Half')], broken()])
    const model = asLanguageModel(provider, 'm', { retry: { attempts: 2, backoffMs: 0 } })
    await expect(model.doGenerate(question)).rejects.toMatchObject({ isRetryable: false, cause: { code: 'truncated' } })
    expect(provider.asked).toHaveLength(2)
  })

  it('is asked once where retries are turned off', async () => {
    const provider = saying([broken()])
    await expect(asLanguageModel(provider, 'm', { retry: false }).doGenerate(question)).rejects.toThrow('truncated')
    expect(provider.asked).toHaveLength(1)
  })
})

describe('a caller who leaves', () => {
  const pieces = Array.from({ length: 50 }, (_, at) => [text(`${at} `)])

  it('closes the provider by a cancel of the stream', async () => {
    const provider = saying([[start], ...pieces, [finish]])
    const { stream } = await asLanguageModel(provider, 'm').doStream(question)
    const reader = stream.getReader()
    await reader.read()
    await reader.cancel()
    expect(provider.closed).toBe(1)
  })

  it('gets the own reason of an abort, before the first content and after it', async () => {
    const reason = new Error('enough')
    const caller = new AbortController()
    const { stream } = await asLanguageModel(saying([[start], ...pieces, [finish]]), 'm').doStream({
      ...question,
      abortSignal: caller.signal,
    })
    const reader = stream.getReader()
    await reader.read()
    caller.abort(reason)
    await expect(restOf(reader)).rejects.toBe(reason)
    const before = asLanguageModel(saying([[start], ...pieces]), 'm').doStream({
      ...question,
      abortSignal: AbortSignal.abort(reason),
    })
    await expect(before).rejects.toBe(reason)
  })

  it('is not read ahead of: a slow reader slows the provider', async () => {
    const provider = saying([[start], ...pieces, [finish]])
    let reads = 0
    const counting = {
      ...provider,
      stream: (...args: Parameters<typeof provider.stream>) => counted(provider.stream(...args), () => reads++),
    }
    const { stream } = await asLanguageModel(counting, 'm').doStream(question)
    await stream.getReader().read()
    expect(reads).toBeLessThan(5)
  })
})

async function* counted(events: AsyncIterable<ChatEvent>, count: () => void): AsyncGenerator<ChatEvent, undefined> {
  for await (const event of events) {
    count()
    yield event
  }
}

async function restOf(reader: ReadableStreamDefaultReader<unknown>): Promise<void> {
  for (let read = await reader.read(); !read.done;) read = await reader.read()
}

describe('calls of an endpoint that mixes them', () => {
  const inputsOf = async (...events: ChatEvent[]): Promise<string[]> => {
    const begun: ChatEvent = { type: 'start', provider: 'acme', model: 'm' }
    const answer: ChatEvent[] = [begun, ...events, { type: 'finish', reason: 'tool-calls' }]
    const { stream } = await asLanguageModel(saying([answer]), 'm').doStream(question)
    const parts = await Array.fromAsync(stream)
    return parts.flatMap((part) => (part.type === 'tool-call' ? [part.input] : []))
  }
  const call: ChatEvent = { type: 'tool-call', id: 'c1', name: 'weather' }
  const input = (words: string): ChatEvent => ({ type: 'tool-input', id: 'c1', text: words })
  const aside: ChatEvent = { type: 'text', text: 'Let me see.' }

  it('have all of their input, though a text comes before it', async () => {
    expect(await inputsOf(call, aside, input('{"city":'), input('"Bern"}'))).toEqual(['{"city":"Bern"}'])
    expect(await inputsOf(call, aside)).toEqual(['{}'])
  })

  it('are all given where two have one id', async () => {
    expect(await inputsOf(call, input('{"a":1}'), call, input('{"a":2}'))).toEqual(['{"a":1}', '{"a":2}'])
    expect(await inputsOf(call, input('1'), call, aside, input('2'))).toEqual(['1', '2'])
  })
})
