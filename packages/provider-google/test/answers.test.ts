import { answered } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { fixture, subject } from './subject.ts'

const { provider, request } = subject
const asking = (name: string) => answered(fixture(name), provider)

describe('an answer', () => {
  test('has its usage: thoughts count as output, cached tokens as input', async () => {
    expect(await asking('text.sse').resultOf(request)).toEqual({
      provider: 'google',
      model: 'gemini-3.8-flash',
      id: 'Il0taoSYJ5Cez7IPx',
      text: 'Hallo Größe 🚀 "ok"\n— 你好 🌊.',
      content: [{ type: 'text', text: 'Hallo Größe 🚀 "ok"\n— 你好 🌊.', signature: 'EjQKMgEMOdbHxo8M' }],
      toolCalls: [],
      reason: 'stop',
      usage: { inputTokens: 8, outputTokens: 42, cachedTokens: 4, reasoningTokens: 30, source: 'reported' },
    })
  })

  test.each([
    ['refusal.sse', 'content-filter'],
    ['parallel-tool-calls.sse', 'tool-calls'],
    ['empty.sse', 'stop'],
  ])('%s finishes as %s', async (name, reason) => {
    expect(await asking(name).resultOf(request)).toMatchObject({ reason })
  })

  test('is the error content-filter when the prompt is refused', async () => {
    await expect(asking('blocked-prompt.json').resultOf(request)).rejects.toMatchObject({
      code: 'content-filter',
      message: expect.stringContaining('PROHIBITED_CONTENT') as string,
    })
  })
})
