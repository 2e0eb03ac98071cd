import assert from 'node:assert/strict'
import { ApiError, type Content, type GenerateContentResponse, GoogleGenAI, Type } from '@google/genai'
import { short } from '../verdict.ts'
import { book, isBook, leftOff, type Endpoint, type Scenarios, thrownBy, weather } from './scenario.ts'

const model = 'gemini-3.8-flash'
const client = (at: Endpoint, apiKey = 'sk-test') =>
  new GoogleGenAI({
    apiKey,
    httpOptions: {
      baseUrl: at.baseUrl('google'),
      retryOptions: { attempts: 1 },
      ...(at.fetch && { fetch: at.fetch }),
    },
  })
const declaration = { name: weather.name, description: weather.description, parametersJsonSchema: weather.schema }

async function all(stream: AsyncIterable<GenerateContentResponse>): Promise<GenerateContentResponse[]> {
  const chunks: GenerateContentResponse[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

export const google: Scenarios = {
  async text(at) {
    const answer = await client(at).models.generateContent({ model, contents: 'count to 5' })
    assert.equal(answer.text, '1, 2, 3, 4, 5.')
    assert.equal(answer.candidates?.[0]?.finishReason, 'STOP')
    assert.ok((answer.usageMetadata?.totalTokenCount ?? 0) > 0)
    return `${answer.text} (${answer.usageMetadata?.totalTokenCount ?? 0} tokens)`
  },
  async stream(at) {
    const chunks = await all(await client(at).models.generateContentStream({ model, contents: 'count to 5' }))
    const text = chunks.map((chunk) => chunk.text ?? '').join('')
    assert.equal(text, '1, 2, 3, 4, 5.')
    assert.ok((chunks.at(-1)?.usageMetadata?.candidatesTokenCount ?? 0) > 5)
    return `${text} (${chunks.length} chunks)`
  },
  async tools(at) {
    const config = { tools: [{ functionDeclarations: [declaration] }] }
    const contents: Content[] = [{ role: 'user', parts: [{ text: weather.question }] }]
    const first = await client(at).models.generateContent({ model, contents, config })
    const call = first.functionCalls?.[0]
    assert.deepEqual(call?.args, { location: 'Oslo', unit: 'celsius' })
    const said = first.candidates?.[0]?.content ?? {}
    const response = { output: weather.result }
    const told = { role: 'user', parts: [{ functionResponse: { id: call.id ?? '', name: weather.name, response } }] }
    const second = await client(at).models.generateContent({ model, contents: [...contents, said, told], config })
    assert.match(second.text ?? '', /21 degrees/)
    const unsigned = { ...said, parts: (said.parts ?? []).map(({ thoughtSignature: _, ...part }) => part) }
    const error = await thrownBy(() =>
      client(at).models.generateContent({ model, contents: [...contents, unsigned, told], config }),
    )
    assert.match(error.message, /missing a thought_signature/)
    return `${weather.name}(${JSON.stringify(call.args)}) → ${short(second.text ?? '', 40)}`
  },
  async 'chat with a tool'(at) {
    const chat = client(at).chats.create({ model, config: { tools: [{ functionDeclarations: [declaration] }] } })
    const calls = (await all(await chat.sendMessageStream({ message: weather.question }))).flatMap(
      ({ functionCalls = [] }) => functionCalls,
    )
    assert.equal(calls.length, 1)
    const { id = '', name = '' } = calls[0] ?? {}
    const part = { functionResponse: { id, name, response: { output: weather.result } } }
    const answer = await chat.sendMessage({ message: [part] })
    assert.match(answer.text ?? '', /21 degrees/)
    return short(answer.text ?? '')
  },
  async structured(at) {
    const config = { responseMimeType: 'application/json', responseJsonSchema: book }
    const { text = '' } = await client(at).models.generateContent({ model, contents: 'a book', config })
    assert.ok(isBook(text))
    return short(text)
  },
  async 'structured, its own schema'(at) {
    const responseSchema = {
      type: Type.ARRAY,
      items: { type: Type.OBJECT, properties: { name: { type: Type.STRING } }, required: ['name'] },
    }
    const config = { responseMimeType: 'application/json', responseSchema }
    const { text = '' } = await client(at).models.generateContent({ model, contents: 'names', config })
    assert.ok((JSON.parse(text) as { name: unknown }[]).every(({ name }) => typeof name === 'string'))
    return short(text)
  },
  async thoughts(at) {
    const config = { thinkingConfig: { includeThoughts: true } }
    const answer = await client(at).models.generateContent({ model, contents: 'hello', config })
    const thoughts = answer.candidates?.[0]?.content?.parts?.filter(({ thought }) => thought === true) ?? []
    assert.equal(thoughts.length, 1)
    assert.ok((answer.usageMetadata?.thoughtsTokenCount ?? 0) > 0)
    return short(thoughts[0]?.text ?? '')
  },
  async refusal(at) {
    const { candidates } = await client(at).models.generateContent({ model, contents: 'refuse this' })
    assert.equal(candidates?.[0]?.finishReason, 'SAFETY')
    return candidates[0].finishReason
  },
  async models(at) {
    const names: string[] = []
    for await (const { name = '' } of await client(at).models.list()) names.push(name)
    assert.ok(names.includes(`models/${model}`))
    return `${names.length} models`
  },
  async embeddings(at) {
    const { embeddings = [] } = await client(at).models.embedContent({
      model: 'gemini-embedding-001',
      contents: ['a river', 'a sea'],
      config: { outputDimensionality: 8 },
    })
    assert.equal(embeddings[1]?.values?.length, 8)
    return `${embeddings.length} × ${embeddings[0]?.values?.length ?? 0}`
  },
  async 'a wrong key (400)'(at) {
    const error = await thrownBy(() => client(at, 'wrong').models.generateContent({ model, contents: 'x' }))
    assert.ok(error instanceof ApiError)
    assert.equal(error.status, 400)
    assert.match(error.message, /API_KEY_INVALID/)
    return short(error.message)
  },
  async 404(at) {
    const error = await thrownBy(() => client(at).models.generateContent({ model: 'gemini-0', contents: 'x' }))
    assert.equal(error.status, 404)
    return short(error.message)
  },
  async 429(at) {
    at.fault('google', { kind: 'retry-after', times: 1 })
    const error = await thrownBy(() => client(at).models.generateContent({ model, contents: 'x' }))
    assert.equal(error.status, 429)
    assert.match(error.message, /RESOURCE_EXHAUSTED.*RetryInfo/s)
    return short(error.message)
  },
  async 'in-band error'(at) {
    at.fault('google', { kind: 'error-mid-stream', times: 1 })
    const error = await thrownBy(async () =>
      all(await client(at).models.generateContentStream({ model, contents: 'count to 9' })),
    )
    assert.match(error.message, /overloaded/)
    return short(error.message)
  },
  async abort(at) {
    at.fault('google', { kind: 'stall-mid-stream', times: 1 })
    const leaving = new AbortController()
    const config = { abortSignal: leaving.signal }
    await thrownBy(async () => {
      for await (const _ of await client(at).models.generateContentStream({ model, contents: 'count to 9', config }))
        leaving.abort()
    })
    return leftOff(at)
  },
}
