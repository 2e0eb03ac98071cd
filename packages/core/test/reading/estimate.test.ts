import { describe, expect, test } from 'vitest'
import type { ChatEvent, ChatRequest } from '../../src/chat.ts'
import { collect } from '../../src/reading/collect.ts'
import { ChatError } from '../../src/errors.ts'
import { estimateUsage } from '../../src/reading/estimate.ts'
import { partialOf } from '../../src/reading/partial.ts'
import { pipe, type Provider } from '../../src/provider.ts'
import { hello, info, rejection } from '../support/providers.ts'

const saying = (...steps: (ChatEvent | Error)[]): Provider => ({
  id: 'acme',
  info,
  async *stream() {
    yield { type: 'start', provider: 'acme', model: 'm1' }
    for (const step of steps) {
      if (step instanceof Error) throw step
      yield step
    }
  },
})
const text: ChatEvent = { type: 'text', text: 'Hello world, how are you today?' }

describe('usage', () => {
  test('that is not reported is estimated, and marked so', async () => {
    const { usage } = await collect(
      pipe(saying(text, { type: 'finish', reason: 'stop' }), estimateUsage()).stream(hello),
    )
    expect(usage).toMatchObject({ outputTokens: 8, source: 'estimated' })
    expect(usage?.inputTokens).toBeGreaterThan(4)
  })

  test('that is reported stays as it is', async () => {
    const reported = { inputTokens: 1, outputTokens: 2, source: 'reported' } as const
    const provider = saying(text, { type: 'finish', reason: 'stop', usage: reported })
    await expect(collect(pipe(provider, estimateUsage()).stream(hello))).resolves.toMatchObject({ usage: reported })
  })

  test('of a partial answer is estimated too', async () => {
    const partial = { provider: 'acme', model: 'm1', content: [], text: 'Hello world', toolCalls: [] }
    const provider = pipe(saying(text, new ChatError('truncated', 'cut', { partial })), estimateUsage())
    const error = await rejection(collect(provider.stream(hello)))
    expect(partialOf(error)?.usage).toMatchObject({ outputTokens: 2, source: 'estimated' })
  })

  test('includes reasoning and tool calls', async () => {
    const provider = saying(
      { type: 'reasoning', text: 'Let me think.' },
      { type: 'tool-call', id: '1', name: 'weather' },
      { type: 'tool-input', id: '1', text: '{"city":"Ulm"}' },
      { type: 'finish', reason: 'tool-calls' },
    )
    const { usage } = await collect(pipe(provider, estimateUsage({ countTokens: (part) => part.length })).stream(hello))
    expect(usage).toMatchObject({ reasoningTokens: 13, outputTokens: 13 + 'weather{"city":"Ulm"}'.length })
  })
})

test('the tools of a request are a part of its input', async () => {
  const provider = pipe(
    saying({ type: 'finish', reason: 'stop' }),
    estimateUsage({ countTokens: (part) => part.length }),
  )
  const inputOf = async (tools: ChatRequest['tools']): Promise<number | undefined> =>
    (await collect(provider.stream({ ...hello, tools }))).usage?.inputTokens
  const tools = [{ name: 'weather' }]
  expect(await inputOf(tools)).toBe(((await inputOf([])) ?? 0) + JSON.stringify(tools).length)
})

test('a very long word is split for the tokenizer, and counted in full', async () => {
  const parts: string[] = []
  const countTokens = (part: string): number => parts.push(part) && part.length
  const word = 'x'.repeat(100_000)
  const provider = saying({ type: 'text', text: word }, { type: 'finish', reason: 'stop' })
  const { usage } = await collect(pipe(provider, estimateUsage({ countTokens })).stream({ ...hello, messages: [] }))
  expect(usage?.outputTokens).toBe(word.length)
  expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(256)
})
