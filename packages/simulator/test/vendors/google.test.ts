import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { send } from '../client.ts'
import {
  bothTools,
  changed,
  datas,
  get,
  weatherInput,
  isPerson,
  type Json,
  json,
  person,
  weather,
  zone,
} from './requests.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterAll(() => sim.close())

const path = (verb: string, model = 'gemini-3.8-flash', version = 'v1beta') =>
  `/google/${version}/models/${model}:${verb}`
const say = (...parts: Json[]) => ({ contents: [{ role: 'user', parts }] })
const whole = (fields: Json, to = path('generateContent')) => json(sim, { ...changed(sim, 'google', fields), path: to })
const tools = [
  {
    functionDeclarations: [
      { name: 'get_weather', parametersJsonSchema: weather },
      { name: 'get_time', parameters: { type: 'OBJECT', properties: { zone: { type: 'STRING' } } } },
    ],
  },
]
interface Candidate extends Json {
  readonly content: { readonly parts: Json[] }
}
/** Not validated here, like everything that a test asserts. */
const candidateOf = ({ body }: { body: Json }) => (body.candidates as Candidate[])[0]
const partsOf = (answered: { body: Json }) => candidateOf(answered)?.content.parts ?? []

describe('Google', () => {
  test('answers with a document and its usage, in both versions', async () => {
    const expected = {
      candidates: [{ content: { parts: [{ text: '1, 2, 3.' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 6, totalTokenCount: 16 },
      modelVersion: 'gemini-3.8-flash',
    }
    expect((await whole(say({ text: 'count to 3' }))).body).toMatchObject(expected)
    const stable = path('generateContent', 'gemini-3.8-flash', 'v1')
    expect((await whole(say({ text: 'count to 3' }), stable)).body).toMatchObject(expected)
  })

  test('streams events with growing counts, or answers with a list', async () => {
    const chunks = datas((await send(sim, changed(sim, 'google', say({ text: 'count to 3' })))).text)
    const counts = chunks.map(({ usageMetadata: usage }) => (usage as Json).candidatesTokenCount)
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 6])
    expect(chunks.at(-1)).toMatchObject({ candidates: [{ finishReason: 'STOP' }] })
    const list = await whole(say({ text: 'count to 3' }), path('streamGenerateContent'))
    expect(list.body).toHaveLength(7)
  })

  test('calls tools, signs the first call, and accepts the results', async () => {
    const question = say({ text: bothTools }).contents
    const parts = partsOf(await whole({ contents: question, tools }))
    const calls = parts.map(({ functionCall: call }) => call as { id: string; name: string; args: unknown })
    expect(calls.map(({ name, args }) => [name, args])).toEqual([
      ['get_weather', weatherInput],
      ['get_time', zone],
    ])
    expect(parts.map((part) => 'thoughtSignature' in part)).toEqual([true, false])
    const results = calls.map(({ id, name }) => ({ functionResponse: { id, name, response: { output: 'fine' } } }))
    const back = (modelParts: Json[], userParts: Json[]) =>
      whole({
        contents: [...question, { role: 'model', parts: modelParts }, { role: 'user', parts: userParts }],
        tools,
      })
    expect(JSON.stringify((await back(parts, results)).body)).toContain('The tools answered: fine; fine')
    const message = (answered: { body: Json }) => (answered.body.error as Json).message
    const unsigned = parts.map(({ functionCall }) => ({ functionCall }))
    expect(message(await back(unsigned, results))).toMatch(/missing a thought_signature/)
    const forged = parts.map((part) => ({ ...part, thoughtSignature: 'other' }))
    expect(message(await back(forged, results))).toBe('Corrupted thought signature.')
    const foreign = unsigned.map((part) => ({ ...part, thoughtSignature: 'skip_thought_signature_validator' }))
    expect((await back(foreign, results)).status).toBe(200)
    expect(message(await back(parts, results.slice(1)))).toMatch(/number of function response parts/)
  })

  test.each([
    [{ functionCallingConfig: { mode: 'ANY' } }, ['get_weather']],
    [{ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['get_time'] } }, ['get_time']],
    [{ functionCallingConfig: { mode: 'NONE' } }, []],
  ])('obeys functionCallingConfig: %j', async (toolConfig, names) => {
    const parts = partsOf(await whole({ tools, toolConfig }))
    expect(parts.flatMap(({ functionCall: call }) => (call === undefined ? [] : [(call as Json).name]))).toEqual(names)
  })

  test.each([
    { responseMimeType: 'application/json', responseJsonSchema: person },
    {
      responseMimeType: 'application/json',
      responseSchema: {
        type: 'OBJECT',
        properties: { name: { type: 'STRING' }, age: { type: 'INTEGER', minimum: 18, maximum: 20 } },
        required: ['name', 'age'],
      },
    },
  ])('satisfies a schema: %j', async (generationConfig) => {
    const [part] = partsOf(await whole({ ...say({ text: 'a person' }), generationConfig }))
    expect(isPerson(String(part?.text))).toBe(true)
  })

  test('includes reasoning on request', async () => {
    const answered = await whole({
      generationConfig: { thinkingConfig: { includeThoughts: true, thinkingLevel: 'low' } },
    })
    const [thought, text] = partsOf(answered)
    expect([thought?.thought, typeof text?.thoughtSignature]).toEqual([true, 'string'])
    expect((answered.body.usageMetadata as Json).thoughtsTokenCount).toBeGreaterThan(5)
  })

  test.each([
    [{ generationConfig: { maxOutputTokens: 3 } }, 'MAX_TOKENS', '1, 2'],
    [{ generationConfig: { stopSequences: ['5'] } }, 'STOP', '1, 2, 3, 4, '],
    [say({ text: 'refuse this' }), 'SAFETY', 'I’m sorry, but I can’t help with that.'],
    [
      { contents: [...say({ text: 'count to 5' }).contents, { role: 'model', parts: [{ text: '1, 2, ' }] }] },
      'STOP',
      '3, 4, 5.',
    ],
  ])('stops where the request says: %j', async (fields, reason, text) => {
    const answered = await whole({ ...say({ text: 'count to 9' }), ...fields })
    expect([candidateOf(answered)?.finishReason, partsOf(answered)[0]?.text]).toEqual([reason, text])
  })

  const search = { googleSearch: {} }
  const schema = { responseJsonSchema: person }

  test.each<[string, Json, RegExp]>([
    ['functions beside its own tools, unless that is enabled', { tools: [...tools, search] }, /include_server_side/],
    [
      'names of allowed functions where all may be called',
      { tools, toolConfig: { functionCallingConfig: { mode: 'AUTO', allowedFunctionNames: ['get_time'] } } },
      /allowed_function_names must be empty/,
    ],
    [
      'a level and a budget of thinking together',
      { generationConfig: { thinkingConfig: { thinkingLevel: 'low', thinkingBudget: 5 } } },
      /only one of thinking budget/,
    ],
    ['two schemas', { generationConfig: { ...schema, responseSchema: {} } }, /Only one of response_schema/],
    ['a schema of an answer that is no JSON', { generationConfig: schema }, /response_mime_type/],
    ['topK below 1', { generationConfig: { topK: 0 } }, /topK/],
    ['code without its language', say({ executableCode: { code: '1' } }), /language/],
    [
      'audio in the result of a function',
      say({
        functionResponse: { name: 'f', response: {}, parts: [{ inlineData: { mimeType: 'audio/wav', data: 'AAAA' } }] },
      }),
      /mimeType/,
    ],
  ])('refuses %s', async (_what, fields, words) => {
    const refused = await whole({ ...say({ text: 'count to 3' }), ...fields })
    expect(refused.status).toBe(400)
    expect(JSON.stringify(refused.body)).toMatch(words)
  })

  test('accepts its own tools and their parts, functions beside them, and images in results', async () => {
    const functionCall = { name: 'get_weather', args: {} }
    const media = [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }]
    const turns = [
      ...say({ text: 'what?' }).contents,
      {
        role: 'model',
        parts: [
          { toolCall: { toolType: 'GOOGLE_SEARCH_WEB', id: 't' } },
          { toolResponse: { toolType: 'GOOGLE_SEARCH_WEB', id: 't', response: {} } },
          { functionCall, thoughtSignature: 'skip_thought_signature_validator' },
        ],
      },
      ...say({ functionResponse: { name: 'get_weather', response: { output: 'See:' }, parts: media } }).contents,
    ]
    const toolConfig = { includeServerSideToolInvocations: true }
    const { status } = await whole({ contents: turns, tools: [...tools, search], toolConfig })
    expect(status).toBe(200)
  })

  test('accepts images and system instructions', async () => {
    const image = { inlineData: { mimeType: 'image/png', data: 'AAAA' } }
    const systemInstruction = { parts: [{ text: 'Be kind.' }] }
    expect(JSON.stringify((await whole({ ...say(image, { text: 'what?' }), systemInstruction })).body)).toContain(
      'an image',
    )
  })

  test('lists its models and computes embeddings', async () => {
    expect((await get(sim, 'google', '/v1beta/models?pageSize=1000')).body.models).toHaveLength(8)
    expect((await get(sim, 'google', '/v1beta/models/gemini-4-argon')).body.name).toBe('models/gemini-4-argon')
    const { headers } = changed(sim, 'google', {})
    const one = {
      model: 'models/gemini-embedding-001',
      content: { parts: [{ text: 'a river' }] },
      outputDimensionality: 4,
    }
    const embed = (verb: string, body: Json) => json(sim, { path: path(verb, 'gemini-embedding-001'), headers, body })
    const { body } = await embed('embedContent', one)
    expect((body.embedding as Json).values).toHaveLength(4)
    expect((await embed('batchEmbedContents', { requests: [one, one] })).body).toEqual({
      embeddings: [body.embedding, body.embedding],
    })
  })

  test.each<[string, Json, string]>([
    ['an unknown field', { stream: true }, 'Invalid JSON payload received. Unknown name "stream": Cannot find field.'],
    [
      'an unknown nested field',
      { generationConfig: { topk: 1 } },
      'Invalid JSON payload received. Unknown name "topk" at \'generationConfig\': Cannot find field.',
    ],
    [
      'a part of two kinds',
      say({ text: 'x', inlineData: { mimeType: 'image/png', data: '' } }),
      'google: body field "contents[0].parts[0].data" required oneof field \'data\' holds text and inlineData; only one is allowed',
    ],
  ])('rejects %s', async (_what, fields, message) => {
    expect(await whole(fields)).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT', message } } })
  })

  test('requires a key, in a header or in the query, and a known model', async () => {
    const request = { ...changed(sim, 'google', {}), headers: { 'content-type': 'application/json' } }
    expect(await json(sim, request)).toMatchObject({ status: 403, body: { error: { status: 'PERMISSION_DENIED' } } })
    expect((await send(sim, { ...request, path: `${request.path}&key=test` })).status).toBe(200)
    await using strict = await simulator({ credentials: { google: 'right' } })
    const wrong = await json(strict, changed(strict, 'google', {}))
    expect(wrong).toMatchObject({ status: 400, body: { error: { details: [{ reason: 'API_KEY_INVALID' }] } } })
    const unknown = await whole({}, path('generateContent', 'gemini-0'))
    expect(unknown).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } })
  })

  test('says in the body when to retry', async () => {
    sim.fault('google', { kind: 'retry-after', value: 7, times: 1 })
    const answered = await whole({})
    expect(answered).toMatchObject({ status: 429, body: { error: { status: 'RESOURCE_EXHAUSTED' } } })
    expect(JSON.stringify(answered.body)).toContain('"retryDelay":"7s"')
    sim.fault('google', { kind: 'overloaded', times: 1 })
    expect(await whole({})).toMatchObject({ body: { error: { code: 503, status: 'UNAVAILABLE' } } })
  })
})
