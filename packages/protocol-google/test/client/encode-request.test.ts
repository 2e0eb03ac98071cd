import type { ChatRequest } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { gemini } from '../../src/index.ts'
import { MODELS, request } from '../support/acme.ts'

const sent = (more: Partial<ChatRequest>) => {
  const { http, dropped } = gemini({ provider: 'acme', models: MODELS }).open({ ...request, ...more })
  return { ...http, body: JSON.parse(JSON.stringify(http.body)) as Record<string, unknown>, dropped }
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
      topK: 40,
      maxTokens: 50,
      stop: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      tools: [{ name: 'f', description: 'F.', parameters: schema }, { name: 'g' }],
      toolChoice: { name: 'f' },
      responseFormat: { name: 'x', schema },
      reasoning: 'high',
      extra: { gemini: { safetySettings: [] } },
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
        topK: 40,
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
    ['minimal-1', 'none', { thinkingLevel: 'MINIMAL' }, "reasoning: 'none' sent as 'minimal'"],
    ['minimal-1', 'minimal', { thinkingLevel: 'MINIMAL', includeThoughts: true }],
    ['minimal-1', 'medium', { thinkingLevel: 'MEDIUM', includeThoughts: true }],
    ['minimal-1', 'xhigh', { thinkingLevel: 'HIGH', includeThoughts: true }, "reasoning: 'xhigh' sent as 'high'"],
    ['not-listed', 'none', { thinkingLevel: 'LOW' }, "reasoning: 'none' sent as 'low'"],
    ['not-listed', 'max', { thinkingLevel: 'HIGH', includeThoughts: true }, "reasoning: 'max' sent as 'high'"],
    ['not-listed', 'high', { thinkingLevel: 'HIGH', includeThoughts: true }],
  ] as const)('asks %s for reasoning %s at the nearest level of that model, and names another one', (...row) => {
    const [model, reasoning, thinkingConfig, named] = row
    const { body, dropped } = sent({ model, reasoning })
    expect(body.generationConfig).toEqual({ thinkingConfig })
    expect(dropped).toEqual(named === undefined ? [] : [named])
  })

  test('has its schemas with the keywords that the API passes over, which are named once, in order', () => {
    const schema = { type: 'object', properties: { x: { type: 'string', maxLength: 9, const: 'a' } }, not: {} }
    const adapted = { type: 'object', properties: { x: { type: 'string', maxLength: 9, enum: ['a'] } }, not: {} }
    const { body, dropped } = sent({
      responseFormat: { name: 'x', schema },
      tools: [{ name: 'f', parameters: { ...schema, pattern: 'a' } }],
    })
    expect(body).toMatchObject({
      tools: [{ functionDeclarations: [{ parametersJsonSchema: adapted }] }],
      generationConfig: { responseJsonSchema: adapted },
    })
    expect(dropped).toEqual(['schema: maxLength, not, pattern'])
  })

  test('names what it leaves out: cache marks, and the fields of another dialect', () => {
    const messages = [{ role: 'user', content: 'Hello', cache: true }] as const
    const native = { dialect: 'openai-chat', text: '{}', body: {}, headers: {}, unnamed: ['user'] }
    expect(sent({ messages, native }).dropped).toEqual(['cache', 'user'])
  })

  test('asks for any JSON without a schema', () => {
    expect(sent({ responseFormat: 'json' }).body.generationConfig).toEqual({ responseMimeType: 'application/json' })
  })
})

describe('tools', () => {
  const search = { type: 'native', dialect: 'gemini', value: { googleSearch: {} } } as const

  test("may be the API's own, alone or beside functions, which are then allowed together", () => {
    expect(sent({ tools: [search] }).body).toMatchObject({ tools: [{ googleSearch: {} }] })
    expect(sent({ tools: [search] }).body).not.toHaveProperty('toolConfig')
    expect(sent({ tools: [search, { name: 'f' }] }).body).toMatchObject({
      tools: [{ functionDeclarations: [{ name: 'f' }] }, { googleSearch: {} }],
      toolConfig: { includeServerSideToolInvocations: true },
    })
  })

  test('of another dialect are unsupported, so that a group can ask its next member', () => {
    expect(() => sent({ tools: [{ ...search, dialect: 'anthropic-messages' }] })).toThrow(
      expect.objectContaining({ code: 'unsupported' }) as Error,
    )
  })

  test('that are strict are held to their schemas, unless none may be called', () => {
    const tools = [{ name: 'f', strict: true }]
    const modeOf = (more: Partial<ChatRequest>): unknown => sent({ tools, ...more }).body.toolConfig
    const validated = { functionCallingConfig: { mode: 'VALIDATED' } }
    expect(modeOf({})).toEqual(validated)
    expect(modeOf({ toolChoice: 'auto' })).toEqual(validated)
    expect(modeOf({ toolChoice: 'required' })).toEqual({ functionCallingConfig: { mode: 'ANY' } })
    expect(modeOf({ toolChoice: 'none' })).toEqual({ functionCallingConfig: { mode: 'NONE' } })
  })

  test('that take text are sent as functions, and named', () => {
    const grammar = { syntax: 'regex', definition: '^a+$' } as const
    const { body, dropped } = sent({ tools: [{ type: 'text', name: 'patch', grammar }] })
    expect(dropped).toEqual(["tool 'patch' sent as a function"])
    expect(body.tools).toMatchObject([
      {
        functionDeclarations: [
          {
            name: 'patch',
            description: expect.stringContaining('^a+$') as string,
            parametersJsonSchema: { required: ['input'] },
          },
        ],
      },
    ])
  })

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

test('more stop strings than the API takes are never sent', () => {
  const stop = ['a', 'b', 'c', 'd', 'e']
  expect(sent({ stop }).body).toMatchObject({ generationConfig: { stopSequences: stop } })
  expect(() => sent({ stop: [...stop, 'f'] })).toThrow(expect.objectContaining({ code: 'unsupported' }) as Error)
})
