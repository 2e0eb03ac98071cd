import { answered } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { fixture, KEY, subject } from './subject.ts'

const { provider, request } = subject
const asking = (name: string) => answered(fixture(name), provider)

describe('the request', () => {
  test('goes to the public host with the key in a header, and nowhere else', async () => {
    const { resultOf, sent } = asking('text.sse')
    await resultOf(request)
    expect(sent).toEqual([
      {
        method: 'POST',
        url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse',
        headers: { 'content-type': 'application/json', 'x-goog-api-key': KEY },
        body: '{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}',
      },
    ])
  })

  test('goes to another path for an answer in one piece', async () => {
    const { resultOf, sent } = asking('one-piece.json')
    await resultOf({ ...request, stream: false })
    expect(sent[0]?.url).toMatch(/\/v1beta\/models\/gemini-3\.8-flash:generateContent$/)
  })

  test('supports every field of the dialect', async () => {
    const settings = {
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      maxTokens: 50,
      stop: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      tools: [{ name: 'f' }],
      toolChoice: { name: 'f' },
      responseFormat: 'json',
      reasoning: 'high',
    } as const
    const { generationConfig, tools, toolConfig } = await asking('text.sse').bodyOf({ ...request, ...settings })
    expect([tools, toolConfig]).not.toContain(undefined)
    expect(Object.keys(generationConfig as object)).toEqual([
      'temperature',
      'topP',
      'topK',
      'maxOutputTokens',
      'stopSequences',
      'seed',
      'presencePenalty',
      'frequencyPenalty',
      'responseMimeType',
      'thinkingConfig',
    ])
  })

  test.each([
    ['gemini-3.8-flash', 'none', { thinkingLevel: 'LOW' }],
    ['gemini-3.8-flash', 'minimal', { thinkingLevel: 'LOW', includeThoughts: true }],
    ['gemini-3.6-flash', 'none', { thinkingLevel: 'MINIMAL' }],
    ['gemini-3.6-flash', 'medium', { thinkingLevel: 'MEDIUM', includeThoughts: true }],
    ['gemini-unheard-of', 'none', { thinkingLevel: 'LOW' }],
  ] as const)(
    'asks %s for reasoning %s at a level that the model accepts',
    async (model, reasoning, thinkingConfig) => {
      const { generationConfig } = await asking('text.sse').bodyOf({ ...request, model, reasoning })
      expect(generationConfig).toEqual({ thinkingConfig })
    },
  )
})

test('the conversation sends signatures back to the provider that wrote them', async () => {
  const content = [{ type: 'tool-call', id: 'a', name: 'f', input: '{}', signature: 'ours' }] as const
  const turn = { role: 'assistant', content, origin: { provider: 'google', model: request.model } } as const
  const { contents } = await asking('text.sse').bodyOf({ ...request, messages: [...request.messages, turn] })
  expect(contents).toMatchObject([{}, { parts: [{ thoughtSignature: 'ours' }] }])
})
