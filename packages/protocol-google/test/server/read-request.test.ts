import { describe, expect, test } from 'vitest'
import { writeSeal } from '@rivulet/core/provider'
import { gemini, geminiServer } from '../../src/index.ts'
import { ask, hello, MODEL } from '../support/server.ts'

const requestOf = (body: object) => {
  const { native: _native, ...request } = ask({ ...hello, ...body }).request
  return request
}
const configured = (generationConfig: object) => requestOf({ generationConfig })
const declared = (declaration: object, calling: object = {}) =>
  requestOf({
    tools: [{ functionDeclarations: [{ name: 'f', ...declaration }] }],
    toolConfig: { functionCallingConfig: calling },
  })
const messagesOf = (...contents: object[]) => ask({ contents }).request.messages
const user = (...parts: object[]) => ({ role: 'user', parts })
const model = (...parts: object[]) => ({ role: 'model', parts })
const call = (name: string, args: object = {}, id?: string) => ({ functionCall: { name, args, ...(id && { id }) } })
const result = (name: string, response: object, id?: string) => ({
  functionResponse: { name, response, ...(id && { id }) },
})

describe('the path', () => {
  test.each([
    ['/v1beta/models/acme-1:streamGenerateContent', 'acme-1', true],
    ['/v1/models/acme-1:generateContent', 'acme-1', false],
    ['/v1beta/models/acme%2Flarge%3Av2:generateContent', 'acme/large:v2', false],
    ['/v1beta/models/acme/large:v2:generateContent', 'acme/large:v2', false],
  ])('%s names the model and says whether it streams', (path, name, stream) => {
    const read = geminiServer().read({ path, body: hello })
    expect(read.request.model).toBe(name)
    expect(read.stream).toBe(stream)
    expect(read.request.stream).toBe(stream ? undefined : false)
  })

  test.each([
    ['/v1beta/models/acme-1', /as \/v1beta\/models\/<model>:generateContent/],
    ['/v1beta/models/acme-1:countTokens', /the method must be generateContent/],
    ['/v1beta/models/%E0%A4%A:generateContent', /percent-encoded/],
  ])('%s is refused, and the message says what would be right', (path, words) => {
    expect(() => geminiServer().read({ path, body: hello })).toThrow(words)
  })
})

describe('the body', () => {
  test.each([
    ['{', 'the body must be JSON.'],
    ['[]', 'the body must be an object, got an array.'],
    ['{}', 'contents is missing: it must be an array.'],
    ['{"contents":[]}', 'contents is empty: give at least one.'],
    ['{"contents":[{"role":"tool","parts":[]}]}', 'contents[0].role must be one of USER, MODEL, FUNCTION, got "tool".'],
    ['{"contents":[{"parts":[{}]}]}', 'contents[0].parts[0].text is missing: a part has a text'],
    ['{"contents":[{"parts":[{"text":7}]}]}', 'contents[0].parts[0].text must be a string, got number.'],
    [
      '{"contents":[{"role":"model","parts":[{"functionCall":{}}]}]}',
      'contents[0].parts[0].functionCall.name is missing',
    ],
  ])('%s is refused with the name of the field', (body, words) => {
    expect(() => geminiServer().read({ path: `${MODEL}:generateContent`, body })).toThrow(TypeError)
    expect(() => geminiServer().read({ path: `${MODEL}:generateContent`, body })).toThrow(words)
  })

  test.each([
    [{ temperature: '1' }, 'generationConfig.temperature must be a number, got string.'],
    [{ topK: 0 }, 'generationConfig.topK must be a whole number above 0, got 0.'],
    [{ candidateCount: 2 }, 'generationConfig.candidateCount must be 1: a request gets one answer.'],
    [{ responseMimeType: 'text/x.enum' }, 'generationConfig.responseMimeType must be text/plain or application/json.'],
    [{ stopSequences: [7] }, 'generationConfig.stopSequences[0] must be a string, got number.'],
  ])('with %j is refused', (generationConfig, words) => {
    expect(() => configured(generationConfig)).toThrow(words)
  })

  test('that is nested deeper than any request is refused without a crash', () => {
    const deep = `{"contents":[{"parts":[{"text":"a"}]}],"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
    const read = () => geminiServer().read({ path: `${MODEL}:generateContent`, body: deep })
    expect(read).toThrow('the body must be nested at most 100 levels deep.')
  })

  test('is kept as it came, with the headers of the dialect, and without accounts and credentials', () => {
    const text = '{"contents" : [{"parts":[{"text":"Hello"}]}], "safety_settings":[], "labels":{"a":"b"}}'
    const headers = {
      'x-goog-api-client': 'genai',
      'x-goog-api-key': 'secret',
      'x-goog-user-project': 'acme',
      authorization: 'Bearer secret',
      accept: '*/*',
    }
    expect(ask({}, { body: text, headers }).request.native).toEqual({
      dialect: 'gemini',
      text,
      body: JSON.parse(text) as unknown,
      headers: { 'x-goog-api-client': 'genai' },
      unnamed: ['safetySettings', 'labels'],
    })
  })

  test('names what a request has no field for, inside its settings too', () => {
    const body = {
      ...hello,
      cachedContent: 'cachedContents/1',
      generationConfig: { speechConfig: {}, temperature: 1 },
      toolConfig: { retrievalConfig: {} },
    }
    expect(ask(body).request.native?.unnamed).toEqual([
      'cachedContent',
      'toolConfig.retrievalConfig',
      'generationConfig.speechConfig',
    ])
  })
})

describe('settings', () => {
  const settings = { temperature: 0.5, topP: 0.9, topK: 40, seed: 7, presencePenalty: 0.1, frequencyPenalty: 0.2 }

  test('are read in camel case and in snake case', () => {
    expect(configured({ ...settings, maxOutputTokens: 50, stopSequences: ['END'] })).toMatchObject({
      ...settings,
      maxTokens: 50,
      stop: ['END'],
    })
    const snake = { top_p: 0.9, top_k: 40, max_output_tokens: 50, thinking_config: { thinking_level: 'low' } }
    expect(requestOf({ generation_config: snake, system_instruction: { parts: [{ text: 'Be brief.' }] } })).toEqual({
      model: 'acme-1',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      topP: 0.9,
      topK: 40,
      maxTokens: 50,
      reasoning: 'low',
    })
  })

  test.each([
    [{ thinkingLevel: 'HIGH' }, 'high'],
    [{ thinkingLevel: 'minimal' }, 'minimal'],
    [{ thinkingLevel: 'THINKING_LEVEL_UNSPECIFIED' }, undefined],
    [{ thinkingBudget: 0 }, 'none'],
    [{ thinkingBudget: 512 }, 'low'],
    [{ thinkingBudget: 8_192 }, 'medium'],
    [{ thinkingBudget: 24_576 }, 'high'],
    [{ thinkingBudget: -1 }, undefined],
    [{ includeThoughts: true }, undefined],
  ])('of thinking, %j, are the effort %s', (thinkingConfig, reasoning) => {
    expect(configured({ thinkingConfig }).reasoning).toBe(reasoning)
  })

  test.each([
    [{}, undefined],
    [{ responseMimeType: 'text/plain' }, undefined],
    [{ responseMimeType: 'application/json' }, 'json'],
    [{ responseJsonSchema: { type: 'object' } }, { name: 'answer', schema: { type: 'object' } }],
    [{ responseSchema: { type: 'ARRAY' } }, { name: 'answer', schema: { type: 'array' } }],
  ])('of the answer, %j, are its format', (config, format) => {
    expect(configured(config).responseFormat).toEqual(format)
  })
})

describe('tools', () => {
  test("have their schemas as JSON Schema, also those of the API's own kind", () => {
    const parameters = {
      type: 'OBJECT',
      properties: {
        type: { type: 'STRING', nullable: true },
        list: { type: 'ARRAY', items: { type: 'INTEGER' }, min_items: '1' },
        any: { any_of: [{ type: 'NUMBER' }, { type: 'BOOLEAN' }] },
      },
      propertyOrdering: ['type'],
      required: ['type'],
    }
    const schema = {
      type: 'object',
      properties: {
        type: { type: ['string', 'null'] },
        list: { type: 'array', items: { type: 'integer' }, minItems: 1 },
        any: { anyOf: [{ type: 'number' }, { type: 'boolean' }] },
      },
      required: ['type'],
    }
    expect(declared({ description: 'F.', parameters }).tools).toEqual([
      { name: 'f', description: 'F.', parameters: schema },
    ])
    expect(declared({ parametersJsonSchema: schema }).tools).toEqual([{ name: 'f', parameters: schema }])
  })

  test("of the API's own stay as they are", () => {
    expect(requestOf({ tools: [{ google_search: {} }, { codeExecution: {} }] }).tools).toEqual([
      { type: 'native', dialect: 'gemini', value: { googleSearch: {} } },
      { type: 'native', dialect: 'gemini', value: { codeExecution: {} } },
    ])
  })

  test.each([
    [{}, undefined],
    [{ mode: 'AUTO' }, 'auto'],
    [{ mode: 'none' }, 'none'],
    [{ mode: 'ANY' }, 'required'],
    [{ mode: 'ANY', allowedFunctionNames: ['f'] }, { name: 'f' }],
  ])('may be called as %j says', (calling, choice) => {
    expect(declared({}, calling).toolChoice).toEqual(choice)
  })

  test('that may not be called are left out, and validated ones are strict', () => {
    const functionDeclarations = ['f', 'g', 'h'].map((name) => ({ name }))
    const asked = (calling: object) =>
      requestOf({ tools: [{ functionDeclarations }], toolConfig: { functionCallingConfig: calling } })
    expect(asked({ mode: 'ANY', allowedFunctionNames: ['f', 'g'] })).toMatchObject({
      tools: [{ name: 'f' }, { name: 'g' }],
      toolChoice: 'required',
    })
    expect(asked({ mode: 'VALIDATED' }).tools).toEqual(functionDeclarations.map((tool) => ({ ...tool, strict: true })))
  })
})

describe('the conversation', () => {
  test('has texts, images and documents, and parts of the dialect as they are', () => {
    const video = { fileData: { fileUri: 'gs://bucket/a.mp4', mimeType: 'video/mp4' } }
    expect(
      messagesOf(
        user(
          { text: 'Look:' },
          { inline_data: { mime_type: 'image/png', data: 'AAAA' } },
          { inlineData: { mimeType: 'application/pdf', data: 'JVBE', displayName: 'a.pdf' } },
          { fileData: { fileUri: 'https://example.com/a.webp', mimeType: 'image/webp' } },
          video,
        ),
      ),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image', url: 'data:image/png;base64,AAAA' },
          { type: 'file', url: 'data:application/pdf;base64,JVBE', name: 'a.pdf' },
          { type: 'image', url: 'https://example.com/a.webp' },
          { type: 'native', dialect: 'gemini', value: video },
        ],
      },
    ])
  })

  test('has a turn in its order, with its signatures; the placeholder is none', () => {
    const code = { executableCode: { code: '1' }, thoughtSignature: 's1' }
    expect(
      messagesOf(
        user({ text: 'Hello' }),
        model(
          { text: 'Hm.', thought: true, thoughtSignature: 's0' },
          code,
          { text: 'I look.', thoughtSignature: 's2' },
          { ...call('f', { x: 1 }, 'a'), thoughtSignature: 'skip_thought_signature_validator' },
        ),
      )[1],
    ).toEqual({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm.', signature: 's0' },
        { type: 'native', dialect: 'gemini', value: code },
        { type: 'text', text: 'I look.', signature: 's2' },
        { type: 'tool-call', id: 'a', name: 'f', input: '{"x":1}' },
      ],
    })
  })

  test('gives results to their calls: by id, or by name in the order of the calls', () => {
    const messages = messagesOf(
      user({ text: 'Hello' }),
      model(call('f'), call('f'), call('g', {}, 'own')),
      user(result('g', { output: 'three' }, 'own'), result('f', { result: 'one' }), result('f', { a: 1 }), {
        text: 'So?',
      }),
    )
    const ids = messages.flatMap(({ content }) =>
      typeof content === 'string' ? [] : content.flatMap((part) => (part.type === 'tool-call' ? [part.id] : [])),
    )
    expect(new Set(ids).size).toBe(3)
    expect(messages.slice(2)).toEqual([
      { role: 'tool', toolCallId: 'own', content: 'three' },
      { role: 'tool', toolCallId: ids[0], content: 'one' },
      { role: 'tool', toolCallId: ids[1], content: '{"a":1}' },
      { role: 'user', content: 'So?' },
    ])
  })

  test('may have a turn of more parts than a call has arguments', () => {
    const parts = Array.from({ length: 150_000 }, () => ({ text: 'a' }))
    const messages = messagesOf(user({ text: 'Hello' }), { role: 'user', parts })
    const { http } = gemini().open({ model: 'm', messages })
    expect((http.body as { contents: { parts: unknown[] }[] }).contents[0]?.parts).toHaveLength(150_001)
  })

  test('has failures of tools, and their images', () => {
    const media = {
      functionResponse: {
        name: 'f',
        response: { output: 'See:' },
        parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
      },
    }
    expect(messagesOf(user(result('f', { error: 'no' }), media))).toEqual([
      { role: 'tool', toolCallId: 'f', content: 'no', isError: true },
      {
        role: 'tool',
        toolCallId: 'f',
        content: [
          { type: 'text', text: 'See:' },
          { type: 'image', url: 'data:image/png;base64,AAAA' },
        ],
      },
    ])
  })
})

describe('seals', () => {
  const author = { provider: 'anthropic', model: 'claude' }
  const seal = writeSeal({ ...author, value: 's0' })
  const turnOf = (...parts: object[]) =>
    ask({ contents: [...hello.contents, model(...parts)] }, {}, { seal: true }).request.messages[1]

  test('are opened, and name the author of the turn', () => {
    expect(turnOf({ text: 'Hm.', thought: true, thoughtSignature: seal }, { text: 'Yes.' })).toEqual({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm.', signature: 's0' },
        { type: 'text', text: 'Yes.' },
      ],
      origin: author,
    })
  })

  test('with an id have content that is sealed', () => {
    const sealed = writeSeal({ ...author, value: 'secret', id: 'rs_1' })
    expect(turnOf({ text: '', thought: true, thoughtSignature: sealed })).toMatchObject({
      content: [{ type: 'reasoning', text: '', sealed: 'secret', id: 'rs_1' }],
    })
  })

  test('of a second author, and signatures without an author, are of no use', () => {
    const other = writeSeal({ provider: 'google', model: 'gemini', value: 's1' })
    expect(
      turnOf(
        { text: 'Hm.', thought: true, thoughtSignature: seal },
        { text: 'One', thoughtSignature: other },
        { text: 'Two', thoughtSignature: 'bare' },
      ),
    ).toMatchObject({
      content: [
        { type: 'reasoning', signature: 's0' },
        { type: 'text', text: 'One' },
        { type: 'text', text: 'Two' },
      ],
      origin: author,
    })
  })
})
