import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { fromLanguageModel } from '@rivulet/ai-sdk'
import { type ChatRequest, type ChatResult, collect } from '@rivulet/core'
import { describe, expect, it } from 'vitest'

const request: ChatRequest = { model: 'any', messages: [{ role: 'user', content: 'Hello' }] }

const streamOf = (parts: readonly unknown[]): ReadableStream<LanguageModelV4StreamPart> =>
  // What a model written without types gives may be anything.
  ReadableStream.from(parts as LanguageModelV4StreamPart[])

/** A model written without types. */
const odd = (parts: readonly unknown[], more: object = {}): LanguageModelV4 => ({
  specificationVersion: 'v4',
  provider: 'odd',
  modelId: 'm',
  supportedUrls: {},
  doGenerate: () => Promise.reject(new Error('not asked')),
  doStream: () => Promise.resolve({ stream: streamOf(parts) }),
  ...more,
})

const hello = [
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', delta: 'Hello' },
  { type: 'text-end', id: 't' },
]
const ended = { type: 'finish', finishReason: { unified: 'stop' } }
const answerOf = (parts: readonly unknown[], more?: object): Promise<ChatResult> =>
  collect(fromLanguageModel(odd(parts, more)).stream(request))

describe('a model that is written without types', () => {
  it.each([
    ['no usage', undefined, undefined],
    ['a usage of null', null, undefined],
    ['a usage without counts', { inputTokens: {}, outputTokens: undefined }, undefined],
    ['counts that are NaN', { inputTokens: { total: Number.NaN }, outputTokens: { total: Number.NaN } }, undefined],
    [
      'one count that is a number',
      { inputTokens: { total: 3, cacheRead: null }, outputTokens: { total: Number.NaN, reasoning: -1 } },
      { inputTokens: 3, outputTokens: 0, source: 'reported' },
    ],
  ])('gives its whole answer with %s', async (_, usage, expected) => {
    expect(await answerOf([...hello, { ...ended, usage }])).toMatchObject({ text: 'Hello', reason: 'stop' })
    expect((await answerOf([...hello, { ...ended, usage }])).usage).toEqual(expected)
  })

  it.each([[{ unified: 'unknown' }], ['stop'], [undefined], [null]])(
    'ends for another reason where its own is %j',
    async (finishReason) => {
      const answer = await answerOf([...hello, { type: 'finish', finishReason }])
      expect(answer).toMatchObject({ text: 'Hello', reason: 'other' })
    },
  )

  it.each([
    [undefined, undefined],
    [null, undefined],
    [[{ type: 'unsupported-setting', setting: 'topK' }], ['topK']],
    [['old', null, {}], ['old']],
    [[{ type: 'unsupported', feature: 7 }], undefined],
  ])('may warn in any shape: %j', async (warnings, dropped) => {
    const answer = await answerOf([{ type: 'stream-start', warnings }, ...hello, ended])
    expect(answer.text).toBe('Hello')
    expect(answer.dropped).toEqual(dropped)
  })

  it.each([[null], [{ type: 'tool-call', toolCallId: 'c', toolName: 'f', input: { a: 1 } }]])(
    'is malformed where a part is not one: %j',
    async (part) => {
      await expect(answerOf([...hello, part])).rejects.toMatchObject({ code: 'malformed', partial: { text: 'Hello' } })
    },
  )

  it.each([[undefined], [{}], [{ stream: 'Hello' }]])('is malformed where it gives no stream: %j', async (given) => {
    await expect(answerOf([], { doStream: () => Promise.resolve(given) })).rejects.toMatchObject({ code: 'malformed' })
  })

  it('fails with a ChatError where it throws at once, and where its URLs reject', async () => {
    const doStream = (): never => {
      throw new RangeError('boom')
    }
    await expect(answerOf([], { doStream })).rejects.toMatchObject({ code: 'network', provider: 'odd' })
    const supportedUrls = Promise.reject(new Error('no'))
    await expect(answerOf(hello, { supportedUrls })).rejects.toMatchObject({ code: 'network' })
  })

  it('is malformed where it finishes twice', async () => {
    await expect(answerOf([...hello, ended, ended])).rejects.toMatchObject({ code: 'malformed' })
  })
})

describe('the signal and the stream of a model', () => {
  it('are left alone where the reader has left before the model says which URLs it reads', async () => {
    let asked = 0
    const urls = Promise.withResolvers<Record<string, RegExp[]>>()
    const doStream = (): Promise<never> => {
      asked++
      return Promise.reject(new Error('aborted'))
    }
    const model = odd([], { doStream, supportedUrls: urls.promise })
    const reading = fromLanguageModel(model).stream(request)[Symbol.asyncIterator]()
    const first = reading.next()
    await reading.return?.()
    urls.resolve({})
    await first
    await new Promise((resolve) => void setImmediate(resolve))
    expect(asked).toBe(0)
  })

  it('are released where more than the end follows the finish, though it is no event', async () => {
    let cancelled = 0
    const stream = new ReadableStream({
      start(controller) {
        for (const part of [...hello, ended, { type: 'ping' }]) controller.enqueue(part)
      },
      cancel() {
        cancelled++
      },
    })
    const { text } = await answerOf([], { doStream: () => Promise.resolve({ stream }) })
    expect(text).toBe('Hello')
    expect(cancelled).toBe(1)
  })
})
