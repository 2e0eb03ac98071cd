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

  test('goes elsewhere when one piece is asked for', async () => {
    const { resultOf, sent } = asking('one-piece.json')
    await resultOf({ ...request, stream: false })
    expect(sent[0]?.url).toMatch(/\/v1beta\/models\/gemini-3\.8-flash:generateContent$/)
  })

  test.each(['../../v1/files', 'a?key=stolen', 'a#b', 'a:generateContent', '..', 'ü \ud83d', 'models/x', 'x%2f..'])(
    'stays where it belongs whatever the model is called: %j',
    async (model) => {
      const { resultOf, sent } = asking('text.sse')
      await resultOf({ ...request, model })
      const { pathname, search } = new URL(sent[0]?.url ?? '')
      expect(pathname).toMatch(/^\/v1beta\/models\/[^/]+:streamGenerateContent$/)
      expect(search).toBe('?alt=sse')
    },
  )

  test('has every setting in its place', async () => {
    const schema = { type: 'object', properties: { x: { type: 'number' } } }
    expect(
      await asking('text.sse').bodyOf({
        ...request,
        temperature: 0.5,
        topP: 0.9,
        maxTokens: 50,
        stop: ['END'],
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        tools: [{ name: 'f', description: 'F.', parameters: schema }, { name: 'g' }],
        toolChoice: { name: 'f' },
        responseFormat: { name: 'x', schema },
        reasoning: 'high',
        extra: { safetySettings: [] },
      }),
    ).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
      tools: [
        { functionDeclarations: [{ name: 'f', description: 'F.', parametersJsonSchema: schema }, { name: 'g' }] },
      ],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
      generationConfig: {
        temperature: 0.5,
        topP: 0.9,
        maxOutputTokens: 50,
        stopSequences: ['END'],
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        responseMimeType: 'application/json',
        responseJsonSchema: schema,
        thinkingConfig: { thinkingLevel: 'HIGH', includeThoughts: true },
      },
      safetySettings: [],
    })
  })

  test.each([
    ['auto', { mode: 'AUTO' }],
    ['none', { mode: 'NONE' }],
    ['required', { mode: 'ANY' }],
  ] as const)('leaves the choice of tools as %s', async (toolChoice, functionCallingConfig) => {
    const { toolConfig } = await asking('text.sse').bodyOf({ ...request, toolChoice })
    expect(toolConfig).toEqual({ functionCallingConfig })
  })

  test.each([
    ['gemini-3.8-flash', 'none', { thinkingLevel: 'LOW' }],
    ['gemini-3.8-flash', 'minimal', { thinkingLevel: 'LOW', includeThoughts: true }],
    ['gemini-3.6-flash', 'none', { thinkingLevel: 'MINIMAL' }],
    ['gemini-3.6-flash', 'medium', { thinkingLevel: 'MEDIUM', includeThoughts: true }],
    ['gemini-unheard-of', 'none', { thinkingLevel: 'LOW' }],
  ] as const)('asks %s for reasoning %s as that model takes it', async (model, reasoning, thinkingConfig) => {
    const { generationConfig } = await asking('text.sse').bodyOf({ ...request, model, reasoning })
    expect(generationConfig).toEqual({ thinkingConfig })
  })

  test('asks for any JSON without a schema', async () => {
    const { generationConfig } = await asking('text.sse').bodyOf({ ...request, responseFormat: 'json' })
    expect(generationConfig).toEqual({ responseMimeType: 'application/json' })
  })
})
