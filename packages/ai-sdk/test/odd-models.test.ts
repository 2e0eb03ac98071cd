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
})
