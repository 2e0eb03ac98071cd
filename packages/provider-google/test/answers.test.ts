import { answered } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { fixture, subject } from './subject.ts'

const { provider, request } = subject
const asking = (name: string) => answered(fixture(name), provider)

describe('an answer', () => {
  test('is told with its usage: thoughts are output, what the cache gave is input', async () => {
    expect(await asking('text.sse').resultOf(request)).toEqual({
      provider: 'google',
      model: 'gemini-3.8-flash',
      id: 'Il0taoSYJ5Cez7IPx',
      text: 'Hallo Größe 🚀 "ok"\n— 你好 🌊.',
      thoughts: [{ text: '', signature: 'EjQKMgEMOdbHxo8M' }],
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

  const ending = (finishReason: string) => {
    const candidate = { content: { parts: [{ text: 'Hm' }] }, finishReason, finishMessage: 'why' }
    return answered({ body: JSON.stringify({ candidates: [candidate] }) }, provider).resultOf(request)
  }
  test.each([
    ['STOP', 'stop'],
    ['FUNCTION_CALL', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['CONTINUATION', 'length'],
    ['RECITATION', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['LANGUAGE', 'other'],
    ['SOMETHING_NEW', 'other'],
  ])('ends for the reason %s as %s', async (reason, expected) => {
    expect(await ending(reason)).toMatchObject({ reason: expected })
  })

  test('is malformed when the model failed at a call, and what had come is kept', async () => {
    await expect(ending('MALFORMED_FUNCTION_CALL')).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('why') as string,
      partial: { text: 'Hm' },
    })
  })
})
