import type { ChatRequest } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/index.ts'
import { MODELS, request } from '../support/acme.ts'

const sent = (more: Partial<ChatRequest>) => {
  const { path, body } = encode({ ...request, ...more }, { models: MODELS })
  return { path, body: JSON.parse(JSON.stringify(body)) as Record<string, unknown> }
}

describe('the request', () => {
  test('goes to the method that streams, or to the one that answers in one piece', () => {
    expect(sent({}).path).toBe('/v1beta/models/acme-1:streamGenerateContent?alt=sse')
    expect(sent({ stream: false }).path).toBe('/v1beta/models/acme-1:generateContent')
  })

  test.each(['../../v1/files', 'a?key=stolen', 'a#b', 'a:generateContent', '..', 'ü \ud83d', 'models/x', 'x%2f..'])(
    'stays on its path whatever the name of the model: %j',
    (model) => {
      const { pathname, search } = new URL(`https://api.acme.example${sent({ model }).path}`)
      expect(pathname).toMatch(/^\/v1beta\/models\/[^/]+:streamGenerateContent$/)
      expect(search).toBe('?alt=sse')
    },
  )

  test('has every setting in its place', () => {
    const schema = { type: 'object', properties: { x: { type: 'number' } } }
    const { body } = sent({
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
    })
    expect(body).toEqual({
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
  ] as const)('leaves the choice of tools as %s', (toolChoice, functionCallingConfig) => {
    expect(sent({ toolChoice, tools: [{ name: 'f' }] }).body.toolConfig).toEqual({ functionCallingConfig })
  })

  test.each([
    ['minimal-1', 'none', { thinkingLevel: 'MINIMAL' }],
    ['minimal-1', 'minimal', { thinkingLevel: 'MINIMAL', includeThoughts: true }],
    ['minimal-1', 'medium', { thinkingLevel: 'MEDIUM', includeThoughts: true }],
    ['not-listed', 'none', { thinkingLevel: 'LOW' }],
    ['not-listed', 'high', { thinkingLevel: 'HIGH', includeThoughts: true }],
  ] as const)('asks %s for reasoning %s at a level of that model', (model, reasoning, thinkingConfig) => {
    expect(sent({ model, reasoning }).body.generationConfig).toEqual({ thinkingConfig })
  })

  test('asks for any JSON without a schema', () => {
    expect(sent({ responseFormat: 'json' }).body.generationConfig).toEqual({ responseMimeType: 'application/json' })
  })
})

describe('tools', () => {
  test('that are an empty list are left out, and the choice with them', () => {
    const { body } = sent({ tools: [], toolChoice: 'auto' })
    expect(body).not.toHaveProperty('tools')
    expect(body).not.toHaveProperty('toolConfig')
  })

  test('have a whole schema of an object', () => {
    const parametersJsonSchema = { type: 'object', properties: {} }
    expect(sent({ tools: [{ name: 'f', parameters: {} }] }).body.tools).toEqual([
      { functionDeclarations: [{ name: 'f', parametersJsonSchema }] },
    ])
  })
})
